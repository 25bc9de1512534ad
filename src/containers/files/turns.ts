import { setTimeout as delay } from 'node:timers/promises';

interface Turn {
  /** Through a mount made for it, not the one that the running container has. */
  own: boolean;
  done: Promise<unknown>;
}

/**
 * Two mounts of one writable layer must not be written through at the same time: overlayfs then finds its directories changed beneath it
 * (ESTALE). So a copy that has a mount of its own waits for all that go on in its container, and any other for those that have.
 */
export class CopyTurns {
  readonly #going = new Map<string, Set<Turn>>();
  readonly #patienceMs: number;

  /** @param patienceMs  a client that is slower holds nobody up: what waits for it goes ahead */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /** Runs `work` when its turn has come. */
  async take<T>(containerId: string, own: boolean, work: () => Promise<T>): Promise<T> {
    const going = this.#going.get(containerId) ?? new Set();
    this.#going.set(containerId, going);
    const before = [...going].filter((other) => own || other.own).map(({ done }) => done);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const turn = { own, done };
    going.add(turn);
    try {
      if (before.length > 0) await this.#wait(before);
      return await work();
    } finally {
      resolve();
      going.delete(turn);
      if (going.size === 0) this.#going.delete(containerId);
    }
  }

  async #wait(before: Promise<unknown>[]): Promise<void> {
    const waiting = new AbortController();
    const patience = delay(this.#patienceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
    await Promise.race([Promise.all(before), patience]);
    waiting.abort();
  }
}
