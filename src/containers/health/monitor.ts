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
/** What a timer of Node takes: 24 days. */
const longestTimerMs = 0x7fff_ffff;
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
    kind === 'CMD' ? words : kind === 'CMD-SHELL' ? [...(shell ?? ['/bin/sh', '-c']), ...words] : [];
  if (!check || words.length === 0 || command.length === 0) return undefined;
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
  readonly #watches = new Map<string, HealthWatch>();
  readonly #unsubscribe: () => void;

  constructor(deps: HealthDeps) {
    this.#deps = deps;
    this.#unsubscribe = deps.events.subscribe(({ type, action, actor }) => {
      if (type !== 'container') return;
      const container = deps.containers.find(actor.id);
      if (!container) return;
      if (action === 'start') this.#begin(container, true);
      else if (action === 'unpause') this.#begin(container, false);
      else if (action === 'pause' || action === 'die') this.#end(container);
    });
    for (const container of deps.containers.all())
      if (container.state.status === 'running') this.#begin(container, true);
  }

  /** Ends all checks. */
  close(): void {
    this.#unsubscribe();
    for (const watch of this.#watches.values()) watch.end();
  }

  #begin(container: Container, anew: boolean): void {
    const { id, config } = container;
    this.#watches.get(id)?.end();
    this.#watches.delete(id);
    const plan = healthPlan(config.Healthcheck, config.Shell);
    if (!plan) return;
    const before = container.health;
    if (anew || !before) container.health = { Status: 'starting', FailingStreak: 0, Log: before?.Log ?? [] };
    this.#watches.set(id, new HealthWatch(this.#deps, container, plan));
  }

  /** Who is not checked counts as unhealthy, as in the reference: paused, or ended. No event says so. */
  #end(container: Container): void {
    this.#watches.get(container.id)?.end();
    this.#watches.delete(container.id);
    if (container.health) container.health = { ...container.health, Status: 'unhealthy' };
  }
}

/** The checks of one run of one container. */
class HealthWatch {
  readonly #deps: Pick<HealthDeps, 'containers' | 'exec'>;
  readonly #container: Container;
  readonly #plan: HealthPlan;
  readonly #periodEndsMs: number;
  readonly #over = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Pick<HealthDeps, 'containers' | 'exec'>, container: Container, plan: HealthPlan) {
    this.#deps = deps;
    this.#container = container;
    this.#plan = plan;
    this.#periodEndsMs = Date.parse(container.state.startedAt) + plan.startPeriodMs;
    this.#schedule();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#over.abort();
  }

  get #starting(): boolean {
    return Date.now() < this.#periodEndsMs;
  }

  #schedule(): void {
    const { intervalMs, startIntervalMs } = this.#plan;
    const early = this.#starting && this.#container.health?.Status === 'starting';
    const delayMs = early ? Math.min(startIntervalMs, intervalMs) : intervalMs;
    this.#timer = setTimeout(() => void this.#check(), Math.min(delayMs, longestTimerMs));
    this.#timer.unref();
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    const { signal } = this.#over;
    try {
      if (this.#container.state.status === 'running') await this.#probe(signal);
    } catch (error) {
      // It was paused or ended just now.
      if (!isKind(error, 'conflict') && !signal.aborted)
        log.warn('health check could not be run', {
          container: this.#container.id,
          error: messageOf(error),
        });
    }
    if (!signal.aborted) this.#schedule();
  }

  async #probe(signal: AbortSignal): Promise<void> {
    const { command, timeoutMs } = this.#plan;
    const container = this.#container;
    const result = await probe(this.#deps.exec, container, command, { timeoutMs, signal });
    if (signal.aborted || !container.health) return;
    const before = container.health.Status;
    container.health = judge(container.health, result, this.#plan, this.#starting);
    const { Status } = container.health;
    if (Status !== before) this.#deps.containers.publish(container, `health_status: ${Status}`);
  }
}
