import { once } from 'node:events';
import { readFile, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { logger } from '../../log.ts';
import { ShimClient, type ExitStatus } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import type { ContainerPaths } from '../paths.ts';
import { sigkill } from '../signals.ts';
import type { ContainerStore } from '../store.ts';
import { formatTime } from '../times.ts';
import { nowNano } from '../../events/bus.ts';
import type { ContainerRuns } from './run.ts';

const log = logger('containers');

/** A stopped shim says so at once. */
const exitDeadlineMs = 10_000;

/**
 * Brings records and reality together when the daemon starts. Shims are the truth for what runs, `exit` files for what has
 * ended while nobody looked; what is neither is dead and is cleared away. After it every container's state is true.
 */
export class ContainerRecovery {
  readonly #deps: ContainerDeps;
  readonly #store: ContainerStore;
  readonly #paths: ContainerPaths;
  readonly #runs: ContainerRuns;

  constructor(deps: ContainerDeps, store: ContainerStore, paths: ContainerPaths, runs: ContainerRuns) {
    this.#deps = deps;
    this.#store = store;
    this.#paths = paths;
    this.#runs = runs;
  }

  async run(): Promise<void> {
    const shims = await this.#connectShims();
    const bundles = new Set(await list(this.#paths.bundles));
    const live = await Promise.all(
      this.#store.all().map((container) => this.#settle(container, shims.get(container.id), bundles)),
    );
    const running = live.filter((entry) => entry !== undefined);
    await this.#deps.networks.recover(running.map(({ containerId, pid }) => ({ containerId, pid })));
    await Promise.all(running.map(({ containerId, shim }) => this.#adopt(containerId, shim)));
    await this.#sweepBundles(new Set(running.map(({ containerId }) => containerId)));
    await this.#sweepDirectories();
  }

  /** Connects to every shim there is; those of containers nobody knows are ended. By container id. */
  async #connectShims(): Promise<Map<string, ShimClient>> {
    const shims = new Map<string, ShimClient>();
    const prefixes = new Map(this.#store.all().map(({ id }) => [id.slice(0, 32), id]));
    const connect = async (name: string): Promise<void> => {
      const path = join(this.#paths.shims, name);
      const id = prefixes.get(name.slice(0, 32));
      const shim = await ShimClient.connect(path).catch(() => undefined);
      if (shim && id !== undefined) shims.set(id, shim);
      else if (shim) await endStray(shim);
      else if (id === undefined) await unlink(path).catch(() => {});
    };
    const names = await list(this.#paths.shims);
    await Promise.all(names.filter((name) => name.endsWith('.sock')).map(connect));
    return shims;
  }

  /** Decides what a container is now. Returns it when it runs. */
  async #settle(
    container: Container,
    shim: ShimClient | undefined,
    bundles: ReadonlySet<string>,
  ): Promise<Live | undefined> {
    try {
      const hello = await shim?.hello();
      if (shim && hello && (hello.state === 'running' || hello.state === 'paused')) {
        this.#markRunning(container, hello.state, hello.pid);
        return { containerId: container.id, pid: hello.pid, shim };
      }
      if (shim && hello?.state === 'stopped') await this.#settleEnded(container, await exitOf(shim));
      else if (bundles.has(container.id))
        await this.#settleEnded(container, await readExit(this.#paths.exitFile(container.id)));
      if (shim) await endStray(shim);
    } catch (error) {
      log.error('container could not be recovered', { container: container.id, error: messageOf(error) });
      // A shim that is slow to answer is no dead one: its container is not to be killed for it.
      if (shim?.connected && container.running)
        return { containerId: container.id, pid: container.state.pid, shim };
    }
    if (container.running) await this.#runs.recordLost(container, undefined);
    return undefined;
  }

  /** The start had been made but not recorded, or a pause. */
  #markRunning(container: Container, status: 'running' | 'paused', pid: number): void {
    const { state } = container;
    if (!container.running)
      this.#store.move(container, {
        status: 'running',
        pid,
        exitCode: 0,
        error: '',
        startedAt: formatTime(nowNano()),
      });
    else if (state.pid !== pid) this.#store.move(container, { status: state.status, pid });
    if (container.state.status !== status) this.#store.move(container, { status });
  }

  /** A run has ended; the record may not know of the end, nor even of the start. */
  async #settleEnded(container: Container, exit: ExitStatus | undefined): Promise<void> {
    if (!exit || (!container.running && container.state.finishedAt === formatTime(exit.at))) return;
    if (!container.running) this.#markRunning(container, 'running', 0);
    await this.#runs.recordExit(container, exit);
  }

  async #adopt(id: string, shim: ShimClient): Promise<void> {
    const container = this.#store.find(id);
    if (!container) return;
    try {
      await this.#runs.adopt(container, shim);
      log.info('running container found again', { container: id });
    } catch (error) {
      log.error('shim did not answer', { container: id, error: messageOf(error) });
      if (!shim.connected) await this.#runs.recordLost(container, container.shim);
    }
  }

  /** What runs left that have no shim any more, or whose start was cut off. */
  async #sweepBundles(live: ReadonlySet<string>): Promise<void> {
    for (const id of await list(this.#paths.bundles)) {
      if (live.has(id)) continue;
      await this.#runs
        .reap(id, this.#store.find(id)?.hostConfig.CgroupParent ?? '')
        .catch((error: unknown) => {
          log.warn('leftovers of a run remain', { container: id, error: messageOf(error) });
        });
    }
  }

  /** Directories of containers that have no row: a create or a remove was cut off. */
  async #sweepDirectories(): Promise<void> {
    for (const name of await list(this.#paths.directories))
      if (!this.#store.find(name)) await rm(this.#paths.directory(name), { recursive: true, force: true });
  }
}

/** A container that runs, and its shim. */
interface Live {
  containerId: string;
  pid: number;
  shim: ShimClient;
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}

/** The exit a shim in state `stopped` reports to whoever subscribes. */
async function exitOf(shim: ShimClient): Promise<ExitStatus> {
  const exit = once(shim, 'exit', { signal: AbortSignal.timeout(exitDeadlineMs) }) as Promise<[ExitStatus]>;
  const [[status]] = await Promise.all([exit, shim.subscribe()]);
  return status;
}

/** Ends a shim whose container is unknown, whose start was never completed, or whose exit is recorded. */
async function endStray(shim: ShimClient): Promise<void> {
  try {
    const { state } = await shim.hello();
    if (state === 'running' || state === 'paused') {
      const exited = Promise.withResolvers<void>();
      shim.once('exit', () => exited.resolve()).once('disconnect', () => exited.resolve());
      await shim.subscribe();
      await shim.kill(sigkill, { all: true });
      if (state === 'paused') await shim.resume();
      await exited.promise;
    }
    await shim.forget();
  } catch (error) {
    log.warn('stray shim did not end', { socket: shim.path, error: messageOf(error) });
  }
  shim.close();
}

/** `code=<n> at=<ns> oom=<0|1>`, native/PROTOCOL.md section 2. Undefined when there is no (whole) file. */
export async function readExit(path: string): Promise<ExitStatus | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const match = /^code=(\d+)(?: signal=\d+)? at=(\d+) oom=([01])/.exec(text);
  return match
    ? { code: Number(match[1]), at: BigInt(match[2] ?? 0), oomKilled: match[3] === '1' }
    : undefined;
}
