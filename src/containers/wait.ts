import { cancelled } from '../errors.ts';
import type { Container } from './container.ts';

export type WaitCondition = 'not-running' | 'next-exit' | 'removed';

/** What a waiter is told. */
export interface WaitResult {
  exitCode: number;
  /** Why the container could not be started, '' otherwise. */
  error: string;
}

/**
 * Waits until `container` does not run (at once when it does not), until its next run ends, or until it has been
 * removed. A removal releases every waiter, with the last exit code. Must be called before anything is awaited after the
 * container was looked up: then no end can fall between.
 * @throws cancelled when `signal` fires
 */
export function waitForContainer(
  container: Container,
  condition: WaitCondition,
  signal: AbortSignal,
): Promise<WaitResult> {
  if (condition === 'not-running' && !container.running && container.state.status !== 'restarting')
    return Promise.resolve(resultOf(container));
  const { promise, resolve, reject } = Promise.withResolvers<WaitResult>();
  const over = (): void => resolve(resultOf(container));
  // Why it could not be started is no business of a removal.
  const removed = (): void => resolve({ ...resultOf(container), error: '' });
  const aborted = (): void => reject(cancelled('context canceled', signal.reason));
  if (condition !== 'removed') container.on('exited', over);
  container.on('removed', removed);
  signal.addEventListener('abort', aborted, { once: true });
  if (signal.aborted) aborted();
  return promise.finally(() => {
    container.off('exited', over).off('removed', removed);
    signal.removeEventListener('abort', aborted);
  });
}

function resultOf(container: Container): WaitResult {
  return { exitCode: container.state.exitCode, error: container.state.error };
}
