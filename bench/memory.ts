import { readFileSync, readdirSync } from 'node:fs';

/** Proportional memory (Pss, bytes) of every process whose command line matches. */
export function pssBytes(matches: (command: string, pid: number) => boolean): {
  bytes: number;
  processes: number;
} {
  let bytes = 0;
  let processes = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command === '' || !matches(command, Number(pid))) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      bytes += Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
      processes++;
    } catch {
      // it ended while we looked
    }
  }
  return { bytes, processes };
}

/** The process ids of `pid` and of its children. */
export function familyOf(pid: number): Set<number> {
  const family = new Set([pid]);
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      if (parent === pid) family.add(Number(entry));
    } catch {
      // it ended while we looked
    }
  }
  return family;
}
