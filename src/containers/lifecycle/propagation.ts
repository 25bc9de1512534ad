import { readFile, realpath } from 'node:fs/promises';
import { internal } from '../../errors.ts';

/**
 * Checks that mounts can travel as asked between the host and a container: what is to be shared or a slave must be on a mount of
 * the host that is.
 * @throws internal with the reference's text
 */
export async function verifyPropagation(source: string, propagation: string): Promise<void> {
  const kind = propagation.replace(/^r/, '');
  if (kind !== 'shared' && kind !== 'slave') return;
  const path = await realpath(source);
  const { point, tags } = mountOf(path, await readFile('/proc/self/mountinfo', 'utf8'));
  const shared = tags.some((tag) => tag.startsWith('shared:'));
  const slave = tags.some((tag) => tag.startsWith('master:'));
  if (kind === 'shared' && !shared)
    throw internal(`path ${source} is mounted on ${point} but it is not a shared mount`);
  if (kind === 'slave' && !shared && !slave)
    throw internal(`path ${source} is mounted on ${point} but it is not a shared or slave mount`);
}

/** The mount a path is on, with its optional fields (`shared:1`, `master:2`). Source: proc_pid_mountinfo(5). */
export function mountOf(path: string, mountinfo: string): { point: string; tags: string[] } {
  let best = { point: '/', tags: [] as string[] };
  for (const line of mountinfo.split('\n')) {
    const fields = line.split(' ');
    const point = unescape(fields[4] ?? '');
    const covers = point === '/' || path === point || path.startsWith(`${point}/`);
    // A later mount on the same place hides an earlier one.
    if (covers && point !== '' && point.length >= best.point.length)
      best = { point, tags: fields.slice(6, fields.indexOf('-', 6)) };
  }
  return best;
}

/** Spaces and their like are octal there. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
