/** One event of the engine, as `GET /events` shows it. */
export interface EngineEvent {
  type: string;
  action: string;
  actor: { id: string; attributes: Record<string, string> };
  scope: 'local' | 'swarm';
  /** Nanoseconds since the epoch. */
  timeNano: bigint;
}

type Listener = (event: EngineEvent) => void;

/**
 * Publishes the engine's events to whoever listens now and keeps the last `history` of them for
 * `since=`. Publishing never waits: a listener that cannot keep up buffers on its own side.
 */
export class EventBus {
  readonly #listeners = new Set<Listener>();
  readonly #history: EngineEvent[] = [];
  readonly #limit: number;
  #lastNano = 0n;

  constructor({ history = 256 }: { history?: number } = {}) {
    this.#limit = history;
  }

  /** Publishes now. Times strictly increase, so that `since` never skips or repeats an event. */
  publish(type: string, action: string, id: string, attributes: Record<string, string> = {}): EngineEvent {
    let timeNano = nowNano();
    if (timeNano <= this.#lastNano) timeNano = this.#lastNano + 1n;
    this.#lastNano = timeNano;
    const event: EngineEvent = { type, action, actor: { id, attributes }, scope: 'local', timeNano };
    this.#history.push(event);
    if (this.#history.length > this.#limit) this.#history.shift();
    for (const listener of this.#listeners) listener(event);
    return event;
  }

  /** Calls `listener` for every event from now on, until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The events still remembered, oldest first. */
  history(): readonly EngineEvent[] {
    return this.#history;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}

/** More than the whole milliseconds of Date can be off by. */
const stepNano = 3_000_000n;

let offsetNano = wallNano() - process.hrtime.bigint();

/**
 * The wall clock in nanoseconds: Date gives milliseconds, the monotonic clock the rest. When the two do not agree any more, because
 * the clock was set or the machine has slept, Date is right.
 */
export function nowNano(): bigint {
  const wall = wallNano();
  const monotonic = process.hrtime.bigint();
  const apart = offsetNano + monotonic - wall;
  if (apart > stepNano || apart < -stepNano) offsetNano = wall - monotonic;
  return offsetNano + monotonic;
}

function wallNano(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
