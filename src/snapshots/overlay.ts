import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { conflict, isKind, messageOf, notFound } from '../errors.ts';
import { give } from '../host/give.ts';
import { logger } from '../log.ts';
import type { Database } from '../metadata/database.ts';
import type { ChainId } from '../oci/digest.ts';
import { hostRoot, type Owner } from '../oci/id-mapping.ts';
import { adopt, below, writeInitLayer } from './init-layer.ts';
import { SnapshotRecords, type SnapshotRecord } from './records.ts';
import type { LayerTarget, Rootfs, SnapshotInfo, Snapshotter, Usage } from './snapshotter.ts';

const log = logger('overlay');

type Overlay = Extract<Rootfs, { type: 'overlay' }>;

/** Of the work directories of mounts beside a container's own. */
const besidePrefix = 'work.';

/** Work on whole trees, which the executor does: Node cannot do it safely on what a container has written. */
export interface Trees {
  /** Removes a tree without following links or crossing mounts. A missing one is not an error. */
  remove(path: string): Promise<void>;
  measure(path: string): Promise<Usage>;
}

export interface OverlayDeps {
  dataRoot: string;
  db: Database;
  trees: Trees;
  /** The root of containers on disk; the host's own when left out. */
  owner?: Owner;
  /** Told when the last container on a layer stack has gone. It may be that nobody needs the layers any more. */
  released?: (parent: ChainId) => void;
}

/**
 * Snapshots for overlayfs: `<dataRoot>/snapshots/<n>/fs`, and `work` beside it in active ones. Numbers are short because
 * a mount names every lower directory. What is removed is renamed into `<dataRoot>/trash` first, so that it is gone at
 * once and never half there.
 */
export class OverlaySnapshotter implements Snapshotter {
  /** Where a snapshot is never changes; inspecting a container asks for it each time. */
  readonly #descriptions = new WeakMap<SnapshotRecord, Record<string, string>>();
  readonly driver = 'overlay2';
  readonly #root: string;
  readonly #trash: string;
  readonly #trees: Trees;
  readonly #owner: Owner;
  readonly #released: (parent: ChainId) => void;
  readonly #records: SnapshotRecords;
  readonly #initLayers = new Map<string, Promise<string>>();
  readonly #removals = new Set<Promise<void>>();
  #nextNumber: number;

  constructor({ dataRoot, db, trees, owner = hostRoot, released = () => {} }: OverlayDeps) {
    this.#root = join(dataRoot, 'snapshots');
    this.#trash = join(dataRoot, 'trash');
    this.#trees = trees;
    this.#owner = owner;
    this.#released = released;
    mkdirSync(this.#root, { recursive: true, mode: 0o711 });
    mkdirSync(this.#trash, { recursive: true, mode: 0o700 });
    this.#records = new SnapshotRecords(db);
    const numbers = [...this.#records.list().map(({ number }) => number), ...this.#directories()];
    this.#nextNumber = numbers.reduce((max, number) => Math.max(max, number), 0) + 1;
  }

  async prepare(key: string, parent: ChainId | undefined): Promise<Rootfs> {
    const init = await this.#ensureInitLayer(parent);
    const record = this.#insert(key, init);
    try {
      // Small calls in a row on the path of every start: a thread pool would cost more than they do.
      const directory = this.#directory(record);
      mkdirSync(directory, 0o710);
      mkdirSync(join(directory, 'fs'), 0o755);
      mkdirSync(join(directory, 'work'), 0o700);
      adopt(join(directory, 'fs'), below(this.layers(key), '/'), this.#owner);
    } catch (error) {
      await this.remove(key);
      throw error;
    }
    return this.mounts(key);
  }

  mounts(key: string): Overlay {
    const directory = this.#directory(this.#active(key));
    return {
      type: 'overlay',
      lower: this.layers(key),
      upper: join(directory, 'fs'),
      work: join(directory, 'work'),
      readonly: false,
    };
  }

  mountsBeside(key: string): Rootfs {
    const rootfs = this.mounts(key);
    return { ...rootfs, work: join(this.#directory(this.#active(key)), besidePrefix + randomUUID()) };
  }

  clearBeside(rootfs: Rootfs): void {
    if (rootfs.type === 'overlay') this.#discard(rootfs.work);
  }

  layers(key: string): string[] {
    const first = this.#get(key);
    const directories: string[] = [];
    let next: SnapshotRecord | undefined = first.kind === 'committed' ? first : this.#parentOf(first);
    for (; next; next = this.#parentOf(next)) directories.push(join(this.#directory(next), 'fs'));
    return directories;
  }

  async prepareLayer(key: string, parent: ChainId | undefined): Promise<LayerTarget> {
    const record = this.#insert(key, parent);
    try {
      const dir = join(this.#directory(record), 'fs');
      await mkdir(dir, { recursive: true, mode: 0o755 });
      give(dir, this.#owner);
      return { dir, parents: this.layers(key) };
    } catch (error) {
      await this.remove(key);
      throw error;
    }
  }

  async commit(key: string, name: ChainId, { sizeBytes }: { sizeBytes: number }): Promise<void> {
    this.#active(key);
    if (this.#records.find(name)) await this.remove(key);
    else this.#records.commit(key, name, sizeBytes);
  }

  async remove(key: string): Promise<void> {
    const record = this.#records.find(key);
    if (!record) return;
    this.#removeInitLayer(key);
    if (this.#records.children(key).length > 0)
      throw conflict(`snapshot ${key} is in use: others stand on it`);
    this.#records.delete(key);
    this.#discard(this.#directory(record));
    const init = record.parent === undefined ? undefined : this.#records.find(record.parent);
    if (init?.parent !== undefined && isInit(init) && this.#records.children(init.key).length === 0)
      this.#released(init.parent as ChainId);
  }

  find(key: string): SnapshotInfo | undefined {
    return this.#records.find(key);
  }

  list(): SnapshotInfo[] {
    return this.#records.list();
  }

  async usage(key: string): Promise<Usage> {
    return await this.#trees.measure(join(this.#directory(this.#get(key)), 'fs'));
  }

  describe(key: string): Record<string, string> {
    const record = this.#get(key);
    let description = this.#descriptions.get(record);
    if (!description) this.#descriptions.set(record, (description = this.#describe(record)));
    return description;
  }

  #describe(record: SnapshotRecord): Record<string, string> {
    const directory = this.#directory(record);
    const lower = this.layers(record.key).slice(record.kind === 'committed' ? 1 : 0);
    return {
      ...(lower.length > 0 ? { LowerDir: lower.join(':') } : {}),
      MergedDir: join(directory, 'merged'),
      UpperDir: join(directory, 'fs'),
      WorkDir: join(directory, 'work'),
    };
  }

  async repair(wanted: (key: string) => boolean): Promise<void> {
    for (const { key, kind } of this.#records.list()) {
      if (kind === 'active' && !wanted(key)) {
        log.info('removing an unfinished snapshot', { key });
        await this.remove(key);
      }
    }
    const known = new Set(this.#records.list().map(({ number }) => number));
    for (const number of this.#directories()) {
      if (known.has(number)) continue;
      log.info('removing a directory of no snapshot', { number });
      this.#discard(join(this.#root, String(number)));
    }
    for (const record of this.#records.list()) if (record.kind === 'active') this.#clearAllBeside(record);
    for (const name of readdirSync(this.#trash)) this.#sweep(join(this.#trash, name));
  }

  /** Waits for removals in the background. For a clean end; what is left over goes at the next start. */
  async settled(): Promise<void> {
    await Promise.all(this.#removals);
  }

  #clearAllBeside(record: SnapshotRecord): void {
    const directory = this.#directory(record);
    for (const name of existsSync(directory) ? readdirSync(directory) : [])
      if (name.startsWith(besidePrefix)) this.#discard(join(directory, name));
  }

  /** The init layer on top of `parent`: one for all containers of an image, made when the first is. */
  #ensureInitLayer(parent: ChainId | undefined): Promise<string> {
    const name = initName(parent);
    if (this.#records.find(name)) return Promise.resolve(name);
    let making = this.#initLayers.get(name);
    if (!making) {
      making = this.#makeInitLayer(name, parent).finally(() => this.#initLayers.delete(name));
      this.#initLayers.set(name, making);
    }
    return making;
  }

  async #makeInitLayer(name: string, parent: ChainId | undefined): Promise<string> {
    const key = `${name}:${randomUUID()}`;
    const { dir, parents } = await this.prepareLayer(key, parent);
    try {
      await writeInitLayer(dir, parents, this.#owner);
    } catch (error) {
      await this.remove(key);
      throw error;
    }
    this.#records.commit(key, name, 0);
    return name;
  }

  /** An init layer goes with its image once no container stands on it. */
  #removeInitLayer(parent: string): void {
    const init = this.#records.find(initName(parent as ChainId));
    if (!init || this.#records.children(init.key).length > 0) return;
    this.#records.delete(init.key);
    this.#discard(this.#directory(init));
  }

  #insert(key: string, parent: string | undefined): SnapshotRecord {
    if (this.#records.find(key)) throw conflict(`snapshot ${key} already exists`);
    if (parent !== undefined && this.#records.find(parent)?.kind !== 'committed')
      throw notFound(`snapshot ${parent} does not exist`);
    const record: SnapshotRecord = {
      key,
      number: this.#nextNumber++,
      kind: 'active',
      parent,
      sizeBytes: undefined,
    };
    this.#records.insert(record);
    return record;
  }

  #get(key: string): SnapshotRecord {
    const record = this.#records.find(key);
    if (!record) throw notFound(`snapshot ${key} does not exist`);
    return record;
  }

  #active(key: string): SnapshotRecord {
    const record = this.#get(key);
    if (record.kind !== 'active') throw conflict(`snapshot ${key} is committed`);
    return record;
  }

  #parentOf(record: SnapshotRecord): SnapshotRecord | undefined {
    return record.parent === undefined ? undefined : this.#get(record.parent);
  }

  #directory(record: SnapshotRecord): string {
    return join(this.#root, String(record.number));
  }

  #directories(): number[] {
    return readdirSync(this.#root)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  }

  /** Out of sight at once, off the disk in the background. */
  #discard(directory: string): void {
    const trash = join(this.#trash, randomUUID());
    try {
      renameSync(directory, trash);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return;
    }
    this.#sweep(trash);
  }

  async #removeTree(path: string): Promise<void> {
    try {
      await this.#trees.remove(path);
    } catch (error) {
      // The executor ended on the way; the next one can go on.
      if (!isKind(error, 'unavailable')) throw error;
      await this.#trees.remove(path);
    }
  }

  #sweep(path: string): void {
    const removal = this.#removeTree(path)
      .catch((error: unknown) => {
        const level = isKind(error, 'unavailable') ? 'debug' : 'warn';
        log.log(level, 'could not remove a tree, the next start will', { path, error: messageOf(error) });
      })
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }
}

function isInit({ key, kind }: SnapshotRecord): boolean {
  return kind === 'committed' && key.startsWith('init:');
}

function initName(parent: ChainId | undefined): string {
  return `init:${parent ?? ''}`;
}
