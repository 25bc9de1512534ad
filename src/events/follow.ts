import { unavailable } from '../errors.ts';
import { nowNano, type EngineEvent, type EventBus } from './bus.ts';
import { matchesEvent, type EventFilters } from './filter.ts';

/** Which events to give: nanoseconds since the epoch. Without `since` none that are past, without `until` without end. */
export interface FollowOptions {
  readonly since: bigint | undefined;
  readonly until: bigint | undefined;
  readonly filters: EventFilters;
  readonly signal: AbortSignal;
}

/** A follower this far behind is given up: it holds memory, and will not catch up. */
const backlogLimit = 65_536;

/** The longest delay a timer can have. */
const longestMs = 2 ** 31 - 1;

/**
 * Past events, then those that come, in order, none twice and none left out. Ends at `until` or when `signal` fires; throws
 * unavailable when the reader has fallen too far behind.
 */
export async function* followEvents(bus: EventBus, options: FollowOptions): AsyncGenerator<EngineEvent> {
  const { since, until, filters, signal } = options;
  const passes = (event: EngineEvent): boolean =>
    (since === undefined || event.timeNano >= since) &&
    (until === undefined || event.timeNano <= until) &&
    matchesEvent(event, filters);
  const queue = since === undefined && until === undefined ? [] : bus.history().filter(passes);
  const remainingNano = until === undefined ? undefined : until - nowNano();
  if (remainingNano !== undefined && remainingNano <= 0n) return yield* queue;
  let wake = Promise.withResolvers<void>();
  let ended = signal.aborted;
  const end = (): void => {
    ended = true;
    wake.resolve();
  };
  let behind = false;
  const unsubscribe = bus.subscribe((event) => {
    if (!passes(event)) return;
    queue.push(event);
    // A reader that takes nothing at all is not asked any more: it would never learn of it.
    if (queue.length > backlogLimit) giveUp();
    wake.resolve();
  });
  const giveUp = (): void => {
    behind = true;
    queue.length = 0;
    unsubscribe();
  };
  signal.addEventListener('abort', end, { once: true });
  const timer =
    remainingNano === undefined
      ? undefined
      : setTimeout(end, Math.min(Number(remainingNano / 1_000_000n), longestMs));
  try {
    for (;;) {
      if (behind) throw unavailable('the reader of the events has fallen too far behind');
      const event = queue.shift();
      if (event) yield event;
      else if (ended) return;
      else {
        await wake.promise;
        wake = Promise.withResolvers<void>();
      }
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    unsubscribe();
  }
}
