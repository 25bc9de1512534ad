import { mkdirSync } from 'node:fs';
import { EngineError, conflict, internal, invalidArgument, isKind, messageOf } from '../errors.ts';
import type { ImageUser } from '../images/service.ts';
import { give } from '../host/give.ts';
import { logger } from '../log.ts';
import type { ExitStatus } from '../runtime/shim-client.ts';
import type { NetworkSettings } from '../networks/service.ts';
import { ContainerCheckpoints } from './checkpoints/service.ts';
import type { Container } from './container.ts';
import { ContainerCreator } from './create/create.ts';
import type { ContainerDeps } from './deps.ts';
import { publishContainerEvent } from './events.ts';
import { filterContainers, type ContainerFilters, type ListOptions } from './filter.ts';
import { prunable } from './prune.ts';
import { runsOrWill, withContainerLock } from './lifecycle/lock.ts';
import { ContainerRecovery } from './lifecycle/recover.ts';
import { ContainerRemover } from './lifecycle/remove.ts';
import { RestartTimers, wantsRestart, wantsStartAtBoot } from './lifecycle/restart-policy.ts';
import { ContainerRuns } from './lifecycle/run.ts';
import { ContainerStopper, killSignal } from './lifecycle/stop.ts';
import { logPath } from './log/config.ts';
import { parseContainerName } from './names.ts';
import { Links } from './links.ts';
import { NetworkMembership } from './network-membership.ts';
import { sandboxRequest } from './network-request.ts';
import { ContainerPaths } from './paths.ts';
import type { Containers, CreateRequest, RemoveOptions, StopOptions } from './service.ts';
import { isRunning, type ContainerState } from './state.ts';
import { ContainerStore } from './store.ts';
import type { Changes } from './update/merge.ts';
import { ContainerUpdater } from './update/update.ts';

const log = logger('containers');

/** How many containers a prune removes at once. */
const pruneWorkers = 8;

/** The containers service: finds containers and hands each verb to the part that knows it. */
export class ContainerService implements Containers {
  readonly #deps: ContainerDeps;
  readonly #store: ContainerStore;
  readonly #links: Links;
  /** Which networks containers are on. */
  readonly membership: NetworkMembership;
  /** Containers written to disk. */
  readonly checkpoints: ContainerCheckpoints;
  readonly #paths: ContainerPaths;
  readonly #timers = new RestartTimers();
  readonly #creator: ContainerCreator;
  readonly #runs: ContainerRuns;
  readonly #stopper: ContainerStopper;
  readonly #remover: ContainerRemover;
  readonly #updater: ContainerUpdater;
  #pruning = false;
  /** Being restarted by a user, by how many at once: their end removes nothing and starts nothing. */
  readonly #restarting = new Map<string, number>();

  constructor(deps: ContainerDeps) {
    this.#deps = deps;
    this.#store = new ContainerStore(deps.db);
    this.#links = new Links(this.#store);
    this.#paths = new ContainerPaths(deps.settings);
    this.membership = new NetworkMembership(deps, this.#store, this.#paths);
    this.#updater = new ContainerUpdater(deps, this.#store, this.#paths);
    this.#creator = new ContainerCreator(deps, this.#store, this.#paths);
    this.checkpoints = new ContainerCheckpoints(deps, this.#store, this.#paths);
    this.#runs = new ContainerRuns(deps, this.#store, this.#paths, {
      checkpoint: (container, name) => this.checkpoints.find(container, name),
      mayStart: ({ id }) => !this.#remover.isRemoving(id),
      begins: ({ id }) => this.#timers.reset(id),
      stateAfter: (container, exit) => this.#stateAfter(container, exit),
      ended: (container) => this.#afterEnd(container),
    });
    this.#stopper = new ContainerStopper(deps, this.#store, this.#timers);
    const { stopper, timers } = { stopper: this.#stopper, timers: this.#timers };
    this.#remover = new ContainerRemover(deps, this.#store, this.#paths, { stopper, timers });
    mkdirSync(this.#paths.directories, { recursive: true, mode: 0o710 });
    give(this.#paths.directories, { uid: 0, gid: deps.settings.owner.gid });
    mkdirSync(this.#paths.shims, { recursive: true, mode: 0o700 });
    mkdirSync(this.#paths.bundles, { recursive: true, mode: 0o711 });
  }

  /** Makes every state true after a restart of the daemon, then runs what restart policies want to run. Call once. */
  async recover(): Promise<void> {
    await new ContainerRecovery(this.#deps, this.#store, this.#paths, this.#runs).run();
    await this.membership.settle();
    for (const container of this.#store.all()) {
      const { status } = container.state;
      if (status === 'removing' || status === 'dead') await this.#removeQuietly(container);
      else if (status === 'restarting' || wantsStartAtBoot(container)) this.#runAnew(container);
    }
  }

  /** What containers call each other (`--link`). */
  get links(): Links {
    return this.#links;
  }

  get(nameOrId: string): Container {
    return this.#store.get(nameOrId);
  }

  find(id: string): Container | undefined {
    return this.#store.find(id);
  }

  all(): Container[] {
    return this.#store.all();
  }

  /** What a list shows, newest first. Throws as filterContainers. */
  list(options: ListOptions): Container[] {
    const { images } = this.#deps;
    return filterContainers(this.#store.all(), options, {
      container: (nameOrId) => this.#store.get(nameOrId),
      descends: (imageId, ancestor) => descends(images, imageId, ancestor),
      networks: (container) => networksOf(this.networkSettings(container)),
      ports: (container) => portsOf(this.networkSettings(container)),
    });
  }

  /** Removes every container that does not run and that the filters choose. Throws conflict while another prune is at it. */
  async prune(filters: ContainerFilters): Promise<{ removed: string[]; bytes: number }> {
    const chosen = prunable(this.#store.all(), filters);
    if (this.#pruning) throw conflict('a prune operation is already running');
    this.#pruning = true;
    try {
      return await this.#removeAll(chosen);
    } finally {
      this.#pruning = false;
    }
  }

  /** A few at a time: each waits for the executor and the disk now and then, and a client for all of them. */
  async #removeAll(containers: readonly Container[]): Promise<{ removed: string[]; bytes: number }> {
    const sizes = new Map<string, number>();
    const left = containers.values();
    const work = async (): Promise<void> => {
      for (const container of left) {
        try {
          const { own } = await this.sizes(container);
          await this.#remover.remove(container, container.id, { force: false, volumes: false, link: false });
          sizes.set(container.id, own);
        } catch (error) {
          log.warn('container was not pruned', { container: container.id, error: messageOf(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: pruneWorkers }, work));
    const removed = containers.map(({ id }) => id).filter((id) => sizes.has(id));
    return { removed, bytes: sizes.values().reduce((sum, own) => sum + own, 0) };
  }

  create(request: CreateRequest): Promise<{ id: string; warnings: string[] }> {
    return this.#creator.create(request);
  }

  async start(nameOrId: string, checkpoint?: string): Promise<void> {
    await this.#start(this.#store.get(nameOrId), checkpoint);
  }

  /** A container that is to be removed at its end is when it cannot be started, too. */
  async #start(container: Container, checkpoint?: string): Promise<void> {
    try {
      await this.#runs.start(container, 'user', checkpoint);
    } catch (error) {
      if (container.hostConfig.AutoRemove && isStartFailure(container, error))
        await this.#removeQuietly(container);
      throw error;
    }
  }

  async stop(nameOrId: string, options: StopOptions): Promise<void> {
    await this.#stopper.stop(this.#store.get(nameOrId), `cannot stop container: ${nameOrId}: `, options);
  }

  /** Whatever fails is an internal error, as in the reference. */
  async restart(nameOrId: string, options: StopOptions): Promise<void> {
    const container = this.#store.get(nameOrId);
    const { id } = container;
    this.#restarting.set(id, (this.#restarting.get(id) ?? 0) + 1);
    try {
      if ((await runsOrWill(container)) || container.state.status === 'restarting')
        await this.#stopper.stop(container, '', options).catch((error: unknown) => {
          // It has ended by itself meanwhile.
          if (!isKind(error, 'not-modified')) throw error;
        });
      await this.#start(container);
    } catch (error) {
      if (isKind(error, 'not-modified')) return;
      throw internal(`Cannot restart container ${nameOrId}: ${messageOf(error)}`, error);
    } finally {
      const others = (this.#restarting.get(id) ?? 1) - 1;
      if (others > 0) this.#restarting.set(id, others);
      else this.#restarting.delete(id);
    }
    this.publish(container, 'restart');
  }

  async kill(nameOrId: string, given: string | undefined): Promise<void> {
    const prefix = `cannot kill container: ${nameOrId}: `;
    const signal = killSignal(given, prefix);
    let container: Container;
    try {
      container = this.#store.get(nameOrId);
    } catch (error) {
      const kind = error instanceof EngineError ? error.kind : 'internal';
      throw new EngineError(kind, prefix + messageOf(error), { cause: error });
    }
    await this.#stopper.kill(container, prefix, signal);
  }

  async pause(nameOrId: string): Promise<void> {
    const container = this.#store.get(nameOrId);
    const { id } = container;
    await withContainerLock(id, async () => {
      const { status } = container.state;
      if (status === 'paused') throw conflict(`Container ${id} is already paused`);
      if (status === 'restarting')
        throw conflict(`Container ${id} is restarting, wait until the container is running`);
      if (status !== 'running' || !container.shim || this.#stopper.isDoomed(container.shim))
        throw conflict(`container ${id} is not running`);
      await container.shim.pause().catch((error: unknown) => {
        throw internal(`cannot pause container ${id}: ${messageOf(error)}`, error);
      });
      this.#store.move(container, { status: 'paused' });
    });
    this.publish(container, 'pause');
  }

  async unpause(nameOrId: string): Promise<void> {
    const container = this.#store.get(nameOrId);
    const { id } = container;
    await withContainerLock(id, async () => {
      if (container.state.status !== 'paused' || !container.shim)
        throw internal(`Container ${id} is not paused`);
      await container.shim.resume().catch((error: unknown) => {
        throw internal(`cannot resume container ${id}: ${messageOf(error)}`, error);
      });
      this.#store.move(container, { status: 'running' });
    });
    this.publish(container, 'unpause');
  }

  async rename(nameOrId: string, newName: string): Promise<void> {
    if (nameOrId === '' || newName === '') throw invalidArgument('Neither old nor new names may be empty');
    const container = this.#store.get(nameOrId);
    const { id, name: oldName } = container;
    await withContainerLock(id, async () => {
      this.#store.requirePresent(container, nameOrId);
      const given = newName.startsWith('/') ? newName : `/${newName}`;
      if (given === `/${container.name}`)
        throw invalidArgument('Renaming a container with the same name as its current name');
      try {
        const name = parseContainerName(given);
        this.#store.reserve(name, id);
        this.#store.change(container, { name });
        this.#renameEndpoints(container);
      } catch (error) {
        const kind = error instanceof EngineError ? error.kind : 'internal';
        throw new EngineError(kind, `Error when allocating new name: ${messageOf(error)}`, { cause: error });
      }
    });
    this.publish(container, 'rename', { oldName: `/${oldName}` });
  }

  /** On user-defined networks the new name counts at once, and the old one no more. */
  #renameEndpoints(container: Container): void {
    const request = sandboxRequest(container);
    const endpoints = Object.fromEntries(
      Object.entries(container.record.endpoints).map(([network, endpoint]) => [
        network,
        endpoint?.DNSNames
          ? { ...endpoint, DNSNames: this.#deps.networks.dnsNames(request, network) ?? [] }
          : endpoint,
      ]),
    );
    this.#store.change(container, { endpoints });
    this.#deps.networks.renamed(sandboxRequest(container));
  }

  /** Changes limits and restart policy. Returns warnings. */
  update(nameOrId: string, changes: Changes): Promise<string[]> {
    return this.#updater.update(nameOrId, changes);
  }

  async remove(nameOrId: string, options: RemoveOptions): Promise<void> {
    await this.#remover.remove(this.#store.get(nameOrId), nameOrId, options);
  }

  publish(container: Container, action: string, more: Record<string, string> = {}): void {
    publishContainerEvent(this.#deps.events, container, action, more);
  }

  imageUsers(): ImageUser[] {
    return this.#store.all().flatMap(({ id, record, state }) => {
      const mounted = record.mounts.flatMap(({ imageId }) => imageId ?? []);
      return [...new Set([record.imageId, ...mounted])].map((imageId) => ({
        containerId: id,
        imageId,
        running: isRunning(state) || state.status === 'restarting',
      }));
    });
  }

  logPath({ id, hostConfig }: Container): string {
    return logPath(hostConfig.LogConfig, this.#paths.logs(id));
  }

  /** Where the engine keeps the files of a container. */
  get paths(): ContainerPaths {
    return this.#paths;
  }

  /** The directories of an image's layers, nearest first. @throws not-found */
  layersOf(imageId: string): string[] {
    return this.#runs.layersOf(imageId);
  }

  /** `NetworkSettings` of inspect. */
  networkSettings(container: Container): NetworkSettings {
    const settings = this.#deps.networks.settings(sandboxRequest(container));
    // It has a loopback interface, which is nobody's network.
    return container.config.NetworkDisabled ? { ...settings, Networks: {} } : settings;
  }

  /** `GraphDriver` of inspect. */
  graphDriver({ id }: Container): { Data: Record<string, string>; Name: string } {
    const { driver } = this.#deps.snapshotter;
    return { Data: { ID: id, ...this.#deps.snapshotter.describe(id) }, Name: driver };
  }

  /**
   * Bytes of the container's own files, and with its image's.
   * @throws not-found when it has been removed meanwhile
   */
  async sizes(container: Container): Promise<{ own: number; total: number }> {
    const { id, record } = container;
    const { sizeBytes } = await this.#deps.snapshotter.usage(id).catch((error: unknown) => {
      this.#store.requirePresent(container, id);
      throw error;
    });
    const image = this.#deps.images.find(record.imageId);
    return { own: sizeBytes, total: sizeBytes + (image?.sizeBytes ?? 0) };
  }

  /** Lets go of the containers; they run on. */
  close(): void {
    this.#timers.close();
    this.#runs.close();
  }

  #stateAfter(
    container: Container,
    exit: ExitStatus,
  ): Pick<ContainerState, 'manuallyStopped'> & { status: 'exited' | 'restarting' } {
    const { id } = container;
    const manuallyStopped = container.state.manuallyStopped || this.#timers.hasGivenUp(id);
    const over = this.#restarting.has(id) || this.#remover.isRemoving(id) || this.#timers.hasGivenUp(id);
    return { status: !over && wantsRestart(container, exit) ? 'restarting' : 'exited', manuallyStopped };
  }

  #afterEnd(container: Container): void {
    const { id, hostConfig, state } = container;
    if (this.#restarting.has(id) || this.#remover.isRemoving(id)) return;
    if (state.status === 'restarting') this.#timers.schedule(container, () => this.#runAgain(container));
    else if (hostConfig.AutoRemove) void this.#removeQuietly(container);
  }

  /** A policy's start when the daemon starts: counters and waits begin anew, whatever ended the container before. */
  #runAnew(container: Container): void {
    this.#runs.start(container, 'boot').catch((error: unknown) => {
      log.warn('restart policy could not start a container', {
        container: container.id,
        error: messageOf(error),
      });
    });
  }

  /** The restart policy's start. What cannot start is not tried for ever: it ends as exited, as the reference does. */
  #runAgain(container: Container): void {
    this.#runs.start(container, 'policy').catch((error: unknown) => {
      log.warn('restart policy could not start a container', {
        container: container.id,
        error: messageOf(error),
      });
    });
  }

  async #removeQuietly(container: Container): Promise<void> {
    try {
      await this.#remover.remove(container, container.id, { force: false, volumes: true, link: false });
    } catch (error) {
      if (!isKind(error, 'conflict'))
        log.error('container could not be removed', { container: container.id, error: messageOf(error) });
    }
  }
}

/** A container that runs already, or is paused, has not failed to start. */
function isStartFailure({ running, state }: Container, error: unknown): boolean {
  return !running && !isKind(error, 'not-modified') && state.error === messageOf(error);
}

/** The container's image is the one named, or built on it here. */
function descends(images: ContainerDeps['images'], imageId: string, ancestor: string): boolean {
  let wanted: string;
  try {
    wanted = images.resolve(ancestor).id;
  } catch {
    return false;
  }
  for (let id = imageId; id !== ''; id = images.find(id)?.parentId ?? '') if (id === wanted) return true;
  return false;
}

function networksOf({ Networks }: NetworkSettings): { name: string; id: string }[] {
  return Object.entries(Networks).map(([name, { NetworkID }]) => ({ name, id: NetworkID }));
}

function portsOf({ Ports }: NetworkSettings): { published: Set<string>; exposed: Set<string> } {
  const unpublished = [{ HostPort: '0' }];
  const published = Object.entries(Ports).flatMap(([key, bindings]) =>
    (bindings?.length ? bindings : unpublished).map(
      ({ HostPort }) => `${HostPort}/${key.split('/')[1] ?? 'tcp'}`,
    ),
  );
  return { published: new Set(published), exposed: new Set(Object.keys(Ports)) };
}
