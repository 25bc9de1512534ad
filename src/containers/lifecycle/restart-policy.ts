import type { ExitStatus } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import { zeroTime } from '../state.ts';

const firstDelayMs = 100;
const longestDelayMs = 60_000;
/** A run this long counts as healthy: the delay begins anew. */
const healthyRunMs = 10_000;

/**
 * Whether the policy wants another run after this end. `unless-stopped` heeds any signal a user has sent; the others only
 * `RestartTimers.giveUp`.
 */
export function wantsRestart({ hostConfig, state }: Container, exit: Pick<ExitStatus, 'code'>): boolean {
  const { Name, MaximumRetryCount } = hostConfig.RestartPolicy;
  if (Name === 'always') return true;
  if (Name === 'unless-stopped') return !state.manuallyStopped;
  return (
    Name === 'on-failure' &&
    exit.code !== 0 &&
    (MaximumRetryCount === 0 || state.restartCount < MaximumRetryCount)
  );
}

/**
 * Whether the policy runs an ended container when the daemon starts. A failure that happened under the eyes of an earlier
 * daemon is no reason: that one has decided.
 */
export function wantsStartAtBoot({ hostConfig, state }: Container): boolean {
  const { Name } = hostConfig.RestartPolicy;
  if (state.status !== 'exited' || state.startedAt === zeroTime) return false;
  return Name === 'always' || (Name === 'unless-stopped' && !state.manuallyStopped);
}

/** Waits between runs: doubled each time from 100 ms to a minute. */
export class RestartTimers {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #delays = new Map<string, number>();
  readonly #givenUp = new Set<string>();

  /** Calls `run` after the container's next delay. */
  schedule(container: Container, run: () => void): void {
    const { id, state } = container;
    const ranMs = Date.parse(state.finishedAt) - Date.parse(state.startedAt);
    const before = this.#delays.get(id);
    const delay =
      before === undefined || ranMs >= healthyRunMs ? firstDelayMs : Math.min(before * 2, longestDelayMs);
    this.#delays.set(id, delay);
    this.cancel(id);
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      run();
    }, delay);
    timer.unref();
    this.#timers.set(id, timer);
  }

  /** Forgets a wait. Returns true when there was one. */
  cancel(id: string): boolean {
    const timer = this.#timers.get(id);
    clearTimeout(timer);
    return this.#timers.delete(id);
  }

  /** A user has ended the container: no run follows the one that is, until a user starts it. */
  giveUp(id: string): void {
    this.#givenUp.add(id);
  }

  hasGivenUp(id: string): boolean {
    return this.#givenUp.has(id);
  }

  /** The container was started by a user or has gone: its delay begins anew. */
  reset(id: string): void {
    this.cancel(id);
    this.#delays.delete(id);
    this.#givenUp.delete(id);
  }

  close(): void {
    for (const id of this.#timers.keys()) this.cancel(id);
  }
}
