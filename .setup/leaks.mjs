// What an engine could leave behind on a machine, counted before and after a suite.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

const lines = (command, ...args) =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout?.trim().split('\n').filter(Boolean) ?? [];

/** @returns {Record<string, string[]>} kind of thing -> names of what is there now */
export function snapshot() {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const namespaces = new Set();
  const ours = [];
  for (const pid of processes) {
    try {
      namespaces
        .add(readlinkSync(`/proc/${pid}/ns/net`))
        .add(readlinkSync(`/proc/${pid}/ns/mnt`))
        .add(readlinkSync(`/proc/${pid}/ns/pid`));
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      if (/native\/build[^ ]*\/|api\/main\.ts/.test(command)) ours.push(`${pid} ${command}`);
    } catch {
      // it ended while we looked
    }
  }
  return {
    mounts: readFileSync('/proc/self/mountinfo', 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[4]),
    namespaces: [...namespaces],
    processes: ours,
    // A pool of namespaces has as many veths as before, with other names.
    links: lines('ip', '-o', 'link').map((line) =>
      line
        .split(': ')[1]
        ?.split('@')[0]
        .replace(/^veth[0-9a-f]{7}$/, 'veth'),
    ),
    nft: lines('nft', 'list', 'ruleset')
      .map((line) => line.trim())
      .filter((line) => !/counter packets/.test(line)),
    // Not their parent: it stays, as Docker's engine leaves it, for the next container.
    cgroups: lines(
      'find',
      '/sys/fs/cgroup',
      '-type',
      'd',
      '(',
      '-path',
      '*/docker/*',
      '-o',
      '-name',
      '*berth*',
      ')',
    ),
  };
}

/** @returns {string[]} a line for each thing that is there after and was not before */
export function leaked(before, after) {
  return Object.entries(after).flatMap(([kind, names]) => {
    const left = new Map();
    for (const name of before[kind]) left.set(name, (left.get(name) ?? 0) + 1);
    return names
      .filter((name) => {
        const count = left.get(name) ?? 0;
        left.set(name, count - 1);
        return count <= 0;
      })
      .map((name) => `${kind}: ${name}`);
  });
}
