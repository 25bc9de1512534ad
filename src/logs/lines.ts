import type { LogFile } from './files.ts';
import type { JsonLine } from './json-line.ts';

const READ_BYTES = 256 * 1024;
/** A line of 16 KiB of text is below 128 KiB even when every byte is escaped; beyond this the file is not a log. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The file is not a json-file log. */
export class CorruptLog extends Error {}

/**
 * Cuts the bytes of a file into lines. What follows the last line feed is kept until the rest of it has been
 * written: the writer of a log that is being followed may be in the middle of a line.
 */
export class LineReader {
  readonly file: LogFile;
  #buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #filled = 0;

  constructor(file: LogFile) {
    this.file = file;
  }

  /**
   * Reads once and hands each complete line to `take` until that returns false. Lines that are not of a json-file log
   * are passed over: a power cut can leave one torn line, and the lines after it are still true.
   * @returns false at the end of the file, as it is now
   * @throws CorruptLog when a line does not end
   */
  async next(line: JsonLine, take: (line: JsonLine) => boolean): Promise<boolean> {
    if (this.#filled === this.#buffer.length) this.#grow();
    const count = await this.file.read(this.#buffer, this.#filled, this.#buffer.length - this.#filled);
    if (count === 0) return false;
    const searchFrom = this.#filled;
    this.#filled += count;
    const bytes = this.#buffer.subarray(0, this.#filled);
    let start = 0;
    for (let end = bytes.indexOf(0x0a, searchFrom); end >= 0; end = bytes.indexOf(0x0a, start)) {
      if (line.read(bytes, start, end) && !take(line)) return true;
      start = end + 1;
    }
    this.#buffer.copyWithin(0, start, this.#filled);
    this.#filled -= start;
    return true;
  }

  #grow(): void {
    if (this.#buffer.length >= MAX_LINE_BYTES) throw new CorruptLog('a line of the log is too long');
    const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 4);
    this.#buffer.copy(larger, 0, 0, this.#filled);
    this.#buffer = larger;
  }
}
