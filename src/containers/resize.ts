import { conflict, EngineError } from '../errors.ts';
import type { Containers } from './service.ts';

/**
 * Sets the size of a container's terminal, in characters. A container without one is left alone.
 * @throws not-found; conflict when it does not run
 */
export async function resizeContainer(
  containers: Pick<Containers, 'get' | 'publish'>,
  nameOrId: string,
  height: number,
  width: number,
): Promise<void> {
  const container = containers.get(nameOrId);
  const { shim } = container;
  if (!container.running || !shim) throw conflict(`container ${container.id} is not running`);
  if (container.config.Tty) {
    try {
      await shim.request('resize', { h: height, w: width });
    } catch (error) {
      // It has ended meanwhile.
      if (error instanceof EngineError && !container.running)
        throw conflict(`container ${container.id} is not running`, error);
      throw error;
    }
  }
  containers.publish(container, 'resize', { height: String(height), width: String(width) });
}
