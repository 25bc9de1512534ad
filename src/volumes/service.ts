import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { randomBytes, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { EngineError, conflict, invalidArgument, messageOf, notFound } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { give } from '../host/give.ts';
import { logger } from '../log.ts';
import type { Database, Migrations } from '../metadata/database.ts';
import { hostRoot, type Owner } from '../oci/id-mapping.ts';
import { verifyLocalOptions, type VolumeOptions } from './local-options.ts';
import { VolumeMounts } from './mounts.ts';

/** A named directory that outlives containers. */
export interface Volume {
  name: string;
  /** RFC 3339, seconds. */
  created: string;
  labels: Record<string, string>;
  /** Made for one container without a name of its own. */
  anonymous: boolean;
  /** Of the local driver, as given; null for none. */
  options: VolumeOptions | null;
  /** Where its content is. */
  path: string;
}

const migrations: Migrations = {
  owner: 'volumes',
  steps: [
    `CREATE TABLE volumes (
       name TEXT PRIMARY KEY, created TEXT NOT NULL, labels TEXT NOT NULL, anonymous INTEGER NOT NULL
     ) WITHOUT ROWID`,
    'ALTER TABLE volumes ADD COLUMN options TEXT',
  ],
};

const log = logger('volumes');

/** What has been removed has such a name until its content is gone; no volume can have one. */
const removedPrefix = '.removed-';

const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

export interface VolumeDeps {
  db: Database;
  /** `<dataRoot>/volumes` */
  directory: string;
  /** Removes a tree below the data root in the background, safely. */
  removeTree(path: string): Promise<void>;
  executor: Pick<Executor, 'request'>;
  /** Of what a new volume is: the root of containers on disk. The host's own when left out. */
  owner?: Owner;
}

/** What a volume is made with, beside its name. */
export interface VolumeRequest {
  /** '' for the usual one, `local`. */
  driver?: string | undefined;
  labels?: Record<string, string> | null | undefined;
  options?: Record<string, string> | null | undefined;
}

/**
 * Local volumes: directories below the data root, each with a row that says it exists. The row comes before the directory, and goes
 * after it has been renamed: whatever a crash cuts off, there is no directory without a row, and a row without one gets it at the
 * next start. What is mounted on one, and for whom, is in `mounts`.
 */
export class VolumeService {
  readonly #db: Database;
  readonly #directory: string;
  readonly #removeTree: VolumeDeps['removeTree'];
  readonly #volumes = new Map<string, Volume>();
  /** How many containers being made will use it. */
  readonly #claims = new Map<string, number>();
  readonly #executor: Pick<Executor, 'request'>;
  readonly #owner: Owner;
  readonly mounts: VolumeMounts;

  constructor({ db, directory, removeTree, executor, owner = hostRoot }: VolumeDeps) {
    this.#executor = executor;
    this.#owner = owner;
    this.mounts = new VolumeMounts(executor);
    this.#db = db;
    this.#directory = directory;
    this.#removeTree = removeTree;
    db.migrate(migrations);
    mkdirSync(directory, { recursive: true, mode: 0o701 });
    for (const row of db.all('SELECT * FROM volumes')) {
      const name = row['name'] as string;
      const labels = JSON.parse(row['labels'] as string) as Record<string, string>;
      const anonymous = row['anonymous'] === 1;
      this.#volumes.set(name, {
        name,
        created: row['created'] as string,
        labels,
        anonymous,
        options: row['options'] ? (JSON.parse(row['options'] as string) as VolumeOptions) : null,
        path: this.#pathOf(name),
      });
      if (!existsSync(this.#pathOf(name))) this.#makeDirectory(this.#pathOf(name));
    }
    for (const name of readdirSync(directory))
      if (name.startsWith(removedPrefix)) this.#sweep(join(directory, name));
  }

  list(): Volume[] {
    return [...this.#volumes.values()];
  }

  find(name: string): Volume | undefined {
    return this.#volumes.get(name);
  }

  /** Throws not-found. */
  get(name: string): Volume {
    const volume = this.#volumes.get(name);
    if (!volume) throw notFound(`get ${name}: no such volume`);
    return volume;
  }

  /**
   * Gives the volume of this name, made if there is none; without a name, a new one with a random name. The row is on
   * disk when it returns.
   * @throws invalid-argument for a bad name or options; not-found for a driver that is not there; with the reference's texts
   */
  ensure(
    name: string | undefined,
    { driver = '', labels, options }: VolumeRequest = {},
  ): { volume: Volume; made: boolean } {
    if (driver !== '' && driver !== 'local')
      throw notFound(
        `create ${name ?? ''}: error looking up volume plugin ${driver}: plugin "${driver}" not found`,
      );
    const existing = name === undefined ? undefined : this.#volumes.get(name);
    if (existing) return { volume: existing, made: false };
    const given = options && Object.keys(options).length > 0 ? { ...options } : null;
    if (given) verified(name ?? '', given);
    if (name !== undefined) verifyVolumeName(name);
    const chosen = name ?? randomBytes(32).toString('hex');
    const created = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const path = this.#pathOf(chosen);
    const volume: Volume = {
      name: chosen,
      created,
      labels: labels ?? {},
      anonymous: name === undefined,
      options: given,
      path,
    };
    this.#db.durable(() =>
      this.#db.run(
        'INSERT INTO volumes VALUES (?, ?, ?, ?, ?)',
        chosen,
        created,
        JSON.stringify(volume.labels),
        volume.anonymous ? 1 : 0,
        given && JSON.stringify(given),
      ),
    );
    try {
      this.#makeDirectory(path);
    } catch (error) {
      this.#db.durable(() => this.#db.run('DELETE FROM volumes WHERE name = ?', chosen));
      throw error;
    }
    this.#volumes.set(chosen, volume);
    return { volume, made: true };
  }

  /**
   * Keeps the volume from being removed while a container that will use it is being made; the function returned ends that.
   */
  claim(name: string): () => void {
    this.#claims.set(name, (this.#claims.get(name) ?? 0) + 1);
    return () => {
      const left = (this.#claims.get(name) ?? 1) - 1;
      if (left > 0) this.#claims.set(name, left);
      else this.#claims.delete(name);
    };
  }

  /** What its content takes on disk, in bytes; 0 when it cannot be told. */
  async size(name: string): Promise<number> {
    const counted = this.#executor.request<{ bytes: number }>('tree.size', { path: this.get(name).path });
    return counted.then(
      ({ bytes }) => bytes,
      () => 0,
    );
  }

  /**
   * Forgets the volume, then removes its content.
   * @param users  ids of containers that use it
   * @throws not-found; conflict while a container uses it
   */
  async remove(name: string, users: readonly string[]): Promise<void> {
    const volume = this.get(name);
    if (users.length > 0 || this.#claims.has(name))
      throw conflict(`remove ${name}: volume is in use - [${users.join(', ')}]`);
    const directory = dirname(volume.path);
    const removed = join(this.#directory, `${removedPrefix}${randomUUID()}`);
    const renamed = rename(directory, removed);
    try {
      this.#db.durable(() => this.#db.run('DELETE FROM volumes WHERE name = ?', name));
    } catch (error) {
      if (renamed) renameSync(removed, directory);
      throw error;
    }
    this.#volumes.delete(name);
    if (renamed) await this.#removeTree(removed);
  }

  /** Finishes in the background what a removal did not come to. */
  #sweep(path: string): void {
    this.#removeTree(path).catch((error: unknown) => {
      log.warn('could not remove what is left of a volume, the next start will', {
        path,
        error: messageOf(error),
      });
    });
  }

  #makeDirectory(path: string): void {
    mkdirSync(dirname(path), { recursive: true, mode: 0o701 });
    mkdirSync(path, { recursive: true, mode: 0o755 });
    give(path, this.#owner);
  }

  #pathOf(name: string): string {
    return join(this.#directory, name, '_data');
  }
}

/** False when there is nothing to rename. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function verified(name: string, options: VolumeOptions): void {
  try {
    verifyLocalOptions(options);
  } catch (error) {
    throw error instanceof EngineError ? invalidArgument(`create ${name}: ${error.message}`, error) : error;
  }
}

/** Throws invalid-argument with the reference's text. */
export function verifyVolumeName(name: string): void {
  if (Buffer.byteLength(name) === 1)
    throw invalidArgument('volume name is too short, names should be at least two alphanumeric characters');
  if (!pattern.test(name))
    throw invalidArgument(
      `create ${name}: "${name}" includes invalid characters for a local volume name, only ` +
        '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path',
    );
}
