import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../errors.ts';
import type { Executor } from '../../host/executor.ts';
import { logger } from '../../log.ts';
import { cgroupOf } from '../cgroup.ts';
import type { Container } from '../container.ts';
import type { Reading, Sample } from './sample.ts';

const log = logger('stats');

/** Called once a tick; undefined while the container does not run. */
export type Listener = (reading: Reading | undefined) => void;

export interface SamplerDeps {
  executor: Pick<Executor, 'request'>;
  /** Parent of the containers' control groups, absolute. */
  cgroupParent: string;
  /** Names of the interfaces the engine made in the container's network namespace. */
  interfacesOf(container: Container): readonly string[];
  /** Between two ticks. */
  intervalMs?: number;
}

/** One answer of `container.stats`. */
interface Answer {
  machineTime: Reading['machineTime'];
  processors: number;
  samples: (Sample | null)[];
}

interface Waiting {
  container: Container;
  resolve(reading: Reading | undefined): void;
  reject(error: unknown): void;
}

/** As many as one request to the executor is asked for. */
const batchSize = 256;

/**
 * Samples containers. However many clients watch, each container is read once a tick, and all of them in one request to the
 * executor; while nobody watches nothing is read.
 */
export class Sampler {
  readonly #deps: SamplerDeps;
  readonly #intervalMs: number;
  readonly #listeners = new Map<Container, Set<Listener>>();
  readonly #closed = new AbortController();
  #waiting: Waiting[] = [];
  #ticking = false;

  constructor(deps: SamplerDeps) {
    this.#deps = deps;
    this.#intervalMs = deps.intervalMs ?? 1000;
  }

  /**
   * Calls `listener` at each tick: the first follows at once when nobody has been watching, else it is the next of those that
   * are under way. Returns the function that ends it.
   */
  watch(container: Container, listener: Listener): () => void {
    const listeners = this.#listeners.get(container) ?? new Set();
    this.#listeners.set(container, listeners.add(listener));
    if (!this.#ticking) void this.#tick();
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(container) === listeners)
        this.#listeners.delete(container);
    };
  }

  /** One reading, now. Those asked for in the same turn of the event loop are one request. */
  once(container: Container): Promise<Reading | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<Reading | undefined>();
    if (this.#waiting.push({ container, resolve, reject }) === 1) setImmediate(() => void this.#serve());
    return promise;
  }

  /** Ends the ticks. */
  close(): void {
    this.#closed.abort();
    this.#listeners.clear();
  }

  async #serve(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const readings = await this.#read(waiting.map(({ container }) => container));
      waiting.forEach(({ resolve }, index) => resolve(readings[index]));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }

  async #tick(): Promise<void> {
    this.#ticking = true;
    const { signal } = this.#closed;
    while (this.#listeners.size > 0) {
      await this.#tell([...this.#listeners]);
      // Counted from the end of the last one: a machine that cannot keep up is asked less often.
      await delay(this.#intervalMs, undefined, { signal, ref: false }).catch(() => {});
    }
    this.#ticking = false;
  }

  async #tell(watched: [Container, Set<Listener>][]): Promise<void> {
    try {
      const readings = await this.#read(watched.map(([container]) => container));
      watched.forEach(([, listeners], index) => {
        for (const listener of listeners) listener(readings[index]);
      });
    } catch (error) {
      if (!this.#closed.signal.aborted)
        log.warn('containers could not be sampled', { error: messageOf(error) });
    }
  }

  /** In the order of `containers`; undefined for one that does not run. */
  async #read(containers: readonly Container[]): Promise<(Reading | undefined)[]> {
    const running = containers.filter((container) => container.running);
    const found = new Map<Container, Reading>();
    for (let first = 0; first < running.length; first += batchSize) {
      const batch = running.slice(first, first + batchSize);
      const { samples, ...machine } = await this.#deps.executor.request<Answer>('container.stats', {
        containers: batch.map((container) => this.#question(container)),
      });
      batch.forEach((container, index) => {
        const sample = samples[index];
        if (sample) found.set(container, Object.assign(sample, machine));
      });
    }
    return containers.map((container) => found.get(container));
  }

  #question(container: Container): object {
    const { id, hostConfig, state } = container;
    return {
      cgroup: cgroupOf(id, hostConfig.CgroupParent, this.#deps.cgroupParent),
      pid: state.pid,
      interfaces: this.#deps.interfacesOf(container),
    };
  }
}
