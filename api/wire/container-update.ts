import type { Changes } from '../../src/containers/update/merge.ts';
import type { BodyOf } from '../handler.ts';
import type { ApiVersion } from '../versions.ts';

/** What an update means that was written for `version`. Any number below 1 takes a limit of processes away. */
export function updateBodyAt(body: BodyOf<'ContainerUpdate'> | undefined, version: ApiVersion): Changes {
  const changes = { ...body } as Changes;
  if (!version.atLeast(40)) delete changes.PidsLimit;
  if (changes.PidsLimit != null && changes.PidsLimit <= 0) changes.PidsLimit = 0;
  return changes;
}
