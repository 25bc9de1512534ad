import { isKind, messageOf } from '../../errors.ts';
import type { EventBus } from '../../events/bus.ts';
import { logger } from '../../log.ts';
import type { Healthcheck } from '../../runtime/config.ts';
import type { Container } from '../container.ts';
import type { ExecService } from '../exec/service.ts';
import type { Containers } from '../service.ts';
import { probe, type ProbeResult } from './probe.ts';

const log = logger('health');

/** `State.Health` of a container that has a check. */
export interface Health {
  Status: 'starting' | 'healthy' | 'unhealthy';
  FailingStreak: number;
  /** The last five, oldest first. */
  Log: ProbeResult[];
}

const nanosPerMs = 1e6;
const keptResults = 5;
const defaults = { intervalMs: 30_000, timeoutMs: 30_000, startIntervalMs: 5_000, retries: 3 };

/** A check as it is carried out. */
export interface HealthPlan {
  command: string[];
  intervalMs: number;
  timeoutMs: number;
  /** Failures count for nothing this long after the start, unless a check has succeeded. */
  startPeriodMs: number;
  /** Between checks in the start period. */
  startIntervalMs: number;
  retries: number;
}

/** What a health check asks for; undefined when there is none, or it is switched off. */
export function healthPlan(
  check: Healthcheck | undefined,
  shell: readonly string[] | undefined,
): HealthPlan | undefined {
  const [kind = 'NONE', ...words] = check?.Test ?? [];
  const command =
    kind === 'CMD' ? words : kind === 'CMD-SHELL' ? [...(shell ?? ['/bin/sh', '-c']), words[0] ?? ''] : [];
  if (!check || command.length === 0) return undefined;
  const ms = (nanos: number | undefined, standard: number): number => (nanos ? nanos / nanosPerMs : standard);
  return {
    command,
    intervalMs: ms(check.Interval, defaults.intervalMs),
    timeoutMs: ms(check.Timeout, defaults.timeoutMs),
    startPeriodMs: ms(check.StartPeriod, 0),
    startIntervalMs: ms(check.StartInterval, defaults.startIntervalMs),
    retries: check.Retries || defaults.retries,
  };
}

/** The health after one more check. */
export function judge(
  health: Health,
  result: ProbeResult,
  { retries }: HealthPlan,
  starting: boolean,
): Health {
  const Log = [...health.Log, result].slice(-keptResults);
  if (result.ExitCode === 0) return { Status: 'healthy', FailingStreak: 0, Log };
  // In the start period only a success means something.
  if (starting && health.Status === 'starting') return { ...health, Log };
  const FailingStreak = health.FailingStreak + 1;
  return { Status: FailingStreak >= retries ? 'unhealthy' : health.Status, FailingStreak, Log };
}

export interface HealthDeps {
  containers: Pick<Containers, 'all' | 'find' | 'publish'>;
  exec: ExecService;
  events: EventBus;
}

/**
 * Checks the health of running containers, each at its own pace; a check begins when the one before has ended. Begins with a
 * container's start and with the daemon's, ends with the run. Changes are published as `health_status: <status>`.
 */
export class HealthMonitor {
  readonly #deps: HealthDeps;
  readonly #running = new Map<string, AbortController>();
  readonly #unsubscribe: () => void;

  constructor(deps: HealthDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.events.subscribe(({ type, action, actor }) => {
      if (type !== 'container' || action !== 'start') return;
      const container = deps.containers.find(actor.id);
      if (container) this.#begin(container);
    });
    for (const container of deps.containers.all()) if (container.running) this.#begin(container);
  }

  /** Ends all checks. */
  close(): void {
    this.#unsubscribe();
    for (const controller of this.#running.values()) controller.abort();
  }

  #begin(container: Container): void {
    const plan = healthPlan(container.config.Healthcheck, container.config.Shell);
    if (!plan) return;
    this.#running.get(container.id)?.abort();
    const controller = new AbortController();
    this.#running.set(container.id, controller);
    container.once('exited', () => controller.abort());
    container.health = { Status: 'starting', FailingStreak: 0, Log: container.health?.Log ?? [] };
    void this.#watch(container, plan, controller.signal).finally(() => {
      if (this.#running.get(container.id) === controller) this.#running.delete(container.id);
    });
  }

  async #watch(container: Container, plan: HealthPlan, signal: AbortSignal): Promise<void> {
    const periodEnds = Date.parse(container.state.startedAt) + plan.startPeriodMs;
    while (!signal.aborted) {
      const starting = Date.now() < periodEnds;
      const early = starting && container.health?.Status === 'starting';
      await pause(early ? Math.min(plan.startIntervalMs, plan.intervalMs) : plan.intervalMs, signal);
      if (signal.aborted) return;
      await this.#check(container, plan, signal, Date.now() < periodEnds);
    }
  }

  async #check(
    container: Container,
    plan: HealthPlan,
    signal: AbortSignal,
    starting: boolean,
  ): Promise<void> {
    if (container.state.status !== 'running') return;
    try {
      const result = await probe(this.#deps.exec, container, plan.command, plan.timeoutMs);
      if (signal.aborted || !container.health) return;
      const before = container.health.Status;
      container.health = judge(container.health, result, plan, starting);
      const { Status } = container.health;
      if (Status !== before) this.#deps.containers.publish(container, `health_status: ${Status}`);
    } catch (error) {
      // It was paused or ended just now.
      if (!isKind(error, 'conflict') && !signal.aborted)
        log.warn('health check could not be run', { container: container.id, error: messageOf(error) });
    }
  }
}

/** Resolves after `ms`, or when `signal` fires. Does not keep the daemon alive. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  timer.unref();
  signal.addEventListener('abort', () => resolve(), { once: true });
  return promise.finally(() => clearTimeout(timer));
}
