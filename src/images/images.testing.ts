import { mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack, type Header } from 'tar-stream';
import { ContentStore } from '../content/store.ts';
import { directApply } from '../diff/apply.testing.ts';
import type { ApplyLayer } from '../diff/apply.ts';
import { EventBus } from '../events/bus.ts';
import { Database } from '../metadata/database.ts';
import { digestHex, digestOf } from '../oci/digest.ts';
import { OverlaySnapshotter } from '../snapshots/overlay.ts';
import type { ImagesDeps } from './deps.ts';
import { Images } from './images.ts';
import type { ImageUser, ProgressRecord } from './service.ts';
import { ImageStore } from './store.ts';
import { LayerUnpacker } from './unpack.ts';

/** An images service on a data root of its own; `users` may be changed. */
export class TestImages implements Disposable {
  readonly root: string;
  readonly users: ImageUser[] = [];
  readonly events = new EventBus();
  readonly db: Database;
  readonly content: ContentStore;
  readonly snapshotter: OverlaySnapshotter;
  readonly store: ImageStore;
  readonly images: Images;

  constructor({ root, apply = directApply }: { root?: string; apply?: ApplyLayer } = {}) {
    this.root = root ?? mkdtempSync(join(tmpdir(), 'berth-images-'));
    this.db = new Database(join(this.root, 'berth.db'));
    this.content = new ContentStore({ root: join(this.root, 'content') });
    this.snapshotter = new OverlaySnapshotter({
      dataRoot: this.root,
      db: this.db,
      trees: {
        remove: (path) => rm(path, { recursive: true, force: true }),
        measure: () => Promise.resolve({ sizeBytes: 0, inodes: 0 }),
      },
    });
    this.store = new ImageStore(this.db);
    const deps: ImagesDeps = {
      store: this.store,
      content: this.content,
      snapshotter: this.snapshotter,
      apply,
      diff: () => Promise.reject(new Error('no container is committed here')),
      unpacker: new LayerUnpacker({ snapshotter: this.snapshotter, content: this.content, apply }),
      events: this.events,
      users: () => this.users,
      version: 'test',
      registries: { insecure: [], mirrors: [] },
    };
    this.images = new Images(deps);
  }

  /** Loads an archive; returns what the stream said. */
  async load(archive: Buffer | AsyncIterable<Uint8Array>, quiet = true): Promise<ProgressRecord[]> {
    const records: ProgressRecord[] = [];
    await this.images.load(Buffer.isBuffer(archive) ? Readable.from([archive]) : archive, {
      signal: AbortSignal.timeout(60_000),
      quiet,
      progress: (record) => records.push(record),
    });
    return records;
  }

  /** A daemon that died: closes the files, keeps the root. */
  crash(): string {
    this.db.close();
    return this.root;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.snapshotter.settled();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.db.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export interface TestEntry extends Partial<Header> {
  name: string;
  content?: string | Buffer;
}

/** A tar of these entries, which is the same whenever it is made. */
export async function tar(entries: readonly TestEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    const type = header.type ?? (header.name.endsWith('/') ? 'directory' : 'file');
    const whole = { mtime: new Date(0), ...header, type } as Header;
    if (content === undefined) archive.entry(whole);
    else archive.entry(whole, content);
  }
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as unknown as AsyncIterable<Buffer>));
}

export interface TestImage {
  /** Layer tars, lowest first. */
  layers: Buffer[];
  /** What the blobs are instead of the tars, where they differ. */
  blobs?: Buffer[];
  tags?: string[];
  config?: object;
}

/** The config of a test image and its id. */
export function configOf({ layers, config }: TestImage): { text: string; id: string } {
  const text = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: ['sh'] },
    ...config,
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => digestOf(layer)) },
    history: layers.map((_, index) => ({ created: '2026-01-01T00:00:00Z', created_by: `step ${index}` })),
  });
  return { text, id: digestOf(text) };
}

/** An archive as `docker save` before version 25 wrote it. */
export async function dockerArchive(image: TestImage): Promise<Buffer> {
  const { text, id } = configOf(image);
  const hex = id.slice(7);
  const blobs = image.blobs ?? image.layers;
  return await tar([
    ...blobs.map((blob, index) => ({ name: `${index}/layer.tar`, content: blob })),
    { name: `${hex}.json`, content: text },
    {
      name: 'manifest.json',
      content: JSON.stringify([
        {
          Config: `${hex}.json`,
          RepoTags: image.tags ?? null,
          Layers: blobs.map((_, index) => `${index}/layer.tar`),
        },
      ]),
    },
  ]);
}

/** An OCI image layout without Docker's manifest.json. */
export async function layoutArchive(image: TestImage): Promise<{ archive: Buffer; manifest: string }> {
  const { text } = configOf(image);
  const blobs = image.blobs ?? image.layers;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(text),
      size: text.length,
    },
    layers: blobs.map((blob) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: digestOf(blob),
      size: blob.length,
    })),
    annotations: { made: 'by hand' },
  });
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: (image.tags ?? [undefined]).map((tag) => ({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(manifest),
      size: manifest.length,
      ...(tag === undefined ? {} : { annotations: { 'io.containerd.image.name': tag } }),
    })),
  });
  const blob = (content: string | Buffer) => ({
    name: `blobs/sha256/${digestHex(digestOf(content))}`,
    content,
  });
  const archive = await tar([
    { name: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    { name: 'index.json', content: index },
    ...[text, manifest, ...blobs].map(blob),
  ]);
  return { archive, manifest: digestOf(manifest) };
}
