import { readFileSync, readdirSync } from 'node:fs';

/** Proportional memory (Pss, bytes) of every process whose command line matches. */
export function pssBytes(matches: (command: string) => boolean): { bytes: number; processes: number } {
  let bytes = 0;
  let processes = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      if (command === '' || !matches(command)) continue;
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      bytes += Number(/^Pss: +(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
      processes++;
    } catch {
      // it ended while we looked
    }
  }
  return { bytes, processes };
}
