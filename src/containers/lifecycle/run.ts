import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  EngineError,
  conflict,
  invalidArgument,
  isKind,
  messageOf,
  notFound,
  notModified,
} from '../../errors.ts';
import { nowNano } from '../../events/bus.ts';
import { faultPoint } from '../../faults.ts';
import { ExecutorEnded } from '../../host/executor.ts';
import { give } from '../../host/give.ts';
import { logger } from '../../log.ts';
import type { BoundPort, LinkedHost, PreparedSandbox } from '../../networks/service.ts';
import { ShimClient, type ExitStatus } from '../../runtime/shim-client.ts';
import { openedSources } from '../../runtime/spec/mounts.ts';
import { generateSpec } from '../../runtime/spec/spec.ts';
import { cgroupOf } from '../cgroup.ts';
import { findCriu } from '../checkpoints/criu.ts';
import type { Container } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import { publishContainerEvent, publishNetworkEvents } from '../events.ts';
import { Links } from '../links.ts';
import { shimLog } from '../log/config.ts';
import { editNameFile } from '../name-file.ts';
import { sandboxRequest } from '../network-request.ts';
import type { ContainerPaths } from '../paths.ts';
import type { ContainerState } from '../state.ts';
import type { ContainerStore } from '../store.ts';
import { formatTime } from '../times.ts';
import { withContainerLock } from './lock.ts';
import { specInput } from './spec-input.ts';
import { networkOwner } from './joined.ts';
import { holdVolumes, releaseVolumes } from './volume-use.ts';
import { asEngineError, isStillborn, startFailure } from './start-error.ts';

const log = logger('containers');

const networkPrefix = 'failed to set up container networking: ';

/** Loading an image's filter for the first time, CRIU, or a machine under load, may take this long. */
const startDeadlineMs = 120_000;

/** Removing a control group may take the kernel a while. */
const cleanUpDeadlineMs = 10_000;

/** How often it is tried to store an end. */
const recordAgainMs = 1000;

/** `shim.start`'s answer, native/PROTOCOL.md 1.1. */
interface StartedShim {
  shimPid: number;
  pid: number;
  ports?: BoundPort[];
  links?: string[];
}

/** A checkpoint to go on from, and the program that can. */
interface Origin {
  directory: string;
  criu: string;
}

/** A user, the daemon at its own start, or a restart policy whose wait is over. */
export type Starter = 'user' | 'boot' | 'policy';

/** What follows the end of a run: restart policy, automatic removal; and what a start may begin with. */
export interface RunFollower {
  /** The directory of a checkpoint. Throws internal when the container has none of that name. */
  checkpoint(container: Container, name: string): Promise<string>;
  /** Under the lock, before a start: false while the container is being removed. */
  mayStart(container: Container): boolean;
  /** Under the lock: a start begins that is none of a restart policy. */
  begins(container: Container): void;
  /** Under the lock, before the end is stored: what the state becomes. */
  stateAfter(
    container: Container,
    exit: ExitStatus,
  ): Pick<ContainerState, 'manuallyStopped'> & { status: 'exited' | 'restarting' };
  /** After it, without the lock. */
  ended(container: Container, exit: ExitStatus): void;
}

/** Begins runs of containers and records their ends. */
export class ContainerRuns {
  readonly #deps: ContainerDeps;
  readonly #store: ContainerStore;
  readonly #links: Links;
  readonly #paths: ContainerPaths;
  readonly #follower: RunFollower;
  /** Shims that clean up after a run: the next run of the container uses the same names. */
  readonly #endings = new Map<string, Promise<void>>();
  /** Whose end is known and could not be stored yet. */
  readonly #unrecorded = new WeakSet<ShimClient>();
  #closed = false;

  constructor(deps: ContainerDeps, store: ContainerStore, paths: ContainerPaths, follower: RunFollower) {
    this.#deps = deps;
    this.#store = store;
    this.#links = new Links(store);
    this.#paths = paths;
    this.#follower = follower;
  }

  /**
   * Starts a container. One question to the executor, one row, one word to the shim.
   * @param by  who asks. Only for `policy`, after the wait between two runs, do counters go on.
   * @param checkpoint  name of the checkpoint to go on from
   * @throws not-modified while it runs or a restart policy waits; conflict while paused or being removed; otherwise what
   *         startFailure says
   */
  async start(container: Container, by: Starter, checkpoint?: string): Promise<void> {
    await withContainerLock(container.id, async () => {
      const { status } = container.state;
      if (status === 'running' || (status === 'restarting' && by === 'user'))
        throw notModified('container already started');
      if (by === 'policy' && status !== 'restarting') return;
      if (status === 'paused') throw conflict('cannot start a paused container, try unpause instead');
      const gone = this.#store.find(container.id) !== container;
      if (gone || status === 'removing' || status === 'dead' || !this.#follower.mayStart(container))
        throw conflict('container is marked for removal and cannot be started');
      if (by !== 'policy') this.#follower.begins(container);
      const from = checkpoint === undefined ? undefined : await this.#origin(container, checkpoint);
      await this.#begin(container, by, from);
    });
  }

  /** A start that has nothing to begin with leaves its words, and the exit code of the run before. */
  async #origin(container: Container, checkpoint: string): Promise<Origin> {
    try {
      const directory = await this.#follower.checkpoint(container, checkpoint);
      return { directory, criu: await findCriu() };
    } catch (error) {
      const { status, exitCode } = container.state;
      this.#store.move(container, { status, error: messageOf(error), exitCode: exitCode || 128 });
      throw error;
    }
  }

  async #begin(container: Container, by: Starter, from: Origin | undefined, again = true): Promise<void> {
    const { id } = container;
    try {
      const shim = await this.#prepare(container, from);
      const { at, pid } = await this.#release(container, shim);
      faultPoint('start:released');
      const startedAt = formatTime(at > 0n ? at : nowNano());
      const fresh = by === 'policy' ? {} : { restartCount: 0, manuallyStopped: false };
      this.#store.move(container, {
        status: 'running',
        pid,
        exitCode: 0,
        error: '',
        oomKilled: false,
        startedAt,
        ...fresh,
      });
    } catch (thrown) {
      const failure = await this.#undo(container, thrown);
      if (isStillborn(thrown)) return this.#recordStillborn(container);
      // All of it has been undone, and the next executor knows nothing of the last one's trouble.
      if (again && thrown instanceof ExecutorEnded) return this.#begin(container, by, from, false);
      const { error, exitCode } = startFailure(failure);
      const status = container.state.status === 'created' ? 'created' : 'exited';
      // Of a restart that fails, what ended before remains.
      const end = by === 'policy' ? {} : { exitCode };
      this.#store.move(container, { status, pid: 0, error: error.message, ...end });
      throw error;
    }
    faultPoint('start:stored');
    log.info('container started', { container: id });
    publishContainerEvent(this.#deps.events, container, 'start');
    container.emit('started');
  }

  /** A run that was over before it began. */
  #recordStillborn(container: Container): void {
    const at = nowNano();
    const { events } = this.#deps;
    this.#store.move(container, {
      status: 'running',
      pid: 0,
      exitCode: 0,
      error: '',
      startedAt: formatTime(at),
    });
    publishContainerEvent(events, container, 'start');
    this.#store.move(container, { status: 'exited', exitCode: 255, finishedAt: formatTime(at) });
    publishContainerEvent(events, container, 'die', { execDuration: '0', exitCode: '255' });
    const exit: ExitStatus = { code: 255, at, oomKilled: false };
    container.emit('exited', exit);
    setImmediate(() => this.#follower.ended(container, exit));
  }

  /** Makes everything a run needs, up to an init that waits. */
  async #prepare(container: Container, from: Origin | undefined): Promise<ShimClient> {
    const { deps, paths } = { deps: this.#deps, paths: this.#paths };
    const { id, hostConfig } = container;
    await this.#endings.get(id);
    const rootfs = deps.snapshotter.mounts(id);
    await holdVolumes(container, deps.volumes);
    const linked = this.#linked(container);
    const prepared = await this.#prepareNetwork(container, linked.hosts);
    const [input] = await Promise.all([
      specInput(container, {
        settings: deps.settings,
        host: deps.host,
        paths,
        containerOf: (nameOrId) => this.#store.get(nameOrId),
        imageLayers: (imageId) => this.layersOf(imageId),
        linkedEnv: linked.env,
      }),
      this.#writeFiles(container, prepared.files),
    ]);
    const spec = generateSpec(input);
    faultPoint('start:network');
    const asked = deps.executor.request<StartedShim>(
      'shim.start',
      {
        container: id,
        bundle: paths.bundle(id),
        stateDir: paths.bundle(id),
        socket: paths.socket(id),
        spec,
        sources: openedSources(input, spec.mounts),
        user: container.config.User || '0',
        groupAdd: [...(hostConfig.GroupAdd ?? []), ...(input.edits?.additionalGids ?? []).map(String)],
        // Writable also for a read-only root: the runtime makes mount points in it before it closes it.
        rootfs,
        stdio: stdioOf(container),
        log: shimLog(container, paths.logs(id)),
        sandbox: prepared.sandbox,
        runtime: this.#runtimeOf(container),
        ...(from && { checkpoint: from }),
      },
      { deadlineMs: startDeadlineMs },
    );
    faultPoint('start:asked');
    const started = await asked;
    faultPoint('start:prepared', started.shimPid);
    // What there is to be released must be known before anything else can fail.
    deps.networks.started(id, { pid: started.pid, ports: started.ports, links: started.links });
    const shim = await ShimClient.connect(paths.socket(id));
    container.shim = shim;
    publishNetworkEvents(deps, container, 'connect');
    void this.#tellLinked(container);
    return shim;
  }

  /** Who is linked to a container learns its new address. Never rejects. */
  async #tellLinked(container: Container): Promise<void> {
    const { IPAddress = '' } =
      this.#deps.networks.settings(sandboxRequest(container)).Networks['bridge'] ?? {};
    if (IPAddress === '') return;
    for (const { parent, alias, line } of this.#links.tellers(container, IPAddress))
      await editNameFile(parent.id, this.#paths.hosts(parent.id), (text) =>
        text
          .split('\n')
          .map((each) => (each.split(/[\t ]/)[1] === alias ? line : each))
          .join('\n'),
      );
  }

  /** Links are for the default network alone: on others containers have names. */
  #linked(container: Container): ReturnType<Links['resolve']> {
    if (!('bridge' in container.record.endpoints)) return { hosts: [], env: [] };
    return this.#links.resolve(
      container,
      (target) => this.#deps.networks.settings(sandboxRequest(target)).Networks['bridge']?.IPAddress ?? '',
    );
  }

  /** A container in another's network goes by the other's name. */
  async #prepareNetwork(container: Container, linked: readonly LinkedHost[]): Promise<PreparedSandbox> {
    const owner = networkOwner(container, (nameOrId) => this.#store.get(nameOrId));
    if (owner && owner.config.Hostname !== container.config.Hostname) {
      const { Hostname, Domainname } = owner.config;
      this.#store.change(container, { config: { ...container.config, Hostname, Domainname } });
    }
    try {
      return await this.#deps.networks.prepare(sandboxRequest(container, linked));
    } catch (error) {
      const { kind, message } = asEngineError(error);
      throw new EngineError(kind, `${networkPrefix}${message.replace(networkPrefix, '')}`, { cause: error });
    }
  }

  /** The directories of an image's layers, nearest first. */
  layersOf(imageId: string): string[] {
    const image = this.#deps.images.find(imageId);
    if (!image) throw notFound(`No such image: ${imageId}`);
    return image.chainId ? this.#deps.snapshotter.layers(image.chainId) : [];
  }

  #runtimeOf({ hostConfig }: Container): { path: string; args: string[]; root: string } | null {
    const entry = this.#deps.settings.runtimes.get(hostConfig.Runtime);
    if (entry === undefined) throw invalidArgument(`unknown or invalid runtime name: ${hostConfig.Runtime}`);
    return entry && { ...entry, root: `${this.#deps.settings.execRoot}/runtimes/${hostConfig.Runtime}` };
  }

  async #writeFiles(container: Container, files: PreparedSandbox['files']): Promise<void> {
    if (!files) return;
    const { id, config, hostConfig } = container;
    const hostname = hostConfig.UTSMode === 'host' ? this.#deps.host.hostname : config.Hostname;
    await Promise.all([
      this.#writeFile(this.#paths.hosts(id), files.hosts),
      this.#writeFile(this.#paths.resolvConf(id), files.resolvConf),
      this.#writeFile(this.#paths.hostname(id), `${hostname}\n`),
    ]);
  }

  async #writeFile(path: string, text: string): Promise<void> {
    await writeFile(path, text, { mode: 0o644 });
    give(path, this.#deps.settings.owner);
  }

  /** Attaches who waits for it, then lets init exec. */
  async #release(container: Container, shim: ShimClient): Promise<{ at: bigint; pid: number }> {
    this.#watch(container, shim);
    await Promise.all([shim.subscribe(), container.prepared(shim)]);
    return shim.start();
  }

  /** Takes back a run that has not come to exec. Returns the failure, better worded where the network knows more. */
  async #undo(container: Container, thrown: unknown): Promise<unknown> {
    const { shim } = container;
    container.shim = undefined;
    publishNetworkEvents(this.#deps, container, 'disconnect');
    void releaseVolumes(container, this.#deps.volumes);
    const failure = this.#deps.networks.failed(container.id, thrown);
    if (shim?.connected) this.#dismiss(container, shim);
    // Before anybody starts it again: the next run has the same names.
    else if (shim) await this.#reapQuietly(container);
    // The executor died, or did not answer in time: nobody has undone what it had begun.
    else if (isKind(thrown, 'unavailable')) await this.#reapQuietly(container);
    return failure;
  }

  /** Lets a shim clean up and end, or does it in its place; the container's next start waits for that. */
  #dismiss(container: Container, shim: ShimClient): void {
    const { id } = container;
    const end = async (): Promise<void> => {
      if (!(await dismissShim(shim)) && !this.#closed) await this.#reapQuietly(container);
      if (this.#endings.get(id) === ending) this.#endings.delete(id);
    };
    const ending = end();
    this.#endings.set(id, ending);
  }

  /**
   * Takes over a run begun by an earlier daemon. `exit` of what has ended meanwhile follows at once.
   * Throws when the shim is gone.
   */
  async adopt(container: Container, shim: ShimClient): Promise<void> {
    container.shim = shim;
    await holdVolumes(container, this.#deps.volumes).catch((error: unknown) => {
      log.error('volume of a running container is not mounted', {
        container: container.id,
        error: messageOf(error),
      });
    });
    this.#watch(container, shim);
    await shim.subscribe();
  }

  #watch(container: Container, shim: ShimClient): void {
    shim.once('exit', (exit) => void this.#endedAtLast(container, shim, exit));
    shim.once('oom', () => publishContainerEvent(this.#deps.events, container, 'oom'));
    shim.once('disconnect', () => void this.#lost(container, shim));
  }

  /** The shim is gone without a word of the exit: what is left of the container is removed. Never rejects. */
  async #lost(container: Container, shim: ShimClient): Promise<void> {
    // Of a start that is under way it is the start that hears of it and clears up.
    if (container.shim !== shim || this.#closed || !container.running || this.#unrecorded.has(shim)) return;
    log.error('shim died, its container is killed', { container: container.id });
    await this.#reapQuietly(container);
    await this.#endedAtLast(container, shim, lostExit());
  }

  /**
   * Records an end that cannot be recorded just now, because the disk is full, as soon as it can. Until then the container
   * counts as running, and its shim is not told to forget: what a daemon finds that starts meanwhile is true. Never rejects.
   */
  async #endedAtLast(container: Container, shim: ShimClient, exit: ExitStatus): Promise<void> {
    while (!this.#closed) {
      try {
        return await this.#ended(container, shim, exit);
      } catch (error) {
        if (!this.#unrecorded.has(shim))
          log.error('end of a run could not be recorded, which is tried again', {
            container: container.id,
            error: messageOf(error),
          });
        this.#unrecorded.add(shim);
        await delay(recordAgainMs, undefined, { ref: false });
      }
    }
  }

  async #reapQuietly(container: Container): Promise<void> {
    try {
      await this.reap(container.id, container.hostConfig.CgroupParent);
    } catch (error) {
      log.error('could not clear away a dead container', {
        container: container.id,
        error: messageOf(error),
      });
    }
  }

  /** Clears away what a dead shim left and records exit 137. */
  async recordLost(container: Container, shim: ShimClient | undefined): Promise<void> {
    await this.#reapQuietly(container);
    await this.#ended(container, shim, lostExit());
  }

  /** Removes processes, cgroup, mounts, sockets and files of a run whose shim is dead. */
  async reap(id: string, ownParent: string): Promise<void> {
    await this.#deps.executor.request('shim.reap', {
      stateDir: this.#paths.bundle(id),
      socket: this.#paths.socket(id),
      cgroup: cgroupOf(id, ownParent, this.#deps.settings.cgroupParent),
    });
  }

  /** Records the end of a run; called once per run whoever reports it. */
  async recordExit(container: Container, exit: ExitStatus): Promise<void> {
    await this.#ended(container, container.shim, exit);
  }

  async #ended(container: Container, shim: ShimClient | undefined, exit: ExitStatus): Promise<void> {
    const recorded = await withContainerLock(container.id, async () => {
      // A start that failed has been taken back already.
      if (container.shim !== shim || !container.running) return false;
      this.#recordEnd(container, exit);
      // Under the lock: the next start must find it, and wait.
      if (shim) this.#dismiss(container, shim);
      return true;
    });
    if (recorded) this.#follower.ended(container, exit);
  }

  /** Throws when it cannot be stored; nothing has been done then. */
  #recordEnd(container: Container, exit: ExitStatus): void {
    const { id, state } = container;
    const { status, manuallyStopped } = this.#follower.stateAfter(container, exit);
    this.#store.move(container, {
      status,
      manuallyStopped,
      pid: 0,
      exitCode: exit.code,
      oomKilled: exit.oomKilled,
      finishedAt: formatTime(exit.at),
      restartCount: state.restartCount + (status === 'restarting' ? 1 : 0),
    });
    faultPoint('end:stored');
    container.shim = undefined;
    this.#releaseNetwork(container);
    void releaseVolumes(container, this.#deps.volumes);
    faultPoint('end:released');
    const seconds = Math.max(
      0,
      Math.floor((Number(exit.at / 1_000_000n) - Date.parse(state.startedAt)) / 1000),
    );
    publishContainerEvent(this.#deps.events, container, 'die', {
      execDuration: String(seconds),
      exitCode: String(exit.code),
    });
    log.info('container ended', { container: id, exitCode: exit.code, oomKilled: exit.oomKilled });
    container.emit('exited', exit);
  }

  /** Who waits for the end is not to wait for ever because something of the network could not be noted. */
  #releaseNetwork(container: Container): void {
    try {
      publishNetworkEvents(this.#deps, container, 'disconnect');
      this.#deps.networks.release(container.id);
    } catch (error) {
      log.error('network of a container that has ended was not released', {
        container: container.id,
        error: messageOf(error),
      });
    }
  }

  /** Lets go of all shims; containers run on. */
  close(): void {
    this.#closed = true;
    for (const container of this.#store.all()) {
      container.shim?.close();
      container.shim = undefined;
    }
  }
}

/**
 * Tells a shim that its exit is recorded; it answers when nothing of the run is left. Waits within reason, never rejects.
 * @returns false when it died before it could answer
 */
async function dismissShim(shim: ShimClient): Promise<boolean> {
  let alive = true;
  try {
    await shim.forget({ deadlineMs: cleanUpDeadlineMs });
  } catch (error) {
    alive = shim.connected;
    if (alive) log.warn('shim does not clean up', { socket: shim.path, error: messageOf(error) });
  }
  shim.close();
  return alive;
}

/** Of a container whose shim has died nothing is known but that it was killed. */
const lostExit = (): ExitStatus => ({ code: 137, at: nowNano(), oomKilled: false });

function stdioOf({ config, hostConfig }: Container): object {
  const { Tty, OpenStdin, StdinOnce } = config;
  const [height, width] = hostConfig.ConsoleSize;
  const consoleSize = Tty && height > 0 && width > 0 ? { consoleSize: [height, width] } : {};
  return { tty: Tty, openStdin: OpenStdin, stdinOnce: StdinOnce, ...consoleSize };
}
