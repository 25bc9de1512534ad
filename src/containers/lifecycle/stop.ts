import { constants } from 'node:os';
import {
  EngineError,
  conflict,
  internal,
  invalidArgument,
  isKind,
  messageOf,
  notModified,
  unavailable,
} from '../../errors.ts';
import { faultPoint } from '../../faults.ts';
import { logger } from '../../log.ts';
import { ShimError, type ShimClient } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import { publishContainerEvent } from '../events.ts';
import type { ContainerDeps } from '../deps.ts';
import type { StopOptions } from '../service.ts';
import { isSignal, parseSignal, sigkill, sigterm } from '../signals.ts';
import type { ContainerStore } from '../store.ts';
import { runsOrWill, withContainerLock } from './lock.ts';
import type { RestartTimers } from './restart-policy.ts';

const log = logger('containers');

const defaultTimeoutSeconds = 10;
/** A process that SIGKILL does not end in this time hangs in the kernel. */
const killDeadlineMs = 10_000;
/** Who could not be asked to end is not waited for as long. */
const unaskedPatienceMs = 2000;
/** What a timer of Node takes, 24 days: one that is longer would be over at once. */
const longestTimerMs = 0x7fff_ffff;

/** Ends runs: kill, stop. No lock is held while waiting for a process. */
export class ContainerStopper {
  readonly #events: ContainerDeps['events'];
  readonly #store: ContainerStore;
  readonly #timers: RestartTimers;
  readonly #doomed = new WeakSet<ShimClient>();

  constructor(deps: Pick<ContainerDeps, 'events'>, store: ContainerStore, timers: RestartTimers) {
    this.#events = deps.events;
    this.#store = store;
    this.#timers = timers;
  }

  /**
   * Sends a signal; for SIGKILL also waits for the end.
   * @param prefix  how every error begins
   * @param signal  of `killSignal`
   * @throws conflict when it does not run
   */
  async kill(container: Container, prefix: string, signal: number): Promise<void> {
    if (await this.#killRestarting(container, signal)) return;
    if (!(await runsOrWill(container))) throw conflict(`${prefix}container ${container.id} is not running`);
    try {
      await this.#signal(container, signal);
    } catch (error) {
      throw prefixed(error, prefix);
    }
    if (signal === sigkill && !(await ended(container, killDeadlineMs)))
      throw internal(`${prefix}tried to kill container, but did not receive an exit event`);
  }

  /**
   * Asks the process to end, and ends it when it has not in time.
   * @param prefix  how every error begins
   * @throws not-modified when it does not run; internal for the signal
   */
  async stop(container: Container, prefix: string, options: StopOptions): Promise<void> {
    const restarting = container.state.status === 'restarting';
    if (!restarting && !(await runsOrWill(container))) throw notModified('container already stopped');
    const signal = stopSignal(container, options.signal, prefix);
    if (!(await this.#endRestarting(container))) {
      if (!(await runsOrWill(container))) throw notModified('container already stopped');
      await this.#halt(container, signal, prefix, options.timeoutSeconds);
    }
    publishContainerEvent(this.#events, container, 'stop');
  }

  async #halt(
    container: Container,
    signal: number,
    prefix: string,
    given: number | undefined,
  ): Promise<void> {
    const seconds = given ?? container.config.StopTimeout ?? defaultTimeoutSeconds;
    const asked = await this.#signal(container, signal).then(
      () => true,
      (error: unknown) => {
        log.warn('stop signal could not be sent', { container: container.id, error: messageOf(error) });
        return false;
      },
    );
    const patienceMs = asked ? (seconds < 0 ? Infinity : seconds * 1000) : unaskedPatienceMs;
    if (await ended(container, patienceMs)) return;
    log.info('container did not stop in time, killing it', { container: container.id, seconds });
    try {
      await this.#signal(container, sigkill);
      if (await ended(container, killDeadlineMs)) return;
    } catch (error) {
      if (!container.running) return;
      throw prefixed(error, prefix);
    }
    throw unavailable(`${prefix}tried to kill container, but did not receive an exit event`);
  }

  /** Whether the run has been sent SIGKILL: frozen now, it would never end. */
  isDoomed(shim: ShimClient): boolean {
    return this.#doomed.has(shim);
  }

  /** Kills without regard to anything, for removal and exit; waits for the end. */
  async killNow(container: Container): Promise<void> {
    if (!container.running) return;
    try {
      await this.#signal(container, sigkill);
    } catch (error) {
      if (!container.running) return;
      throw error;
    }
    if (!(await ended(container, killDeadlineMs)))
      throw unavailable(`tried to kill container, but did not receive an exit event`);
  }

  /** A container between two runs is ended by not running it again. Returns false for any other. */
  async #endRestarting(container: Container): Promise<boolean> {
    if (container.state.status !== 'restarting') return false;
    return await withContainerLock(container.id, async () => {
      if (container.state.status !== 'restarting') return false;
      this.#timers.reset(container.id);
      this.#store.move(container, { status: 'exited', manuallyStopped: true });
      container.emit('exited', { code: container.state.exitCode, at: 0n, oomKilled: false });
      return true;
    });
  }

  /** As a signal would: one that is not meant to end the container lets the policy run it again. */
  async #killRestarting(container: Container, signal: number): Promise<boolean> {
    if (container.state.status !== 'restarting') return false;
    if (endsIt(container, signal)) return this.#endRestarting(container);
    return await withContainerLock(container.id, async () => {
      if (container.state.status !== 'restarting') return false;
      this.#store.move(container, { manuallyStopped: true });
      return true;
    });
  }

  /**
   * Sends a signal. The restart policy is told before: after one that ends the container it has no say, and `unless-stopped`
   * heeds any.
   */
  async #signal(container: Container, signal: number): Promise<void> {
    const { id, shim } = container;
    if (!shim) throw conflict(`container ${id} is not running`);
    const final = endsIt(container, signal);
    if (final) this.#timers.giveUp(id);
    if (signal === sigkill) this.#doomed.add(shim);
    if (!container.state.manuallyStopped && container.hostConfig.RestartPolicy.Name !== 'no')
      await this.#noteStopped(container);
    if (!isSignal(signal)) throw invalidArgument(`the linux daemon does not support signal ${signal}`);
    // Before it is sent: the end may be told in the same breath as the answer.
    publishContainerEvent(this.#events, container, 'kill', { signal: String(signal) });
    try {
      await shim.kill(signal);
      faultPoint('stop:signalled');
    } catch (error) {
      // It has ended just now, or its shim has and takes it along; that is being recorded and is worth waiting for.
      const gone = error instanceof ShimError && error.errno === constants.errno.ESRCH;
      if (shim.connected && !gone) throw error;
    }
    // A frozen process gets the signal when it thaws; a pause may be under way.
    if (final) await this.#thaw(container, shim, signal);
  }

  /** Never rejects: who fills the disk can be stopped on a full one. */
  async #noteStopped(container: Container): Promise<void> {
    try {
      await withContainerLock(container.id, async () => {
        if (container.running) this.#store.move(container, { manuallyStopped: true });
      });
    } catch (error) {
      log.warn('that a user has stopped a container could not be stored', {
        container: container.id,
        error: messageOf(error),
      });
    }
  }

  async #thaw(container: Container, shim: ShimClient, signal: number): Promise<void> {
    try {
      await withContainerLock(container.id, async () => {
        if (container.shim !== shim || container.state.status !== 'paused') return;
        await shim.resume();
        // Of SIGKILL there is nothing left that could go on.
        if (signal === sigkill) return;
        this.#store.move(container, { status: 'running' });
        publishContainerEvent(this.#events, container, 'unpause');
      });
    } catch (error) {
      if (container.running)
        log.warn('could not thaw a container that is to end', {
          container: container.id,
          error: messageOf(error),
        });
    }
  }
}

/**
 * Whether a signal is meant to end the container for good: SIGKILL and its own stop signal are, and as the reference has it any
 * other, unless the container names its stop signal.
 */
function endsIt({ config }: Container, signal: number): boolean {
  return !config.StopSignal || signal === sigkill || signal === parseSignal(config.StopSignal);
}

/** The signal a kill asks for, SIGKILL unless it names one. Throws invalid-argument, the text begun with `prefix`. */
export function killSignal(given: string | undefined, prefix: string): number {
  if (!given) return sigkill;
  let number: number;
  try {
    number = parseSignal(given);
  } catch (error) {
    throw prefixed(error, prefix);
  }
  if (!isSignal(number)) throw invalidArgument(`${prefix}the linux daemon does not support signal ${number}`);
  return number;
}

function stopSignal({ config }: Container, given: string | undefined, prefix: string): number {
  try {
    return given ? parseSignal(given) : config.StopSignal ? parseSignal(config.StopSignal) : sigterm;
  } catch (error) {
    // The reference answers 500 here.
    throw internal(prefix + messageOf(error), error);
  }
}

function prefixed(error: unknown, prefix: string): EngineError {
  const kind = error instanceof EngineError ? error.kind : 'internal';
  if (isKind(error, 'not-modified')) return error;
  return new EngineError(kind, prefix + messageOf(error), { cause: error });
}

/** Waits until the container does not run. Resolves false when it still does after `timeoutMs`. */
export function ended(container: Container, timeoutMs: number): Promise<boolean> {
  if (!container.running) return Promise.resolve(true);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const over = (): void => resolve(true);
  let timer: NodeJS.Timeout | undefined;
  const wait = (leftMs: number): void => {
    const ms = Math.min(leftMs, longestTimerMs);
    timer = setTimeout(() => (leftMs > ms ? wait(leftMs - ms) : resolve(false)), ms);
  };
  if (Number.isFinite(timeoutMs)) wait(timeoutMs);
  container.once('exited', over);
  return promise.finally(() => {
    clearTimeout(timer);
    container.off('exited', over);
  });
}
