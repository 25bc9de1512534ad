import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError, internal, type ErrorKind } from '../errors.ts';
import type { AppliedLayer, ApplyLayer } from './apply.ts';

const native = join(import.meta.dirname, '..', '..', 'native');

/** The program as the set-up builds it. */
export const unpackProgram = join(native, 'build', 'unpack', 'berth-unpack');

/** Why tests that unpack cannot run here, or false. */
export const cannotUnpack =
  process.getuid?.() !== 0
    ? 'needs root'
    : existsSync(unpackProgram)
      ? false
      : 'native/build is not built: npm run setup';

/** Applies layers as the executor does, by the program itself: for tests of what stands on it. */
export const directApply: ApplyLayer = async (blob, { dir, parents }, diffId, signal) => {
  const descriptors = [blob, dir, ...parents].map((path) => openSync(path, 'r'));
  const [input, target, ...lower] = descriptors as [number, number, ...number[]];
  try {
    const child = spawn(unpackProgram, [diffId ?? '-', String(lower.length)], {
      stdio: [input, 'pipe', 'inherit', target, ...lower],
      signal,
    });
    const [chunks] = await Promise.all([child.stdout?.toArray() as Promise<Buffer[]>, once(child, 'close')]);
    const line = JSON.parse(Buffer.concat(chunks).toString() || '{}') as AppliedLayer & {
      error?: { kind: ErrorKind; message: string };
    };
    if (line.error) throw new EngineError(line.error.kind, line.error.message);
    if (line.diffId === undefined) throw internal('berth-unpack said nothing');
    return line;
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
  }
};
