import { compareTime, fixedTimeInto, unescapeInto, type JsonLine } from './json-line.ts';
import { FIXED_TIME_LENGTH, fixedTime } from './times.ts';

/** How lines are shown. */
export interface LogFormat {
  /** Each line in a frame of Docker's multiplexed stream; otherwise the bytes alone (terminals). */
  framed: boolean;
  stdout: boolean;
  stderr: boolean;
  /** A 30 byte time and a space before each line. */
  timestamps?: boolean;
  /** The attributes (`k=v,k=v `) before each line. */
  details?: boolean;
}

/** Nanoseconds since the epoch. */
export interface LogRange {
  /** Lines are left out until the first one that is not earlier; then none is, even if the clock was set back. */
  since?: bigint | undefined;
  /** The first later line ends the log. */
  until?: bigint | undefined;
}

/** Bytes a finished chunk has at most, apart from one longer line. */
const CHUNK_BYTES = 128 * 1024;
const FRAME_HEAD = 8;

/** Turns lines into the bytes a client gets, in chunks to be written as they are. */
export class LogEncoder {
  /** Set once a line was later than `until`. */
  ended = false;
  readonly #format: LogFormat;
  #since: Buffer | undefined;
  readonly #until: Buffer | undefined;
  #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #length = 0;
  readonly #full: Buffer[] = [];
  #lastAttrs: Buffer = Buffer.alloc(0);
  #details: Buffer = Buffer.from(' ');

  constructor(format: LogFormat, range: LogRange = {}) {
    this.#format = format;
    this.#since = range.since === undefined ? undefined : Buffer.from(fixedTime(range.since));
    this.#until = range.until === undefined ? undefined : Buffer.from(fixedTime(range.until));
  }

  add(line: JsonLine): void {
    if (this.#since) {
      if (compareTime(line.buffer, line.timeStart, line.timeEnd, this.#since) < 0) return;
      this.#since = undefined;
    }
    if (this.#until && compareTime(line.buffer, line.timeStart, line.timeEnd, this.#until) > 0) {
      this.ended = true;
      return;
    }
    const shown = line.stream === 1 ? this.#format.stdout : line.stream === 2 && this.#format.stderr;
    if (shown) this.#write(line);
  }

  /** The chunks filled since the last call; with `all` also the one that is not full yet. */
  take(all: boolean): Buffer[] {
    if (all && this.#length > 0) this.#finish(CHUNK_BYTES);
    return this.#full.splice(0);
  }

  #write(line: JsonLine): void {
    const { framed, timestamps, details } = this.#format;
    const attributes = details ? this.#detailsOf(line) : undefined;
    this.#reserve(
      FRAME_HEAD + FIXED_TIME_LENGTH + 1 + (attributes?.length ?? 0) + line.textEnd - line.textStart,
    );
    const chunk = this.#chunk;
    const start = framed ? this.#length + FRAME_HEAD : this.#length;
    let at = start;
    if (timestamps) {
      at = fixedTimeInto(line.buffer, line.timeStart, line.timeEnd, chunk, at);
      chunk[at++] = 0x20;
    }
    if (attributes) at += attributes.copy(chunk, at);
    at = unescapeInto(line.buffer, line.textStart, line.textEnd, chunk, at);
    if (framed) writeFrameHead(chunk, this.#length, line.stream, at - start);
    this.#length = at;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#chunk.length) return;
    this.#finish(Math.max(bytes, CHUNK_BYTES));
  }

  #finish(nextBytes: number): void {
    if (this.#length > 0) this.#full.push(this.#chunk.subarray(0, this.#length));
    this.#chunk = Buffer.allocUnsafeSlow(nextBytes);
    this.#length = 0;
  }

  /** Attributes are the same on every line of a container, so the last ones are kept. */
  #detailsOf(line: JsonLine): Buffer {
    const attrs = line.buffer.subarray(line.attrsStart, line.attrsEnd);
    if (!attrs.equals(this.#lastAttrs)) {
      this.#lastAttrs = Buffer.from(attrs);
      this.#details = Buffer.from(`${formatDetails(attrs.toString())} `);
    }
    return this.#details;
  }
}

/** `{"b":"1","a":"x y"}` as `a=x+y,b=1`: sorted by key, both parts escaped as in a query. */
export function formatDetails(attrs: string): string {
  if (attrs === '') return '';
  let parsed: unknown;
  try {
    parsed = JSON.parse(attrs);
  } catch {
    return '';
  }
  return Object.entries(parsed as Record<string, string>)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${queryEscape(key)}=${queryEscape(String(value))}`)
    .join(',');
}

function writeFrameHead(chunk: Buffer, at: number, stream: number, length: number): void {
  chunk[at] = stream;
  chunk[at + 1] = chunk[at + 2] = chunk[at + 3] = 0;
  chunk[at + 4] = length >>> 24;
  chunk[at + 5] = length >>> 16;
  chunk[at + 6] = length >>> 8;
  chunk[at + 7] = length;
}

/** Go's url.QueryEscape: everything but letters, digits and `-_.~`, a space as `+`. */
function queryEscape(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
