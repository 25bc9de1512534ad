import { invalidArgument } from '../../../src/errors.ts';

/** The path of an archive request. @throws invalid-argument in dockerd's words, the missing space included */
export function requirePath(path: string | undefined): string {
  if (!path) throw invalidArgument('bad parameter: pathcannot be empty');
  return path;
}
