import { LogEncoder, type LogFormat, type LogRange } from './encode.ts';
import { isAt, oldestGeneration, openGeneration, placeOf, type LogFile } from './files.ts';
import { JsonLine } from './json-line.ts';
import { LineReader } from './lines.ts';
import { openTail } from './tail.ts';
import { LogWatch } from './watch.ts';

export interface ReadLogsOptions extends LogFormat, LogRange {
  /** Only that many lines from the end, counted before streams and times are chosen. All when undefined. */
  tail?: number | undefined;
  /**
   * Goes on with what is written from now on, until this signal fires: the container has stopped and its log is
   * complete. Everything in the log by then is still delivered.
   */
  followUntil?: AbortSignal | undefined;
  /** The reader has gone. */
  signal: AbortSignal;
}

/**
 * Reads a json-file log with its rotated files and yields the bytes for the client. Memory is bounded and a slow
 * consumer stops the reading, never the writer.
 * @param path `<id>-json.log`; it need not exist yet
 * @throws system errors of reading; chunks already yielded are true
 */
export async function* readLogs(path: string, options: ReadLogsOptions): AsyncGenerator<Buffer> {
  const reading = new LogReading(path, options);
  try {
    yield* reading.run();
  } finally {
    await reading.close();
  }
}

class LogReading {
  readonly #path: string;
  readonly #options: ReadLogsOptions;
  readonly #encoder: LogEncoder;
  readonly #line = new JsonLine();
  readonly #watch: LogWatch | undefined;
  readonly #open = new Set<LogFile>();
  #skip = 0;
  /** Of the file being followed, when it was last looked for. */
  #generation = 0;

  constructor(path: string, options: ReadLogsOptions) {
    this.#path = path;
    this.#options = options;
    this.#encoder = new LogEncoder(options, options);
    // Before the files are opened, or what happens between would go unseen.
    this.#watch = options.followUntil && new LogWatch(path);
  }

  async *run(): AsyncGenerator<Buffer> {
    const parts = await openTail(this.#path, this.#options.tail ?? Infinity, this.#options.since);
    for (const { file } of parts) this.#open.add(file);
    let last: LineReader | undefined;
    for (const { file, skip } of parts) {
      if (last) await this.#discard(last);
      last = new LineReader(file);
      this.#skip = skip;
      yield* this.#drain(last);
      if (this.#done()) return;
    }
    if (this.#watch) yield* this.#follow(last, this.#watch, this.#options.followUntil!);
  }

  async close(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    await Promise.all([...this.#open].map((file) => file[Symbol.asyncDispose]()));
  }

  async *#follow(
    reader: LineReader | undefined,
    watch: LogWatch,
    stopped: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let current = reader;
    // More than one rotation may have happened since.
    let behind = false;
    while (!this.#done()) {
      // Read before the file is: what is written up to the stop is then in the file.
      const last = stopped.aborted;
      if (current) yield* this.#drain(current);
      const next: LogFile | undefined =
        watch.takeRenamed() || behind || last ? await this.#successor(current) : undefined;
      behind = next !== undefined;
      if (next) {
        // The writer may have added to the old file between our end of it and its renaming.
        if (current) {
          yield* this.#drain(current);
          await this.#discard(current);
        }
        current = new LineReader(next);
      } else if (last) return;
      else await watch.changed(stopped, this.#options.signal);
    }
  }

  /** Reads `reader` to its end. */
  async *#drain(reader: LineReader): AsyncGenerator<Buffer> {
    const add = (line: JsonLine): boolean => {
      if (this.#skip > 0) this.#skip--;
      else this.#encoder.add(line);
      return !this.#encoder.ended;
    };
    while (!this.#done() && (await reader.next(this.#line, add))) yield* this.#encoder.take(false);
    yield* this.#encoder.take(true);
  }

  /** The file written after the one of `reader`; undefined while that is still the current one. */
  async #successor(reader: LineReader | undefined): Promise<LogFile | undefined> {
    while (!this.#options.signal.aborted) {
      const place = reader && (await placeOf(this.#path, reader.file, this.#generation));
      // Nothing read yet, or it has been removed: what is left begins with the oldest.
      const oldest = await oldestGeneration(this.#path);
      const generation = place?.generation ?? oldest + 1;
      if (generation === 0) return undefined;
      const next = await openGeneration(this.#path, generation - 1);
      // A rotation moves the older file first: as long as that is where it was, its successor was next to it.
      const settled = place ? await isAt(this.#path, place) : (await oldestGeneration(this.#path)) === oldest;
      if (!settled) {
        await next?.[Symbol.asyncDispose]();
        continue;
      }
      this.#generation = next ? generation - 1 : this.#generation;
      if (next) this.#open.add(next);
      return next;
    }
    return undefined;
  }

  async #discard(reader: LineReader): Promise<void> {
    this.#open.delete(reader.file);
    await reader.file[Symbol.asyncDispose]();
  }

  #done(): boolean {
    return this.#encoder.ended || this.#options.signal.aborted;
  }
}
