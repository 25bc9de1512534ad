import type { BigIntStats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';

/** Some lines, each with its time. */
const BEGINNING_BYTES = 4096;

/**
 * One open file of a log, plain or compressed. Holding the handle makes it immune to rotation: it is the same file
 * whatever its name becomes.
 */
export class LogFile implements AsyncDisposable {
  readonly compressed: boolean;
  readonly inode: number;
  /** Size when it was opened. */
  readonly sizeBytes: number;
  /** Nanoseconds since the epoch: nothing in it is later. */
  readonly modified: bigint;
  /** Where the next read begins. Plain files only. */
  position = 0;
  readonly #handle: FileHandle;
  #packed: Readable | undefined;
  #unpacked: Gunzip | undefined;
  #chunks: AsyncIterator<Buffer> | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(handle: FileHandle, compressed: boolean, { ino, size, mtimeNs }: BigIntStats) {
    this.#handle = handle;
    this.compressed = compressed;
    this.inode = Number(ino);
    this.sizeBytes = Number(size);
    this.modified = mtimeNs;
  }

  /**
   * Fills at most `length` bytes of `into` from `offset` with what comes next. Returns 0 at the end, where a plain
   * file may grow later.
   */
  async read(into: Buffer, offset: number, length: number): Promise<number> {
    if (this.compressed) return await this.#readUnpacked(into, offset, length);
    const { bytesRead } = await this.#handle.read(into, offset, length, this.position);
    this.position += bytesRead;
    return bytesRead;
  }

  /** Reads bytes as they are on disk at a place, without moving. */
  async readAt(into: Buffer, length: number, position: number): Promise<number> {
    return (await this.#handle.read(into, 0, length, position)).bytesRead;
  }

  /** The first bytes of its text, which tell one file of a log from the others. Leaves a compressed file at its start. */
  async beginning(): Promise<Buffer> {
    const bytes = Buffer.alloc(BEGINNING_BYTES);
    if (!this.compressed) return bytes.subarray(0, await this.readAt(bytes, bytes.length, 0));
    let length = 0;
    for (let more = -1; more !== 0 && length < bytes.length; length += more)
      more = await this.#readUnpacked(bytes, length, bytes.length - length);
    this.rewind();
    return bytes.subarray(0, length);
  }

  /** Begins again at the first byte. */
  rewind(): void {
    this.#stopUnpacking();
    this.position = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopUnpacking();
    await this.#handle.close();
  }

  async #readUnpacked(into: Buffer, offset: number, length: number): Promise<number> {
    if (this.#rest.length === 0) {
      const next = await (this.#chunks ?? this.#unpack()).next();
      if (next.done) return 0;
      this.#rest = next.value;
    }
    const copied = this.#rest.copy(into, offset, 0, length);
    this.#rest = this.#rest.subarray(copied);
    return copied;
  }

  #unpack(): AsyncIterator<Buffer> {
    const packed = Readable.from(this.#packedBytes(), { objectMode: false });
    const unpacked = packed.pipe(createGunzip({ chunkSize: 64 * 1024 }));
    packed.on('error', (error) => unpacked.destroy(error));
    this.#packed = packed;
    this.#unpacked = unpacked;
    return (this.#chunks = unpacked[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  }

  /** Not the handle's own stream: destroying that closes the handle. */
  async *#packedBytes(): AsyncGenerator<Buffer> {
    for (let position = 0; ;) {
      const block = Buffer.allocUnsafe(64 * 1024);
      const length = await this.readAt(block, block.length, position);
      if (length === 0) return;
      position += length;
      yield block.subarray(0, length);
    }
  }

  #stopUnpacking(): void {
    this.#packed?.destroy();
    this.#unpacked?.destroy();
    this.#packed = this.#unpacked = this.#chunks = undefined;
    this.#rest = Buffer.alloc(0);
  }
}

/**
 * Opens generation `generation` of the log at `path`: 0 is the file being written, 1 the one before (`path.1` or
 * `path.1.gz`), and so on. Undefined when there is none.
 */
export async function openGeneration(path: string, generation: number): Promise<LogFile | undefined> {
  if (generation === 0) return await openFile(path, false);
  return (
    (await openFile(`${path}.${generation}`, false)) ?? (await openFile(`${path}.${generation}.gz`, true))
  );
}

/** The highest generation there is; 0 when the log was never rotated. */
export async function oldestGeneration(path: string): Promise<number> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch(unlessMissing);
  let oldest = 0;
  for (const name of names ?? []) {
    const match = name.startsWith(prefix) ? /^(\d+)(?:\.gz)?$/.exec(name.slice(prefix.length)) : null;
    if (match) oldest = Math.max(oldest, Number(match[1]));
  }
  return oldest;
}

/** Where a file was when it was looked for: its generation, and what has its name there. */
export interface Place {
  generation: number;
  /** Of the file itself, or of what it has been compressed to. */
  inode: number;
}

/**
 * Finds a file of the log at `path` under its present name, be it compressed meanwhile. Undefined when it has been removed.
 * @param from the generation it had before: it only becomes older
 */
export async function placeOf(path: string, file: LogFile, from: number): Promise<Place | undefined> {
  for (;;) {
    const oldest = await oldestGeneration(path);
    const place = (await findPlain(path, file, from, oldest)) ?? (await findPacked(path, file, from, oldest));
    // One that was not found may just have become the oldest.
    if (place || (await oldestGeneration(path)) === oldest) return place;
  }
}

/** Upwards, as rotations move files. */
async function findPlain(
  path: string,
  { inode }: LogFile,
  from: number,
  oldest: number,
): Promise<Place | undefined> {
  for (let generation = from; generation <= oldest; generation++)
    if (await isAt(path, { generation, inode })) return { generation, inode };
  return undefined;
}

async function findPacked(
  path: string,
  file: LogFile,
  from: number,
  oldest: number,
): Promise<Place | undefined> {
  if (file.compressed) return undefined;
  const beginning = await file.beginning();
  for (let generation = Math.max(1, from); generation <= oldest; generation++) {
    await using packed = await openFile(`${path}.${generation}.gz`, true);
    if (packed && (await packed.beginning()).equals(beginning)) return { generation, inode: packed.inode };
  }
  return undefined;
}

/** Whether a file is where it was found. */
export async function isAt(path: string, { generation, inode }: Place): Promise<boolean> {
  const name = generation === 0 ? path : `${path}.${generation}`;
  if ((await stat(name).catch(unlessMissing))?.ino === inode) return true;
  return generation > 0 && (await stat(`${name}.gz`).catch(unlessMissing))?.ino === inode;
}

async function openFile(path: string, compressed: boolean): Promise<LogFile | undefined> {
  const handle = await open(path, 'r').catch(unlessMissing);
  if (!handle) return undefined;
  try {
    return new LogFile(handle, compressed, await handle.stat({ bigint: true }));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
