import type { Config } from './config/config.ts';
import { createContainers, type ContainerService } from './containers/index.ts';
import { ContainerCommits } from './containers/commit.ts';
import { ContainerFiles } from './containers/files/service.ts';
import { HealthMonitor } from './containers/health/monitor.ts';
import { ContainerStats } from './containers/stats/service.ts';
import { Sampler } from './containers/stats/sampler.ts';
import { networkHolder } from './containers/network-request.ts';
import { createContainerStreams, type ContainerStreams } from './containers/streams.ts';
import { ContainerProcesses } from './containers/top.ts';
import { EventBus } from './events/bus.ts';
import { armFault } from './faults.ts';
import { Executor } from './host/executor.ts';
import { createImages } from './images/index.ts';
import type { Images } from './images/images.ts';
import type { ImageUser } from './images/service.ts';
import { Database } from './metadata/database.ts';
import { NetworkController } from './networks/controller.ts';
import type { NetworkService } from './networks/service.ts';
import { formatIdMap, rootOwner, type IdMaps } from './oci/id-mapping.ts';
import { System } from './system/service.ts';
import { engineVersion } from './version.ts';
import { VolumeService } from './volumes/service.ts';

/**
 * The engine: its services, each by its own interface. What serves it (api/) takes what it needs from here.
 * A service owner adds one field here and one line in `createEngine`.
 */
export interface Engine extends AsyncDisposable, ContainerStreams {
  readonly config: Config;
  readonly events: EventBus;
  readonly images: Images;
  readonly networks: NetworkService;
  readonly volumes: VolumeService;
  readonly containers: ContainerService;
  readonly files: ContainerFiles;
  readonly commits: ContainerCommits;
  readonly processes: ContainerProcesses;
  readonly stats: ContainerStats;
  readonly system: System;
}

/**
 * Builds the services in the order of their dependencies and returns when the state on disk has been read and put
 * right. `await using` or `[Symbol.asyncDispose]()` closes them in reverse; containers go on running.
 * @throws unavailable when the executor does not start; data-loss when the state cannot be read
 */
export async function createEngine(config: Config): Promise<Engine> {
  await using stack = new AsyncDisposableStack();
  const events = new EventBus();
  const owner = rootOwner(config.idMaps);
  const db = stack.adopt(new Database(`${config.dataRoot}/berth.db`), (it) => it.close());
  const executor = stack.use(
    new Executor({
      path: config.executorPath,
      dataRoot: config.dataRoot,
      execRoot: config.execRoot,
      hello: executorMaps(config.idMaps),
    }),
  );
  armFault(process.env['BERTH_FAULT'], () => executor.pid);
  const hello = await executor.ready();
  // Images must know which containers stand on them; containers are made after images.
  let imageUsers: () => Iterable<ImageUser> = () => [];
  const { images, snapshotter } = createImages({
    db,
    dataRoot: config.dataRoot,
    executor,
    events,
    users: () => imageUsers(),
    version: engineVersion,
    registries: config.registries,
    owner,
  });
  const networks = stack.adopt(
    new NetworkController({
      db,
      executor,
      options: config.network,
      instance: config.dataRoot,
      dnsDirectory: `${config.execRoot}/dns`,
    }),
    (it) => it.close(),
  );
  const volumes = new VolumeService({
    db,
    directory: `${config.dataRoot}/volumes`,
    removeTree: (path) => executor.request('tree.remove', { path }),
    executor,
    owner,
  });
  // Each root filesystem and volume in a part of the disk of its own.
  await Promise.all(
    ['snapshots', 'volumes'].map((name) =>
      executor.request('tree.spread', { path: `${config.dataRoot}/${name}` }),
    ),
  );
  const containers = stack.adopt(
    createContainers({ db, events, executor, images, snapshotter, networks, volumes, config, hello }),
    (it) => it.close(),
  );
  imageUsers = () => containers.imageUsers();
  await snapshotter.repair((key) => containers.find(key) !== undefined);
  await images.repair();
  await containers.recover();
  await volumes.mounts.settle(volumes.list());
  const { dataRoot, execRoot, runtimes } = config;
  const streams = createContainerStreams({ containers, executor, dataRoot, execRoot, runtimes });
  const files = new ContainerFiles({ containers, executor, snapshotter, volumes, owner });
  const commits = new ContainerCommits({ containers, images, snapshotter });
  const cgroupParent = config.cgroupParent || '/docker';
  const processes = new ContainerProcesses({ containers, executor, cgroupParent });
  const sampler = stack.adopt(
    new Sampler({
      executor,
      cgroupParent,
      interfacesOf: (container) =>
        networks.interfaces(networkHolder(container, (id) => containers.find(id)).id),
    }),
    (it) => it.close(),
  );
  const stats = new ContainerStats({ containers, sampler });
  const system = new System({
    config,
    events,
    containers: () => containers.all(),
    imageCount: () => images.count,
    cgroup: hello.cgroup,
  });
  stack.adopt(new HealthMonitor({ containers, exec: streams.exec, events }), (it) => it.close());
  const closing = stack.move();
  return {
    config,
    events,
    images,
    networks,
    volumes,
    containers,
    files,
    commits,
    processes,
    stats,
    system,
    ...streams,
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** What the executor must know to write the files of containers with mapped ids. */
function executorMaps(maps: IdMaps | undefined): Record<string, unknown> {
  return maps ? { idMaps: { uids: formatIdMap(maps.uids), gids: formatIdMap(maps.gids) } } : {};
}
