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
    const live = await Promise.all(this.#store.all().map((container) => this.#settle(container, shims.get(container.id))));
    await this.#deps.networks.recover(live.filter((entry) => entry !== undefined));
    await Promise.all(live.map((entry) => entry && this.#adopt(entry.containerId, shims)));
    await this.#sweepDirectories();
  }

  /** Connects to every shim there is; those of containers nobody knows are ended. By container id. */
  async #connectShims(): Promise<Map<string, ShimClient>> {
    const shims = new Map<string, ShimClient>();
    const prefixes = new Map(this.#store.all().map(({ id }) => [id.slice(0, 32), id]));
    const names = await readdir(this.#paths.shims).catch(() => [] as string[]);
    await Promise.all(
      names
        .filter((name) => name.endsWith('.sock'))
        .map(async (name) => {
          const path = join(this.#paths.shims, name);
          const id = prefixes.get(name.slice(0, 32));
          const shim = await ShimClient.connect(path).catch(() => undefined);
          if (!shim) return id === undefined ? unlink(path).catch(() => {}) : undefined;
          if (id === undefined) return await this.#endStray(shim);
          shims.set(id, shim);
        }),
    );
    return shims;
  }

  /** Decides what a container is now. Returns it when it runs. */
  async #settle(container: Container, shim: ShimClient | undefined): Promise<{ containerId: string; pid: number } | undefined> {
    try {
      const hello = await shim?.hello();
      if (shim && hello?.state === 'created') await this.#endStray(shim);
      else if (shim && hello) {
        this.#markRunning(container, hello.state === 'paused' ? 'paused' : 'running', hello.pid);
        return { containerId: container.id, pid: hello.pid };
      }
      await this.#settleDead(container);
    } catch (error) {
      log.error('container could not be recovered', { container: container.id, error: messageOf(error) });
      if (container.running) await this.#runs.recordLost(container, undefined);
    }
    return undefined;
  }

  /** The start had been made but not recorded, or a pause. */
  #markRunning(container: Container, status: 'running' | 'paused', pid: number): void {
    const { state } = container;
    if (!container.running)
      this.#store.move(container, { status: 'running', pid, exitCode: 0, error: '', startedAt: formatTime(nowNano()) });
    else if (state.pid !== pid && pid !== 0) this.#store.move(container, { status: state.status, pid });
    if (container.state.status !== status) this.#store.move(container, { status });
  }

  async #settleDead(container: Container): Promise<void> {
    if (!container.running) return;
    const exit = await readExit(this.#paths.exitFile(container.id));
    if (!exit) return await this.#runs.recordLost(container, undefined);
    await this.#runs.recordExit(container, exit);
    await this.#runs.reap(container.id, container.hostConfig.CgroupParent).catch((error: unknown) => {
      log.warn('leftovers of an ended container remain', { container: container.id, error: messageOf(error) });
    });
  }

  async #adopt(id: string, shims: ReadonlyMap<string, ShimClient>): Promise<void> {
    const container = this.#store.find(id);
    const shim = shims.get(id);
    if (!container || !shim) return;
    try {
      await this.#runs.adopt(container, shim);
      log.info('running container found again', { container: id });
    } catch (error) {
      log.error('shim did not answer', { container: id, error: messageOf(error) });
    }
  }

  /** A shim whose container is unknown, or whose start was never completed. */
  async #endStray(shim: ShimClient): Promise<void> {
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

  /** Directories of containers that have no row: a create or a remove was cut off. */
  async #sweepDirectories(): Promise<void> {
    for (const name of await readdir(this.#paths.directories).catch(() => [] as string[]))
      if (!this.#store.find(name)) await rm(this.#paths.directory(name), { recursive: true, force: true });
  }
}

/** `code=<n> at=<ns> oom=<0|1>`, native/PROTOCOL.md section 2. Undefined when there is no (whole) file. */
export async function readExit(path: string): Promise<ExitStatus | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const match = /^code=(\d+)(?: signal=\d+)? at=(\d+) oom=([01])/.exec(text);
  return match ? { code: Number(match[1]), at: BigInt(match[2] ?? 0), oomKilled: match[3] === '1' } : undefined;
}
