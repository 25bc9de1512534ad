import { createHash, randomUUID } from 'node:crypto';
import { constants, existsSync, mkdirSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { dataLoss, invalidArgument, notFound } from '../errors.ts';
import { digestAlgorithm, digestHex, isDigest, sha256Digest, type Digest } from '../oci/digest.ts';

/** A blob as it is on disk. */
export interface Blob {
  digest: Digest;
  sizeBytes: number;
}

/** What a new blob must turn out to be. */
export interface Expected {
  digest?: Digest | undefined;
  sizeBytes?: number | undefined;
}

/** Keeps what it names from being collected until it is disposed. */
export interface Lease extends Disposable {
  /** Protects `name` (a digest or a chainID) from now on. */
  add(name: string): void;
}

/**
 * Blobs by digest, below `<root>/blobs/sha256`; what is being written is below `<root>/ingest` and becomes a blob by
 * rename, in containerd's order: write, sync, check size, check digest, rename, sync the directory. So a blob that is there
 * is whole. An ingest found at start belonged to a daemon that is gone, and is removed.
 */
export class ContentStore {
  readonly #blobs: string;
  readonly #ingests: string;
  readonly #leases = new Set<Set<string>>();

  constructor({ root }: { root: string }) {
    this.#blobs = join(root, 'blobs', 'sha256');
    this.#ingests = join(root, 'ingest');
    mkdirSync(this.#blobs, { recursive: true, mode: 0o711 });
    rmSync(this.#ingests, { recursive: true, force: true });
    mkdirSync(this.#ingests, { recursive: true, mode: 0o700 });
  }

  /** A lease on nothing yet. Hold one while making something out of several blobs. */
  lease(): Lease {
    const names = new Set<string>();
    this.#leases.add(names);
    return { add: (name) => void names.add(name), [Symbol.dispose]: () => void this.#leases.delete(names) };
  }

  /** True when somebody holds a lease on `name`. */
  leased(name: string): boolean {
    for (const names of this.#leases) if (names.has(name)) return true;
    return false;
  }

  /** Where the blob is. For programs that read it by themselves; the file never changes. */
  path(digest: Digest): string {
    if (!isDigest(digest) || digestAlgorithm(digest) !== 'sha256')
      throw invalidArgument(`unsupported digest algorithm: ${digest}`);
    return join(this.#blobs, digestHex(digest));
  }

  /** @throws not-found */
  get(digest: Digest): Blob {
    const stat = statSync(this.path(digest), { throwIfNoEntry: false });
    if (!stat) throw notFound(`content ${digest}: not found`);
    return { digest, sizeBytes: stat.size };
  }

  has(digest: Digest): boolean {
    return existsSync(this.path(digest));
  }

  /** The blob as a stream. @throws not-found */
  async createReadStream(digest: Digest): Promise<Readable> {
    return (await this.#open(digest)).createReadStream();
  }

  /** The whole blob, for manifests and configs. Throws data-loss when it is larger than `limitBytes`, not-found. */
  async read(digest: Digest, limitBytes: number): Promise<Buffer> {
    await using file = await this.#open(digest);
    const { size } = await file.stat();
    if (size > limitBytes) throw dataLoss(`content ${digest}: larger than ${limitBytes} bytes`);
    return await file.readFile();
  }

  /**
   * Writes a stream as a blob, protected by `lease`. Memory stays bounded; on any failure nothing is left.
   * @throws data-loss when size or digest are not what was expected; what the stream throws
   */
  async write(source: AsyncIterable<Uint8Array>, expected: Expected, lease: Lease): Promise<Blob> {
    const path = join(this.#ingests, randomUUID());
    const file = await open(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
    try {
      let blob: Blob;
      try {
        blob = await pour(source, file, expected);
        await file.datasync();
      } finally {
        await file.close();
      }
      lease.add(blob.digest);
      const target = this.path(blob.digest);
      if (existsSync(target)) await unlink(path);
      else await this.#publish(path, target);
      return blob;
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    }
  }

  /**
   * Has a blob written by a native program: `work` is given the path of a file that is not there yet, and answers with its digest
   * when it is whole and on disk. As `write` otherwise.
   */
  async writeBy(work: (path: string) => Promise<Blob>, lease: Lease): Promise<Blob> {
    const path = join(this.#ingests, randomUUID());
    try {
      const { digest, sizeBytes } = await work(path);
      lease.add(digest);
      const target = this.path(digest);
      if (existsSync(target)) await unlink(path);
      else await this.#publish(path, target);
      return { digest, sizeBytes };
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    }
  }

  /** Removes a blob at once; whoever has it open can read on. A missing one is not an error. */
  remove(digest: Digest): void {
    try {
      unlinkSync(this.path(digest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  /** Every blob there is. */
  list(): Digest[] {
    return readdirSync(this.#blobs)
      .map((name) => sha256Digest(name))
      .filter((digest) => isDigest(digest));
  }

  async #publish(from: string, to: string): Promise<void> {
    await rename(from, to);
    await using directory = await open(this.#blobs, constants.O_RDONLY | constants.O_DIRECTORY);
    await directory.sync();
  }

  async #open(digest: Digest): Promise<FileHandle> {
    try {
      return await open(this.path(digest), constants.O_RDONLY);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        throw notFound(`content ${digest}: not found`, error);
      throw error;
    }
  }
}

async function pour(source: AsyncIterable<Uint8Array>, file: FileHandle, expected: Expected): Promise<Blob> {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    sizeBytes += chunk.length;
    if (expected.sizeBytes !== undefined && sizeBytes > expected.sizeBytes)
      throw dataLoss(`unexpected size: more than the ${expected.sizeBytes} bytes expected`);
    for (let done = 0; done < chunk.length;) done += (await file.write(chunk, done)).bytesWritten;
  }
  const digest = sha256Digest(hash.digest('hex'));
  if (expected.sizeBytes !== undefined && sizeBytes !== expected.sizeBytes)
    throw dataLoss(`unexpected size: ${sizeBytes} bytes, expected ${expected.sizeBytes}`);
  if (expected.digest !== undefined && digest !== expected.digest)
    throw dataLoss(`unexpected digest: ${digest}, expected ${expected.digest}`);
  return { digest, sizeBytes };
}
