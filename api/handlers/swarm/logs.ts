import { internal } from '../../../src/errors.ts';
import { notAManager } from './outside.ts';

/** Logs of services and tasks; which streams are wanted is looked at first. */
export function noLogs({
  query,
}: {
  readonly query: { readonly stdout?: boolean; readonly stderr?: boolean };
}): never {
  if (!query.stdout && !query.stderr) throw internal('Bad parameters: you must choose at least one stream');
  return notAManager();
}
