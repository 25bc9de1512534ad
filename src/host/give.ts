import { lchownSync } from 'node:fs';
import type { Owner } from '../oci/id-mapping.ts';

/** Gives what the engine has just made to its owner. What it makes for itself is its own already. */
export function give(path: string, { uid, gid }: Owner): void {
  if (uid !== 0 || gid !== 0) lchownSync(path, uid, gid);
}
