import { lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { internal } from '../../errors.ts';

const pattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** What CRIU writes last but for its figures: a directory without it is no checkpoint. */
const inventory = 'inventory.img';

/**
 * A directory of checkpoints, each a directory of its own: the container's, or one that a request names. What is being
 * written has a name that no checkpoint can have, so that a crash leaves none that is half there.
 */
export class CheckpointPlace {
  readonly #directory: string;
  readonly #given: boolean;
  readonly #owner: string;

  /**
   * @param own    the container's own directory of checkpoints
   * @param given  the directory a request names; relative ones as the reference has them, to where the daemon was started
   * @param owner  how the request calls the container
   */
  constructor(own: string, given: string | undefined, owner: string) {
    this.#given = Boolean(given);
    this.#directory = given ? resolve(given) : own;
    this.#owner = owner;
  }

  /** Names, sorted. Throws internal when the directory a request names is not there. */
  async list(): Promise<string[]> {
    let names: string[];
    try {
      names = await readdir(this.#directory);
    } catch (error) {
      if (this.#given) throw this.#missing('', error);
      return [];
    }
    const found = await Promise.all(names.map(async (name) => (await this.#find(name)) !== undefined));
    return names.filter((_, index) => found[index]).sort();
  }

  /** The directory of a checkpoint. Throws internal when there is none of that name. */
  async get(name: string): Promise<string> {
    const path = await this.#find(name);
    if (path === undefined) throw this.#missing(name);
    return path;
  }

  /** Removes a checkpoint, and nothing else that may be there. Throws internal likewise. */
  async remove(name: string): Promise<void> {
    await rm(await this.get(name), { recursive: true });
  }

  /**
   * Has `write` fill a new directory and rename it `into` the checkpoint `name`. When it throws nothing is left.
   * @throws internal for a name that is none, or that is taken
   */
  async write(name: string, write: (directory: string, into: string) => Promise<void>): Promise<void> {
    const path = join(this.#directory, name);
    const there = await lstat(path).catch(() => undefined);
    if (there?.isDirectory())
      throw internal(`checkpoint with name ${name} already exists for container ${this.#owner}`);
    if (there) throw internal(`${path} exists and is not a directory`);
    const partial = join(this.#directory, `.${name}.partial`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      await write(partial, path);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
    await syncFiles(path);
    await sync(this.#directory);
  }

  async #find(name: string): Promise<string | undefined> {
    if (!pattern.test(name)) return undefined;
    const path = join(this.#directory, name);
    const [directory, image] = await Promise.all(
      [path, join(path, inventory)].map((each) => lstat(each).catch(() => undefined)),
    );
    return directory?.isDirectory() && image?.isFile() ? path : undefined;
  }

  #missing(name: string, cause?: unknown): Error {
    return internal(`checkpoint ${name} does not exist for container ${this.#owner}`, cause);
  }
}

/** @throws internal, as the reference has it, with its text */
export function verifyCheckpointName(name: string): void {
  if (!pattern.test(name))
    throw internal(`Invalid checkpoint ID (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
}

/** Where the container ends with it a checkpoint is all there is of it, also after a power cut. */
async function syncFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory)) await sync(join(directory, name));
  await sync(directory);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
