import { readFileSync, readdirSync } from 'node:fs';
import type { EngineClient } from './client.ts';

/** Whether a process is one of an engine's daemons, by its command line and pid. */
export type DaemonTest = (command: string, pid: number) => boolean;

/** A clock tick of /proc, in milliseconds (USER_HZ is 100 on every Linux that runs Node). */
const tickMs = 10;

/**
 * CPU time in milliseconds that an engine has used so far: its daemons, the shims of its running containers, and every
 * process these have waited for (runtimes, execs). Take the difference of two calls between which no container ends.
 */
export async function engineCpuMs(engine: EngineClient): Promise<number> {
  const running = await engine.json<{ Id: string }[]>('GET', '/containers/json');
  const ids = new Set(running.map(({ Id }) => Id));
  let ms = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (!engine.isDaemon(command, Number(name)) && !isShimOf(command, ids)) continue;
      ms += cpuMsOf(readFileSync(`/proc/${name}/stat`, 'utf8'));
    } catch {
      // it ended while we looked
    }
  }
  return ms;
}

function isShimOf(command: string, ids: ReadonlySet<string>): boolean {
  return /(^|\/)(berth|containerd)-shim/.test(command) && command.split(' ').some((word) => ids.has(word));
}

/** utime, stime, cutime and cstime of proc_pid_stat(5). */
function cpuMsOf(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) * tickMs;
}
