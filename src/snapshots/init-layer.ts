import { chmodSync, constants, lstatSync, type Stats } from 'node:fs';
import { mkdir, open, symlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { give } from '../host/give.ts';
import type { Owner } from '../oci/id-mapping.ts';

/**
 * What every container finds whatever its image holds: targets for the mounts made at start, and the mark of a container.
 * Source: observed in the init layers of dockerd 28.5.
 */
const entries: readonly (readonly [path: string, kind: 'directory' | 'file' | { link: string }])[] = [
  ['/.dockerenv', 'file'],
  ['/dev/console', 'file'],
  ['/dev/pts', 'directory'],
  ['/dev/shm', 'directory'],
  ['/etc/hostname', 'file'],
  ['/etc/hosts', 'file'],
  ['/etc/mtab', { link: '/proc/mounts' }],
  ['/etc/resolv.conf', 'file'],
  ['/proc', 'directory'],
  ['/sys', 'directory'],
];

/**
 * Fills the empty directory `fs` with the init layer for what `lower` (nearest first) shows. Directories that are there below
 * keep their owner, mode and times; links and files in the way of one are covered. The rest is the owner's. All is on disk when it
 * returns.
 */
export async function writeInitLayer(fs: string, lower: readonly string[], owner: Owner): Promise<void> {
  adopt(fs, below(lower, '/'), owner);
  const made = new Set<string>();
  const directory = async (path: string): Promise<void> => {
    if (path === '/' || made.has(path)) return;
    await directory(dirname(path));
    await mkdir(join(fs, path), 0o755);
    adopt(join(fs, path), below(lower, path), owner);
    made.add(path);
  };
  for (const [path, kind] of entries) {
    const target = join(fs, path);
    if (kind === 'directory') {
      if (!below(lower, path)?.isDirectory()) await directory(path);
      continue;
    }
    await directory(dirname(path));
    if (kind === 'file') {
      await using file = await open(target, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o755);
      await file.chmod(0o755);
    } else await symlink(kind.link, target);
    give(target, owner);
  }
  // Making an entry changed the times of the directory it is in.
  for (const path of [...made].reverse().concat('/')) {
    const stats = below(lower, path);
    if (stats?.isDirectory()) await utimes(join(fs, path), stats.atime, stats.mtime);
    await sync(join(fs, path));
  }
}

/** Gives a new directory the owner and mode of the one below it; to the owner where there is none. */
export function adopt(path: string, stats: Stats | undefined, owner: Owner): void {
  const like = stats?.isDirectory() ? stats : undefined;
  give(path, like ?? owner);
  if (like) chmodSync(path, like.mode & 0o7777);
}

/** What the layers show at `path`; undefined when nothing, or when a whiteout or a file hides it. */
export function below(lower: readonly string[], path: string): Stats | undefined {
  for (const layer of lower) {
    const stats = lstatBelow(layer, path);
    if (stats === 'hidden') return undefined;
    if (stats) return stats;
  }
  return undefined;
}

/** Never follows a link of the layer: a link or a file on the way hides what deeper layers have. */
function lstatBelow(layer: string, path: string): Stats | 'hidden' | undefined {
  const parts = path.split('/').filter(Boolean);
  let at = layer;
  let stats = lstatSync(at, { throwIfNoEntry: false });
  for (const part of parts) {
    if (!stats?.isDirectory()) return 'hidden';
    at = join(at, part);
    stats = lstatSync(at, { throwIfNoEntry: false });
    if (!stats) return undefined;
  }
  return stats?.isCharacterDevice() && stats.rdev === 0 ? 'hidden' : stats;
}

async function sync(path: string): Promise<void> {
  await using file = await open(path, constants.O_RDONLY);
  await file.sync();
}
