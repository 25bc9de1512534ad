import type { Container } from '../container.ts';
import { invalidArgument } from '../../errors.ts';
import type { Containers } from '../service.ts';
import type { Reading } from './sample.ts';
import type { Sampler } from './sampler.ts';

/** What a client is told of a container at one moment. Without a reading the container does not run. */
export interface Statistics {
  container: Container;
  reading: Reading | undefined;
  /** The one before, to reckon with. */
  previous: Reading | undefined;
}

export interface StatsDeps {
  containers: Pick<Containers, 'get'>;
  sampler: Sampler;
}

/** What containers use. Containers are named as everywhere: id, name, unique prefix. */
export class ContainerStats {
  readonly #deps: StatsDeps;

  constructor(deps: StatsDeps) {
    this.#deps = deps;
  }

  /**
   * Finds the container to be told of.
   * @throws not-found; invalid-argument when a stream is to be of one reading
   */
  find(nameOrId: string, options: { stream: boolean; oneShot: boolean }): Container {
    const container = this.#deps.containers.get(nameOrId);
    if (options.stream && options.oneShot) throw invalidArgument('cannot have stream=true and one-shot=true');
    return container;
  }

  /** One reading; `compared` waits for a second one a tick later, so that there is one before it. */
  async once(
    container: Container,
    { compared, signal }: { compared: boolean; signal: AbortSignal },
  ): Promise<Statistics> {
    const nothing = { container, reading: undefined, previous: undefined };
    if (!container.running) return nothing;
    if (!compared) return { ...nothing, reading: await this.#deps.sampler.once(container) };
    let first = true;
    for await (const statistics of this.follow(container, signal)) {
      if (!first) return statistics;
      first = false;
    }
    return nothing;
  }

  /** Readings tick by tick, until `signal` fires or the container is removed. Whoever is slow misses some. */
  async *follow(container: Container, signal: AbortSignal): AsyncGenerator<Statistics> {
    let latest: { reading: Reading | undefined } | undefined;
    let previous: Reading | undefined;
    let wake = Promise.withResolvers<void>();
    let ended = signal.aborted;
    const end = (): void => {
      ended = true;
      wake.resolve();
    };
    const unwatch = this.#deps.sampler.watch(container, (reading) => {
      latest = { reading };
      wake.resolve();
    });
    signal.addEventListener('abort', end, { once: true });
    container.once('removed', end);
    try {
      while (!ended) {
        await wake.promise;
        wake = Promise.withResolvers();
        if (ended || !latest) continue;
        const { reading } = latest;
        latest = undefined;
        yield { container, reading, previous };
        previous = reading;
      }
    } finally {
      unwatch();
      signal.removeEventListener('abort', end);
      container.off('removed', end);
    }
  }
}
