import { posix } from 'node:path';

/** The control group of a container, absolute: never above the root of the hierarchies, whatever its own parent says. */
export function cgroupOf(id: string, ownParent: string, standardParent: string): string {
  return `${posix.resolve('/', ownParent || standardParent)}/${id}`;
}
