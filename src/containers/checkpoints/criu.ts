import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { internal } from '../../errors.ts';

/**
 * The path of the program that writes processes down and makes them again.
 * @throws internal when it is nowhere in PATH, in the words the reference's runtime has for that
 */
export async function findCriu(path: string | undefined = process.env['PATH']): Promise<string> {
  for (const directory of (path ?? '').split(':')) {
    const file = join(directory, 'criu');
    if (directory.startsWith('/') && (await isExecutable(file))) return file;
  }
  throw internal(
    'checkpoints need CRIU, which is not installed: exec: "criu": executable file not found in $PATH',
  );
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
