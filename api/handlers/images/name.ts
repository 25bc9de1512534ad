import { invalidArgument } from '../../../src/errors.ts';
import { parseReference, withDefaultTag, withTag, type Reference } from '../../../src/oci/reference.ts';

/** The name that `repo` and `tag` of a query give; undefined without `repo`. @throws invalid-argument in dockerd's words */
export function nameQuery(repo: string | undefined, tag: string | undefined): Reference | undefined {
  if (repo === undefined || repo === '') return undefined;
  const name = parseReference(repo);
  if (name.digest !== undefined) throw invalidArgument('cannot import digest reference');
  return tag === undefined || tag === '' ? withDefaultTag(name) : withTag(name, tag);
}
