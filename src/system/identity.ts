import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The engine's own id, made once per data root and kept in its `engine-id`. */
export function engineId(dataRoot: string): string {
  const path = join(dataRoot, 'engine-id');
  try {
    const known = readFileSync(path, 'utf8').trim();
    if (known !== '') return known;
  } catch {
    // There is none yet.
  }
  const id = randomUUID();
  writeFileSync(`${path}.new`, id, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
  return id;
}
