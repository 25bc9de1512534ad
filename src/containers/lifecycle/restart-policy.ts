import type { ExitStatus } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';

const firstDelayMs = 100;
const longestDelayMs = 60_000;
/** A run this long counts as healthy: the delay begins anew. */
const healthyRunMs = 10_000;

/** Whether the policy wants another run after this end. */
export function wantsRestart({ hostConfig, state }: Container, exit: Pick<ExitStatus, 'code'>): boolean {
  const { Name, MaximumRetryCount } = hostConfig.RestartPolicy;
  if (state.manuallyStopped) return false;
  if (Name === 'always' || Name === 'unless-stopped') return true;
  return (
    Name === 'on-failure' &&
    exit.code !== 0 &&
    (MaximumRetryCount === 0 || state.restartCount < MaximumRetryCount)
  );
}

/** Waits between runs: doubled each time from 100 ms to a minute. */
export class RestartTimers {
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #delays = new Map<string, number>();

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

  /** The container was started by a user or has gone: its delay begins anew. */
  reset(id: string): void {
    this.cancel(id);
    this.#delays.delete(id);
  }

  close(): void {
    for (const id of this.#timers.keys()) this.cancel(id);
  }
}
