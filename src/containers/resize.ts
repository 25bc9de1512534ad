import { conflict, EngineError, notFound } from '../errors.ts';
import type { Containers } from './service.ts';

/** The kernel has 16 bits for each; more is cut, as the reference does. */
export function terminalSize(height: number, width: number): { h: number; w: number } {
  return { h: height & 0xffff, w: width & 0xffff };
}

/**
 * Sets the size of a container's terminal, in characters. A container without one is left alone.
 * @throws not-found, also between two runs; conflict when it does not run
 */
export async function resizeContainer(
  containers: Pick<Containers, 'get' | 'publish'>,
  nameOrId: string,
  height: number,
  width: number,
): Promise<void> {
  const container = containers.get(nameOrId);
  const { id, shim, state } = container;
  // The reference looks for a process without asking the state first.
  if (state.status === 'restarting')
    throw notFound(`NotFound: container "${id}" in namespace "moby": not found`);
  if (!container.running || !shim) throw conflict(`container ${id} is not running`);
  if (container.config.Tty) {
    try {
      await shim.request('resize', terminalSize(height, width));
    } catch (error) {
      // It has ended meanwhile.
      if (error instanceof EngineError && !container.running)
        throw conflict(`container ${id} is not running`, error);
      throw error;
    }
  }
  containers.publish(container, 'resize', { height: String(height), width: String(width) });
}
