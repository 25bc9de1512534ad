/**
 * One line of a json-file log, found in a chunk of bytes without building objects:
 * `{"log":"...","stream":"stdout","attrs":{...},"time":"..."}`. One instance is reused for every line; its
 * offsets are valid until the next `read`.
 */
export class JsonLine {
  /** The bytes the offsets below point into: the chunk, or a rebuilt line when its form was unusual. */
  buffer: Buffer = EMPTY;
  /** 1 stdout, 2 stderr, 0 any other name. */
  stream = 0;
  /** The text between the quotes of `log`, still escaped as in JSON. */
  textStart = 0;
  textEnd = 0;
  /** The text between the quotes of `time`: RFC 3339 in UTC. */
  timeStart = 0;
  timeEnd = 0;
  /** The object after `attrs`, or an empty range. */
  attrsStart = 0;
  attrsEnd = 0;

  /**
   * Reads the line at `start` up to, not including, its line feed at `end`.
   * @returns false when it is not a line of a json-file log
   */
  read(buffer: Buffer, start: number, end: number): boolean {
    return this.#scan(buffer, start, end) || this.#parse(buffer.subarray(start, end));
  }

  /**
   * The form that every writer uses. The line is taken apart from both ends: after the text of the log only known
   * keys follow, so no byte of the text is looked at.
   */
  #scan(buffer: Buffer, start: number, end: number): boolean {
    if (!startsWith(buffer, start, end, HEAD)) return false;
    const timeEnd = end - 2;
    if (buffer[end - 1] !== CLOSE_BRACE || buffer[timeEnd] !== QUOTE || buffer[timeEnd - 1] !== LETTER_Z)
      return false;
    let timeStart = timeEnd - 1;
    while (timeStart > start && buffer[timeStart - 1] !== QUOTE && timeEnd - timeStart < 32) timeStart--;
    if (timeEnd - timeStart < 20 || !endsWith(buffer, start, timeStart, TIME)) return false;
    return (
      this.#scanMiddle(buffer, start + HEAD.length, timeStart - TIME.length) &&
      this.#found(buffer, timeStart, timeEnd)
    );
  }

  /** Finds `stream` and `attrs` before `end`, the start of `"time"`. In JSON text their quotes would be escaped. */
  #scanMiddle(buffer: Buffer, textStart: number, end: number): boolean {
    this.attrsStart = this.attrsEnd = 0;
    let middle = end;
    if (buffer[end - 1] === COMMA && buffer[end - 2] === CLOSE_BRACE) {
      do middle--;
      while (middle > textStart && !startsWith(buffer, middle, end, ATTRS));
      this.attrsStart = middle + ATTRS.length - 1;
      this.attrsEnd = end - 1;
    }
    if (endsWith(buffer, textStart, middle, STDOUT)) this.stream = 1;
    else if (endsWith(buffer, textStart, middle, STDERR)) this.stream = 2;
    else return false;
    this.textStart = textStart;
    this.textEnd = middle - STDOUT.length;
    return true;
  }

  #found(buffer: Buffer, timeStart: number, timeEnd: number): boolean {
    this.buffer = buffer;
    this.timeStart = timeStart;
    this.timeEnd = timeEnd;
    return true;
  }

  /** Any other order, spacing or time zone: parsed as JSON and written anew in the common form. */
  #parse(bytes: Buffer): boolean {
    let entry: unknown;
    try {
      entry = JSON.parse(bytes.toString());
    } catch {
      return false;
    }
    if (typeof entry !== 'object' || entry === null) return false;
    const { log = '', stream = '', time = '', attrs } = entry as Record<string, unknown>;
    const utc = typeof time === 'string' ? inUtc(time) : undefined;
    if (typeof log !== 'string' || utc === undefined) return false;
    const parts = [
      JSON.stringify(log).slice(1, -1),
      utc,
      attrs && typeof attrs === 'object' ? JSON.stringify(attrs) : '',
    ];
    this.buffer = Buffer.from(parts.join(''));
    this.stream = stream === 'stdout' ? 1 : stream === 'stderr' ? 2 : 0;
    this.textStart = 0;
    this.textEnd = this.timeStart = Buffer.byteLength(parts[0]!);
    this.timeEnd = this.attrsStart = this.timeStart + Buffer.byteLength(utc);
    this.attrsEnd = this.buffer.length;
    return true;
  }
}

/**
 * Writes the bytes of the escaped JSON text `from[start..end]` to `to` at `at`; never more than `end - start`.
 * A lone surrogate becomes U+FFFD, as in Go.
 * @returns the offset after the last byte written
 */
export function unescapeInto(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  let position = start;
  while (position < end) {
    const byte = from[position]!;
    if (byte !== BACKSLASH) {
      const run = end - position > LONG_RUN ? plainRun(from, position, end) : 0;
      if (run > LONG_RUN) {
        from.copy(to, at, position, position + run);
        at += run;
        position += run;
        continue;
      }
      to[at++] = byte;
      position++;
      continue;
    }
    const letter = from[position + 1]!;
    if (letter !== LETTER_U) {
      to[at++] = SIMPLE_ESCAPES[letter]!;
      position += 2;
      continue;
    }
    let code = hex4(from, position + 2);
    position += 6;
    if (code >= 0xd800 && code < 0xe000) {
      const paired = code < 0xdc00 && from[position] === BACKSLASH && from[position + 1] === LETTER_U;
      const low = paired ? hex4(from, position + 2) : 0;
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        position += 6;
      } else code = 0xfffd;
    }
    at = utf8Into(code, to, at);
  }
  return at;
}

/**
 * Compares a log time in UTC, whose fraction may be shorter than nine digits or absent, with a 30 byte fixed time.
 * @returns below, at or above 0
 */
export function compareTime(from: Buffer, start: number, end: number, fixed: Buffer): number {
  const length = end - start - 1;
  for (let index = 0; index < FIXED_DIGITS; index++) {
    const byte = index < length ? from[start + index]! : index === 19 ? DOT : ZERO;
    const difference = byte - fixed[index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Writes a log time in UTC as exactly 30 bytes. Returns the offset after it. */
export function fixedTimeInto(from: Buffer, start: number, end: number, to: Buffer, at: number): number {
  const length = end - start - 1;
  for (let index = 0; index < FIXED_DIGITS; index++) {
    to[at++] = index < length ? from[start + index]! : index === 19 ? DOT : ZERO;
  }
  to[at++] = LETTER_Z;
  return at;
}

const EMPTY = Buffer.alloc(0);
const HEAD = Buffer.from('{"log":"');
const STDOUT = Buffer.from('","stream":"stdout",');
const STDERR = Buffer.from('","stream":"stderr",');
const ATTRS = Buffer.from('"attrs":{');
const TIME = Buffer.from('"time":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSE_BRACE = 0x7d;
const LETTER_U = 0x75;
const LETTER_Z = 0x5a;
const DOT = 0x2e;
const ZERO = 0x30;
/** Digits and separators before the Z. */
const FIXED_DIGITS = 29;
/** From here on one native copy beats a loop. */
const LONG_RUN = 96;

const SIMPLE_ESCAPES = (() => {
  const table = new Uint8Array(256);
  for (const [letter, byte] of Object.entries({
    '"': 34,
    '\\': 92,
    '/': 47,
    b: 8,
    f: 12,
    n: 10,
    r: 13,
    t: 9,
  })) {
    table[letter.charCodeAt(0)] = byte;
  }
  return table;
})();

function startsWith(buffer: Buffer, start: number, end: number, expected: Buffer): boolean {
  if (end - start < expected.length) return false;
  for (let index = 0; index < expected.length; index++)
    if (buffer[start + index] !== expected[index]) return false;
  return true;
}

function endsWith(buffer: Buffer, start: number, end: number, expected: Buffer): boolean {
  const from = end - expected.length;
  return from >= start && startsWith(buffer, from, end, expected);
}

/** Bytes from `position` before the next backslash. */
function plainRun(from: Buffer, position: number, end: number): number {
  const next = from.subarray(position, end).indexOf(BACKSLASH);
  return next < 0 ? end - position : next;
}

function hex4(from: Buffer, position: number): number {
  let code = 0;
  for (let index = 0; index < 4; index++) code = (code << 4) | hexDigit(from[position + index]!);
  return code;
}

function hexDigit(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}

function utf8Into(code: number, to: Buffer, at: number): number {
  if (code < 0x80) {
    to[at++] = code;
  } else if (code < 0x800) {
    to[at++] = 0xc0 | (code >> 6);
    to[at++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    to[at++] = 0xe0 | (code >> 12);
    to[at++] = 0x80 | ((code >> 6) & 0x3f);
    to[at++] = 0x80 | (code & 0x3f);
  } else {
    to[at++] = 0xf0 | (code >> 18);
    to[at++] = 0x80 | ((code >> 12) & 0x3f);
    to[at++] = 0x80 | ((code >> 6) & 0x3f);
    to[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

/** An RFC 3339 time with an offset, turned to UTC with its fraction kept. Undefined when it is none. */
function inUtc(time: string): string | undefined {
  const match = /^(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(\.\d{1,9})?\d*([Zz]|[+-]\d\d:\d\d)$/.exec(time);
  const ms = match ? Date.parse(`${match[1]}${match[3]!.toUpperCase()}`) : NaN;
  return Number.isNaN(ms) ? undefined : `${new Date(ms).toISOString().slice(0, 19)}${match![2] ?? ''}Z`;
}
