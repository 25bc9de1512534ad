import { LogFile, oldestGeneration, openGeneration } from './files.ts';
import { isAllBefore, seekSince } from './since.ts';

const BLOCK_BYTES = 256 * 1024;
const LINE_FEED = 0x0a;

/** A file to be read from where its reader stands, the first `skip` lines left out. */
export interface TailPart {
  file: LogFile;
  skip: number;
}

/**
 * Opens the files that hold the last `lines` lines of the log at `path` (Infinity for all), oldest first, each placed
 * at its first line wanted. Without lines wanted this is the current file at its end. Plain files are read backwards
 * from their end, no further than needed. The caller disposes of the files.
 * @param since nanoseconds since the epoch; what is certainly earlier is left out
 */
export async function openTail(path: string, lines: number, since?: bigint): Promise<TailPart[]> {
  await using opened = new AsyncDisposableStack();
  const parts: TailPart[] = [];
  let oldest = await oldestGeneration(path);
  let missing = lines;
  // Newest first: a rotation meanwhile shows a file again under a higher number, but never hides one.
  for (let generation = 0; generation === 0 || (generation <= oldest && missing > 0); generation++) {
    // The oldest may have become older meanwhile.
    if (generation === oldest) oldest = await oldestGeneration(path);
    const file = await openGeneration(path, generation);
    if (!file) continue;
    const tooOld = generation > 0 && since !== undefined && isAllBefore(file, since);
    if (tooOld || (await isAmong(parts, file))) {
      await file[Symbol.asyncDispose]();
      if (tooOld) break;
      continue;
    }
    opened.use(file);
    const part = { file, skip: 0 };
    if (missing !== Infinity) missing -= await place(part, missing);
    else if (since !== undefined && !file.compressed) await seekSince(file, since);
    parts.unshift(part);
  }
  opened.move();
  return parts;
}

/** Whether a file was opened before, under the name it had then, or before it was compressed. */
async function isAmong(parts: readonly TailPart[], file: LogFile): Promise<boolean> {
  if (parts.some((part) => part.file.inode === file.inode)) return true;
  const newer = parts[0]?.file;
  if (!file.compressed || !newer || newer.compressed) return false;
  return (await newer.beginning()).equals(await file.beginning());
}

/** Places `part` before its last `wanted` lines, or at its start when it has fewer. Returns how many it has of them. */
async function place(part: TailPart, wanted: number): Promise<number> {
  return part.file.compressed ? await placeCompressed(part, wanted) : await placePlain(part.file, wanted);
}

async function placePlain(file: LogFile, wanted: number): Promise<number> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let end = file.sizeBytes;
  let seen = 0;
  while (end > 0) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const length = await file.readAt(block, end - start, start);
    for (let at = length - 1; at >= 0; at--) {
      if (block[at] !== LINE_FEED) continue;
      if (seen === wanted) {
        file.position = start + at + 1;
        return wanted;
      }
      seen++;
    }
    end = start;
  }
  return seen;
}

async function placeCompressed(part: TailPart, wanted: number): Promise<number> {
  const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
  let lines = 0;
  for (
    let length = await part.file.read(block, 0, BLOCK_BYTES);
    length > 0;
    length = await part.file.read(block, 0, BLOCK_BYTES)
  ) {
    for (let at = 0; at < length; at++) if (block[at] === LINE_FEED) lines++;
  }
  part.file.rewind();
  part.skip = Math.max(0, lines - wanted);
  return Math.min(lines, wanted);
}
