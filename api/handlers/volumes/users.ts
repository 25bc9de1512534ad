import type { Engine } from '../../../src/engine.ts';

/** Ids of the containers, running or not, that have a volume mounted. */
export function usersOf({ containers }: Engine, volume: string): string[] {
  return containers
    .all()
    .filter(({ record }) => record.mounts.some(({ Type, Name }) => Type === 'volume' && Name === volume))
    .map(({ id }) => id);
}
