import { open } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { logger } from '../log.ts';

const log = logger('containers');

/** More than that is no file of ours any more. */
const mostBytes = 1 << 20;

/**
 * Changes a container's /etc/hosts or /etc/resolv.conf while it runs, in place: it has the file itself mounted. What the container
 * has made of it is its own affair, so a failure is logged only.
 */
export async function editNameFile(
  containerId: string,
  path: string,
  change: (text: string) => string,
): Promise<void> {
  try {
    await using file = await open(path, 'r+');
    if ((await file.stat()).size > mostBytes) return;
    const text = await file.readFile('utf8');
    const changed = change(text);
    if (changed === text) return;
    const bytes = Buffer.from(changed);
    await file.write(bytes, 0, bytes.length, 0);
    await file.truncate(bytes.length);
  } catch (error) {
    log.warn('file of a container cannot be changed', {
      container: containerId,
      path,
      error: messageOf(error),
    });
  }
}
