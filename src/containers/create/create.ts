import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { internal, invalidArgument } from '../../errors.ts';
import { faultPoint } from '../../faults.ts';
import { ExecutorError } from '../../host/executor.ts';
import { give } from '../../host/give.ts';
import { nowNano } from '../../events/bus.ts';
import { logger } from '../../log.ts';
import type { EndpointRequest } from '../../networks/service.ts';
import type { HostConfig, MountPoint } from '../../runtime/config.ts';
import type { Rootfs } from '../../snapshots/snapshotter.ts';
import { Container, type ContainerRecord } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import { publishContainerEvent } from '../events.ts';
import { parseLink, type Link } from '../links.ts';
import { verifyLogConfig } from '../log/config.ts';
import { generateName, parseContainerName } from '../names.ts';
import type { ContainerPaths } from '../paths.ts';
import type { CreateBody, CreateRequest } from '../service.ts';
import { initialState } from '../state.ts';
import type { ContainerStore } from '../store.ts';
import { formatTime } from '../times.ts';
import { commandLine, containerConfig } from './config.ts';
import { hostConfigOf } from './host-config.ts';
import { makeVolumes, planMounts, type PlannedMounts } from './mounts.ts';
import { parseSecurityOptions } from './security-options.ts';
import { limitStorage } from './storage-size.ts';
import { verifyConfig } from './verify-config.ts';
import { verifyEndpoints } from './verify-endpoints.ts';
import { verifyHostConfig } from './verify-host.ts';
import { verifyNetworkMode } from './verify-network-mode.ts';
import { resolveImage } from './image.ts';
import { verifyResources } from './verify-resources.ts';

const log = logger('containers');

/**
 * Makes containers. What is made for one (name, snapshot, volumes, directory, row) is undone when a later step fails, and
 * what a crash leaves behind has no row and is swept at the next start.
 */
export class ContainerCreator {
  readonly #deps: ContainerDeps;
  readonly #store: ContainerStore;
  readonly #paths: ContainerPaths;

  constructor(deps: ContainerDeps, store: ContainerStore, paths: ContainerPaths) {
    this.#deps = deps;
    this.#store = store;
    this.#paths = paths;
  }

  /** Makes a container from create's request. Throws with the reference's texts. */
  async create({ name, platform, body }: CreateRequest): Promise<{ id: string; warnings: string[] }> {
    if (!body || !hasConfig(body))
      throw invalidArgument('config cannot be empty in order to create a container');
    const warnings = this.#verify(body);
    const image = resolveImage(this.#deps.images, body.Image ?? '', platform);
    const id = randomBytes(32).toString('hex');
    const hostnames = { container: id.slice(0, 12), host: this.#deps.host.hostname };
    const config = containerConfig(body, image?.config.config ?? {}, hostnames);
    // Without an image nothing can run anyway; that is found at start, as the reference does.
    if (image && commandLine(config).length === 0) throw invalidArgument('no command specified');
    const hostConfig = this.#namingById(hostConfigOf(body.HostConfig ?? {}, this.#deps.settings.defaults));
    verifyLogConfig(hostConfig.LogConfig);
    const chosen = this.#reserveName(name, id);
    await using undo = new AsyncDisposableStack();
    undo.defer(() => this.#store.unreserve(chosen, id));
    parseSecurityOptions(hostConfig.SecurityOpt);
    const plan = await planMounts(config, hostConfig, (nameOrId) => this.#store.get(nameOrId));
    if (this.#findImages(plan)) warnings.push('Image mount is an experimental feature');
    const record: Omit<ContainerRecord, 'mounts' | 'anonymousVolumes'> = {
      id,
      name: chosen,
      created: formatTime(nowNano()),
      config,
      hostConfig,
      endpoints: endpointsOf(
        body,
        config.NetworkDisabled ? 'none' : hostConfig.NetworkMode,
        (nameOrId) => this.#deps.networks.target(nameOrId).name,
      ),
      links: linksOf(hostConfig.Links, (nameOrId) => this.#store.get(nameOrId).id),
      imageId: image?.id ?? '',
    };
    undo.defer(() => this.#deps.snapshotter.remove(id));
    const rootfs = await this.#deps.snapshotter.prepare(id, image?.chainId);
    faultPoint('create:snapshot');
    await limitStorage(hostConfig, rootfs, this.#deps.executor);
    undo.defer(() =>
      this.#deps.executor.request('tree.remove', { path: this.#paths.directory(id) }).then(
        () => {},
        () => {},
      ),
    );
    await mkdir(this.#paths.directory(id), { recursive: true, mode: 0o710 });
    give(this.#paths.directory(id), { uid: 0, gid: this.#deps.settings.owner.gid });
    await this.#makeWorkingDir(rootfs, config.WorkingDir);
    const volumes = await makeVolumes(plan, this.#deps.volumes);
    undo.defer(() => volumes.undo());
    for (const point of volumes.mounts)
      if (plan.requests.has(point.Destination) && copiesImage(point)) await this.#populate(rootfs, point);
    const container = new Container(
      { ...record, mounts: volumes.mounts, anonymousVolumes: volumes.anonymous },
      initialState(),
    );
    faultPoint('create:volumes');
    this.#store.insert(container);
    faultPoint('create:stored');
    undo.move();
    volumes.done();
    publishContainerEvent(this.#deps.events, container, 'create');
    log.info('container created', { container: id, name: chosen });
    return { id, warnings };
  }

  /**
   * Finds the images that are to be mounted; true when there are any. What is mounted is what a name means now.
   * @throws not-found
   */
  #findImages({ points }: PlannedMounts): boolean {
    const { images, snapshotter } = this.#deps;
    const mounted = points.filter(({ Type }) => Type === 'image');
    for (const point of mounted) {
      const image = images.resolve(point.Name ?? '');
      point.imageId = image.id;
      point.Source = (image.chainId && snapshotter.layers(image.chainId)[0]) ?? '';
    }
    return mounted.length > 0;
  }

  /** An empty volume begins with what the image has at its place. */
  async #populate(
    rootfs: Rootfs,
    { Name = '', Destination: path, Source: target }: MountPoint,
  ): Promise<void> {
    const { executor, volumes } = this.#deps;
    await volumes.mounts.during(volumes.get(Name), (mount) =>
      executor.request('volume.populate', { rootfs, path, target, mount }, { deadlineMs: 0 }),
    );
  }

  /** The directory a container starts in is there once it has been created, owned by root. */
  async #makeWorkingDir(rootfs: Rootfs, path: string): Promise<void> {
    if (path === '' || path === '/') return;
    try {
      await this.#deps.executor.request('rootfs.ensureDir', { rootfs, path });
    } catch (error) {
      if (error instanceof ExecutorError && error.errno === constants.errno.ENOTDIR)
        throw internal(`Cannot mkdir: ${path} is not a directory`, error);
      throw error;
    }
  }

  /** Checks that need neither the image nor a name, in the reference's order. Returns warnings. */
  #verify(body: CreateBody): string[] {
    const given = (body.HostConfig ??= {});
    verifyConfig(body);
    const { settings } = this.#deps;
    const hostWarnings = verifyHostConfig(given, {
      container: (name) => this.#store.get(name),
      runtimes: new Set(settings.runtimes.keys()),
      remapped: settings.idMaps !== undefined,
    });
    const warnings = [...verifyResources(given, this.#deps.machine), ...hostWarnings];
    verifyNetworkMode(body);
    verifyEndpoints(body, (nameOrId) => this.#deps.networks.target(nameOrId));
    return warnings;
  }

  /** A mode `container:name` is kept by id, which outlives a rename, and so is the beginning of a network's. A name that is missing is found at start. */
  #namingById(hostConfig: HostConfig): HostConfig {
    const byId = (mode: string): string => {
      if (!mode.startsWith('container:')) return mode;
      const container = this.#store.lookUp(mode.slice('container:'.length));
      return container ? `container:${container.id}` : mode;
    };
    const { NetworkMode, PidMode, IpcMode } = hostConfig;
    const network = this.#deps.networks.target(NetworkMode);
    const mode =
      network.id?.startsWith(NetworkMode) && network.name !== NetworkMode ? network.id : byId(NetworkMode);
    return {
      ...hostConfig,
      NetworkMode: NetworkMode === '' ? '' : mode,
      PidMode: byId(PidMode),
      IpcMode: byId(IpcMode),
    };
  }

  #reserveName(given: string | undefined, id: string): string {
    const name = given
      ? parseContainerName(given)
      : generateName((candidate) => this.#store.hasName(candidate));
    this.#store.reserve(name, id);
    return name;
  }
}

/** Whether an empty volume takes over what the image has at its place. */
function copiesImage({ Type, Mode, asked }: MountPoint): boolean {
  if (Type !== 'volume' || Mode.split(',').includes('nocopy')) return false;
  return !asked?.VolumeOptions?.NoCopy && !asked?.VolumeOptions?.Subpath;
}

/** A body with nothing but HostConfig and NetworkingConfig has no Config. */
function hasConfig(body: CreateBody): boolean {
  return Object.keys(body).some((key) => key !== 'HostConfig' && key !== 'NetworkingConfig');
}

/** By alias: of two with the same one the latter counts. */
function linksOf(given: readonly string[] | null, idOf: (nameOrId: string) => string): Link[] {
  const links = new Map<string, Link>();
  for (const { target, alias } of (given ?? []).map(parseLink)) links.set(alias, { alias, id: idOf(target) });
  return [...links.values()];
}

/**
 * The networks the container is to be on, by name, its own (`mode`) among them; none where it uses another container's.
 * @param nameOf  a network's name where one of that name or id is there, otherwise what was given
 */
function endpointsOf(
  body: CreateBody,
  mode: string,
  nameOf: (nameOrId: string) => string,
): Record<string, EndpointRequest | null> {
  const given = (body.NetworkingConfig?.EndpointsConfig ?? {}) as Record<string, EndpointRequest | null>;
  const endpoints: Record<string, EndpointRequest | null> = {};
  for (const [name, endpoint] of Object.entries(given)) endpoints[nameOf(name)] = endpoint;
  if (!mode.startsWith('container:')) endpoints[nameOf(mode)] ??= {};
  return endpoints;
}
