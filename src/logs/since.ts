import type { LogFile } from './files.ts';
import { compareTime, JsonLine } from './json-line.ts';
import { fixedTime } from './times.ts';

/** A search ends when this little is left: reading it is as quick as looking further. */
const CLOSE_BYTES = 1024 * 1024;
/** Holds a line that begins in its first half, whatever that line is. */
const PROBE_BYTES = 512 * 1024;
/** Clocks are set back now and then: lines up to this much earlier are still read one by one. */
const CLOCK_STEP_NANOS = 3600n * 1_000_000_000n;

/** Whether every line of `file` is so early that it need not be opened for `since`. */
export function isAllBefore(file: LogFile, since: bigint): boolean {
  return file.modified < since - CLOCK_STEP_NANOS;
}

/**
 * Places a plain file at a line start before which every line is earlier than `since`, by halving: a log of gigabytes is not
 * read from its beginning for its last minute.
 */
export async function seekSince(file: LogFile, since: bigint): Promise<void> {
  const wanted = Buffer.from(fixedTime(since - CLOCK_STEP_NANOS));
  const probe = Buffer.allocUnsafeSlow(PROBE_BYTES);
  const line = new JsonLine();
  let low = 0;
  let high = file.sizeBytes;
  while (high - low > CLOSE_BYTES) {
    const middle = low + Math.floor((high - low) / 2);
    const length = await file.readAt(probe, PROBE_BYTES, middle);
    const start = probe.subarray(0, length).indexOf(0x0a) + 1;
    const end = probe.subarray(0, length).indexOf(0x0a, start);
    if (start === 0 || end < 0 || !line.read(probe, start, end)) break;
    if (compareTime(line.buffer, line.timeStart, line.timeEnd, wanted) < 0) low = middle + start;
    else high = middle;
  }
  file.position = low;
}
