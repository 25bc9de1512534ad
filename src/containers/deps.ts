import type { EventBus } from '../events/bus.ts';
import type { Executor } from '../host/executor.ts';
import type { ImageResolver } from '../images/service.ts';
import type { Database } from '../metadata/database.ts';
import type { NetworkService } from '../networks/service.ts';
import type { IdMaps, Owner } from '../oci/id-mapping.ts';
import type { Ulimit } from '../runtime/config.ts';
import type { HostFacts } from '../runtime/spec/input.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { VolumeService } from '../volumes/service.ts';
import type { HostDefaults } from './create/host-config.ts';
import type { Machine } from './create/verify-resources.ts';

/** A runtime of the table; null stands for the built-in one. */
export type RuntimeEntry = { path: string; args: string[] } | null;

/** What the containers service is told of the daemon's configuration. */
export interface ContainerSettings {
  dataRoot: string;
  execRoot: string;
  /** Parent of the containers' cgroups, absolute: `/docker`. */
  cgroupParent: string;
  runtimes: ReadonlyMap<string, RuntimeEntry>;
  defaults: HostDefaults;
  defaultUlimits: readonly Ulimit[];
  /** Whether the machine has AppArmor, and the profile of containers that name none ('' when it is not loaded). */
  apparmor: { present: boolean; standard: string };
  /** Where devices are described, the last one wins. */
  cdiSpecDirs: readonly string[];
  /** The user namespaces of containers, and who their root is on disk; undefined where ids are the host's. */
  idMaps: IdMaps | undefined;
  owner: Owner;
}

/** Everything the containers service stands on. */
export interface ContainerDeps {
  db: Database;
  events: EventBus;
  executor: Pick<Executor, 'request'>;
  images: ImageResolver;
  snapshotter: Snapshotter;
  networks: NetworkService;
  volumes: VolumeService;
  settings: ContainerSettings;
  host: HostFacts;
  machine: Machine;
}
