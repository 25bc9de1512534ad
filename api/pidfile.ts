import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { unavailable } from '../src/errors.ts';

/**
 * Writes our process id to `path` and returns what removes it.
 * @throws unavailable when the process named there lives; a file left by a dead one is replaced
 */
export function claimPidfile(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true });
  const other = readPid(path);
  if (other !== undefined && other !== process.pid && isDaemon(other))
    throw unavailable(
      `failed to start daemon, ensure berthd is not running or delete ${path}: process with PID ${other} is still running`,
    );
  writeFileSync(path, String(process.pid), { mode: 0o644 });
  return () => {
    if (readPid(path) === process.pid) rmSync(path, { force: true });
  };
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** A number may have been given to another program since: only a process with our entry file counts. */
function isDaemon(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
      .split('\0')
      .some((argument) => argument.endsWith('/api/main.ts'));
  } catch {
    return false;
  }
}
