import { posix } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import type { ContentStore, Lease } from '../content/store.ts';
import { EngineError, internal, invalidArgument, messageOf, notFound, unimplemented } from '../errors.ts';
import { digestOf, type Digest } from '../oci/digest.ts';

/** Files up to this size are kept in memory, and all of them together up to the second. */
const smallBytes = 256 * 1024;
const memoryBytes = 32 * 1024 * 1024;

/** Links that point to links are followed this often. */
const linkDepth = 16;

interface StagedFile {
  digest: Digest;
  sizeBytes: number;
  /** Small files; larger ones are in the content store under `digest`. */
  data: Buffer | undefined;
}

/**
 * An image archive that has been read: its files by their name, in the content store when they are large. Names never touch
 * the file system, so it does not matter what they hold.
 */
export class StagedArchive {
  readonly #files = new Map<string, StagedFile>();
  readonly #links = new Map<string, string>();
  readonly #content: ContentStore;
  readonly #lease: Lease;
  #inMemory = 0;

  constructor(content: ContentStore, lease: Lease) {
    this.#content = content;
    this.#lease = lease;
  }

  /** Reads the whole archive, which may be compressed as a whole. Throws with the texts that Docker has for broken ones. */
  static async read(
    source: AsyncIterable<Uint8Array>,
    content: ContentStore,
    lease: Lease,
    signal: AbortSignal,
  ): Promise<StagedArchive> {
    const archive = new StagedArchive(content, lease);
    const tar = extract();
    const { stream, decompressor } = await peek(source);
    const pumped = (
      decompressor
        ? pipeline(stream, decompressor, tar as unknown as NodeJS.WritableStream, { signal })
        : pipeline(stream, tar as unknown as NodeJS.WritableStream, { signal })
    ).catch((error: unknown) => {
      tar.destroy(error as Error);
      throw error;
    });
    // Its failure is looked at below, however long the last entry takes to end.
    pumped.catch(() => {});
    try {
      for await (const entry of tar)
        await archive.#take(entry.header, entry as unknown as AsyncIterable<Uint8Array>);
      await pumped;
    } catch (error) {
      // The first failure is the pump's when there is one: the iteration only notices.
      const cause = await pumped.then(
        () => error,
        (pumpError: unknown) => pumpError,
      );
      throw archiveError(signal.aborted ? signal.reason : cause);
    }
    return archive;
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** A file's text. @throws not-found `open x: no such file or directory`; invalid-argument when it is too large to be one */
  async text(path: string, limitBytes: number): Promise<string> {
    const file = this.#get(path);
    if (file.sizeBytes > limitBytes) throw invalidArgument(`${path}: larger than ${limitBytes} bytes`);
    return (file.data ?? (await this.#content.read(file.digest, limitBytes))).toString('utf8');
  }

  /** The digest of a file, which is in the content store from now on, protected by the lease. @throws not-found */
  async blob(path: string): Promise<{ digest: Digest; sizeBytes: number }> {
    const file = this.#get(path);
    if (file.data)
      await this.#content.write(Readable.from([file.data]), { digest: file.digest }, this.#lease);
    return file;
  }

  /** The digest of a file, without storing it; undefined when there is no such file. */
  digest(path: string): Digest | undefined {
    return this.#find(path)?.digest;
  }

  async #take(header: Header, entry: AsyncIterable<Uint8Array>): Promise<void> {
    const name = clean(header.name);
    if (header.type === 'symlink' && header.linkname)
      this.#links.set(name, clean(posix.join(posix.dirname(`/${name}`), header.linkname)));
    if (header.type === 'link' && header.linkname) this.#links.set(name, clean(header.linkname));
    const sizeBytes = header.size ?? 0;
    const isFile = header.type === 'file' || header.type === 'contiguous-file';
    if (isFile && (sizeBytes > smallBytes || this.#inMemory + sizeBytes > memoryBytes)) {
      const { digest } = await this.#content.write(entry, { sizeBytes }, this.#lease);
      this.#files.set(name, { digest, sizeBytes, data: undefined });
      return;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) if (isFile) chunks.push(chunk);
    if (!isFile) return;
    const data = Buffer.concat(chunks);
    this.#inMemory += data.length;
    this.#files.set(name, { digest: digestOf(data), sizeBytes: data.length, data });
  }

  #get(path: string): StagedFile {
    const file = this.#find(path);
    if (!file) throw notFound(`open /${clean(path)}: no such file or directory`);
    return file;
  }

  /** Old archives have a layer once and links to it; the directory on the way may be a link too. */
  #find(path: string): StagedFile | undefined {
    let name = clean(path);
    for (let depth = 0; depth < linkDepth; depth++) {
      const file = this.#files.get(name);
      if (file) return file;
      const target = this.#links.get(name);
      const directory = this.#links.get(posix.dirname(name));
      if (target !== undefined) name = target;
      else if (directory !== undefined) name = posix.join(directory, posix.basename(name));
      else return undefined;
    }
    return undefined;
  }
}

/** A name within the archive, as if its root were the root: never above it. */
function clean(name: string): string {
  return posix.normalize(`/${name}`).slice(1).replace(/\/$/, '');
}

/** Looks at the first bytes of a stream: what remains is all of it, and what undoes the compression they tell. */
async function peek(
  source: AsyncIterable<Uint8Array>,
): Promise<{ stream: Readable; decompressor: Transform | undefined }> {
  const iterator = source[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  for (let length = 0; length < 6;) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    chunks.push(value as Uint8Array);
    length += (value as Uint8Array).length;
  }
  const head = Buffer.concat(chunks);
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      yield* { [Symbol.asyncIterator]: () => iterator };
    } finally {
      await iterator.return?.();
    }
  };
  return { stream: Readable.from(whole(), { objectMode: false }), decompressor: decompressorFor(head) };
}

function decompressorFor(head: Buffer): Transform | undefined {
  if (head.length >= 3 && head.readUIntBE(0, 3) === 0x1f8b08) return createGunzip();
  if (head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528) return createZstdDecompress();
  if (
    head.subarray(0, 3).toString('latin1') === 'BZh' ||
    head.subarray(0, 6).toString('latin1') === '\xfd7zXZ\0'
  )
    throw unimplemented(
      'archives compressed with bzip2 or xz are not supported: decompress the archive first',
    );
  return undefined;
}

function archiveError(error: unknown): unknown {
  if (error instanceof EngineError) return error;
  const text = messageOf(error);
  if (/Unexpected end of data|unexpected end of file|Writable stream closed|Premature close/i.test(text))
    return invalidArgument('unexpected EOF', error);
  if (/Invalid tar header|checksum/i.test(text))
    return invalidArgument('archive/tar: invalid tar header', error);
  if (/incorrect header check|invalid .*(block|distance|code)|incorrect data check/i.test(text))
    return invalidArgument(`gzip: ${text}`, error);
  return internal(text, error);
}
