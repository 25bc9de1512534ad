import { notFound } from '../errors.ts';
import type { Database, Migrations } from '../metadata/database.ts';
import { chainIds, digestHex, type ChainId, type Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';
import {
  familiarReference,
  formatReference,
  parseAnyReference,
  parseReference,
  repositoryOf,
  withDefaultTag,
  type Reference,
} from '../oci/reference.ts';
import type { Image, ImageResolver } from './service.ts';

/** An image as it is stored: what its blobs say, and what was done with it here. */
export interface ImageRecord {
  id: Digest;
  config: ImageConfig;
  /** The manifest blob it came with or was given; its layers are in the content store under their own digests. */
  manifest: Digest;
  /** Image it was built or committed on here. */
  parent: Digest | undefined;
  sizeBytes: number;
  lastTaggedMs: number;
  /** Every blob that must stay while the image does, the manifest and the config among them. */
  blobs: Digest[];
}

const migrations: Migrations = {
  owner: 'images',
  steps: [
    `CREATE TABLE images (
       id TEXT PRIMARY KEY,
       manifest TEXT NOT NULL,
       config TEXT NOT NULL,
       parent TEXT,
       size_bytes INTEGER NOT NULL,
       last_tagged_ms INTEGER NOT NULL
     ) WITHOUT ROWID;
     CREATE TABLE image_blobs (
       image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
       digest TEXT NOT NULL,
       PRIMARY KEY (image, digest)
     ) WITHOUT ROWID;
     CREATE TABLE image_names (
       name TEXT PRIMARY KEY,
       image TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE
     ) WITHOUT ROWID`,
  ],
};

/**
 * Which images there are and what they are called. Names are normalised references, one of either kind: `repository:tag` or
 * `repository@digest`. Kept in memory, changed in SQLite first; a change that returned survives a power cut.
 */
export class ImageStore implements ImageResolver {
  readonly #db: Database;
  readonly #records = new Map<string, ImageRecord>();
  readonly #names = new Map<string, Digest>();
  readonly #namesOf = new Map<Digest, Set<string>>();
  readonly #chains = new Map<Digest, ChainId[]>();

  constructor(db: Database) {
    this.#db = db;
    db.migrate(migrations);
    const blobs = new Map<string, Digest[]>();
    for (const { image, digest } of db.all('SELECT image, digest FROM image_blobs')) {
      const list = blobs.get(image as string) ?? [];
      list.push(digest as Digest);
      blobs.set(image as string, list);
    }
    for (const row of db.all('SELECT id, manifest, config, parent, size_bytes, last_tagged_ms FROM images')) {
      const id = row['id'] as Digest;
      this.#records.set(id, {
        id,
        manifest: row['manifest'] as Digest,
        config: JSON.parse(row['config'] as string) as ImageConfig,
        parent: (row['parent'] as Digest | null) ?? undefined,
        sizeBytes: Number(row['size_bytes']),
        lastTaggedMs: Number(row['last_tagged_ms']),
        blobs: blobs.get(id) ?? [],
      });
    }
    for (const { name, image } of db.all('SELECT name, image FROM image_names ORDER BY name'))
      this.#bind(name as string, image as Digest);
  }

  resolve(reference: string): Image {
    return this.#image(this.record(reference));
  }

  find(id: string): Image | undefined {
    const record = this.#records.get(id);
    return record && this.#image(record);
  }

  /** As `resolve`, the stored form. */
  record(reference: string): ImageRecord {
    const any = parseAnyReference(reference);
    if (any.kind === 'id') {
      const record = this.#records.get(any.id);
      if (!record) throw notFound(`No such image: ${any.id}`);
      return record;
    }
    const id = this.#names.get(nameKey(any.named)) ?? this.#byPrefix(reference);
    const record = id === undefined ? undefined : this.#records.get(id);
    if (!record) throw notFound(`No such image: ${familiarReference(withDefaultTag(any.named))}`);
    return record;
  }

  findRecord(id: string): ImageRecord | undefined {
    return this.#records.get(id);
  }

  /** All images, in no order. */
  list(): Image[] {
    return [...this.#records.values()].map((record) => this.#image(record));
  }

  records(): ImageRecord[] {
    return [...this.#records.values()];
  }

  /** The image a normalised reference names. */
  named(reference: Reference): Digest | undefined {
    return this.#names.get(nameKey(reference));
  }

  /** The chainIDs of an image's layers, lowest first. */
  chainsOf({ id, config }: Pick<ImageRecord, 'id' | 'config'>): ChainId[] {
    let chains = this.#chains.get(id);
    if (!chains) this.#chains.set(id, (chains = chainIds(config.rootfs.diff_ids)));
    return chains;
  }

  /** True when an image has this layer stack or one on top of it. */
  needsChain(chain: ChainId): boolean {
    for (const record of this.#records.values()) if (this.chainsOf(record).includes(chain)) return true;
    return false;
  }

  /** All names of an image, tags before digests, in order. */
  referencesOf(id: Digest): Reference[] {
    const references = [...(this.#namesOf.get(id) ?? [])].map((name) => parseReference(name));
    return references.sort((a, b) => compare(orderOf(a), orderOf(b)));
  }

  childrenOf(id: Digest): ImageRecord[] {
    return this.records().filter(({ parent }) => parent === id);
  }

  /** Adds an image unless it is known, and gives it `names`; those names leave the images that had them. One commit. */
  add(record: ImageRecord, names: readonly Reference[], nowMs: number): void {
    this.#db.durable(() => {
      this.#db.run(
        `INSERT INTO images (id, manifest, config, parent, size_bytes, last_tagged_ms) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO NOTHING`,
        record.id,
        record.manifest,
        JSON.stringify(record.config),
        record.parent ?? null,
        record.sizeBytes,
        record.lastTaggedMs,
      );
      for (const digest of record.blobs)
        this.#db.run('INSERT OR IGNORE INTO image_blobs (image, digest) VALUES (?, ?)', record.id, digest);
      for (const name of names) this.#writeName(name, record.id, nowMs);
    });
    const known = this.#records.get(record.id);
    if (known) known.blobs = [...new Set([...known.blobs, ...record.blobs])];
    else this.#records.set(record.id, record);
    for (const name of names) this.#bind(nameKey(name), record.id, nowMs);
  }

  /** Gives a known image a name, which leaves the image that had it. */
  tag(id: Digest, name: Reference, nowMs: number): void {
    this.#db.durable(() => this.#writeName(name, id, nowMs));
    this.#bind(nameKey(name), id, nowMs);
  }

  /** Takes a name away. False when nobody had it. */
  untag(name: Reference): boolean {
    const key = nameKey(name);
    const id = this.#names.get(key);
    if (id === undefined) return false;
    this.#db.durable(() => this.#db.run('DELETE FROM image_names WHERE name = ?', key));
    this.#names.delete(key);
    this.#namesOf.get(id)?.delete(key);
    return true;
  }

  /** Forgets an image and its names. Its blobs and snapshots are collected by whoever knows what else needs them. */
  delete(id: Digest): void {
    this.#db.durable(() => this.#db.run('DELETE FROM images WHERE id = ?', id));
    for (const name of this.#namesOf.get(id) ?? []) this.#names.delete(name);
    this.#namesOf.delete(id);
    this.#chains.delete(id);
    this.#records.delete(id);
  }

  #writeName(name: Reference, id: Digest, nowMs: number): void {
    this.#db.run(
      'INSERT INTO image_names (name, image) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET image = excluded.image',
      nameKey(name),
      id,
    );
    this.#db.run('UPDATE images SET last_tagged_ms = ? WHERE id = ?', nowMs, id);
  }

  #bind(name: string, id: Digest, taggedMs?: number): void {
    const before = this.#names.get(name);
    if (before !== undefined) this.#namesOf.get(before)?.delete(name);
    this.#names.set(name, id);
    const names = this.#namesOf.get(id) ?? new Set();
    this.#namesOf.set(id, names.add(name));
    const record = this.#records.get(id);
    if (record && taggedMs !== undefined) record.lastTaggedMs = taggedMs;
  }

  #byPrefix(text: string): Digest | undefined {
    const hex = text.startsWith('sha256:') ? text.slice(7) : text;
    if (!/^[a-f0-9]+$/.test(hex)) return undefined;
    const found = [...this.#records.values()].filter(({ id }) => digestHex(id).startsWith(hex));
    return found.length === 1 ? found[0]?.id : undefined;
  }

  #image(record: ImageRecord): Image {
    const { id, config } = record;
    const names = this.referencesOf(id);
    return {
      id,
      config,
      chainId: this.chainsOf(record).at(-1),
      layers: config.rootfs.diff_ids,
      architecture: config.architecture ?? '',
      variant: config.variant ?? '',
      os: config.os ?? 'linux',
      sizeBytes: record.sizeBytes,
      repoTags: names.filter(({ digest }) => digest === undefined).map(familiarReference),
      repoDigests: names.filter(({ digest }) => digest !== undefined).map(familiarReference),
      parentId: record.parent ?? '',
      created: config.created,
      lastTaggedMs: record.lastTaggedMs,
    };
  }
}

/** A digest decides alone when a name has both: the tag may have moved since. */
function nameKey(reference: Reference): string {
  const named = withDefaultTag(reference);
  return named.digest === undefined ? formatReference(named) : `${repositoryOf(named)}@${named.digest}`;
}

function orderOf(reference: Reference): string {
  return `${reference.digest === undefined ? 0 : 1}${formatReference(reference)}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
