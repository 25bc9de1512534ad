import type { IdMaps } from '../../oci/id-mapping.ts';
import type { Device, DeviceRule, ThrottleDevice } from '../../oci/runtime-spec.ts';
import type { ResolvedEdits } from '../cdi/inject.ts';
import type { ContainerConfig, HostConfig, Ulimit } from '../config.ts';

/** Facts of the machine and the daemon that do not change between containers. */
export interface HostFacts {
  cgroupVersion: 1 | 2;
  hostname: string;
  /** Release of the kernel, `6.18.2`. */
  kernel: string;
  /** Capabilities the daemon can hand on. */
  capabilities: readonly string[];
  /** Path of the `--init` program on the host. */
  initPath: string;
}

/** A file or directory of the host, a volume or a tmpfs to be mounted. Sources exist and are absolute. */
export interface SpecMount {
  kind: 'bind' | 'volume' | 'image' | 'tmpfs';
  source: string;
  destination: string;
  readOnly: boolean;
  /** Only this mount becomes read-only, not what is mounted below it. */
  readOnlyNonRecursive: boolean;
  nonRecursive: boolean;
  /** '' leaves the runtime's default. */
  propagation: string;
  /** Further options, for tmpfs. */
  options: readonly string[];
  /** How the executor opens the source where a path alone does not name it. */
  opened?: OpenedSource;
}

/** A source of native/PROTOCOL.md 1.1, but for the mount's number. */
export type OpenedSource =
  { path: string; subpath: string } | { rootfs: object; path: string; subpath: string } | { shmOf: number };

/** What `SecurityOpt` and `Privileged` came to. */
export interface SecurityOptions {
  noNewPrivileges: boolean;
  /** The built-in profile, none, or the text of one. */
  seccomp: 'default' | 'unconfined' | { text: string };
  /** Name of a profile the kernel has, or ''. */
  apparmor: string;
  /** The container's control groups can be changed from inside. */
  writableCgroups: boolean;
}

/** Devices with their numbers, looked up when the container starts. */
export interface ResolvedDevices {
  nodes: readonly Device[];
  rules: readonly DeviceRule[];
  weights: readonly { major: number; minor: number; weight: number }[];
  throttles: {
    readBps: readonly ThrottleDevice[];
    writeBps: readonly ThrottleDevice[];
    readIops: readonly ThrottleDevice[];
    writeIops: readonly ThrottleDevice[];
  };
}

/** All that one container's spec depends on. Making the spec from it is pure. */
export interface SpecInput {
  id: string;
  bundle: string;
  config: ContainerConfig;
  hostConfig: HostConfig;
  /** Entrypoint and command. */
  args: readonly string[];
  /** As seen inside: the host's name with `--uts host`. */
  hostname: string;
  init: boolean;
  host: HostFacts;
  mounts: readonly SpecMount[];
  /** Host paths of the files the engine keeps for the container; null where it has none. */
  files: { resolvConf: string; hostname: string; hosts: string } | null;
  /** Process id of the init whose /dev/shm is used, with its IPC namespace; null for an own one. */
  shmOf: number | null;
  /** `/proc/<pid>/ns/<type>` of the container whose namespace is joined. */
  joined: { network?: string; pid?: string; ipc?: string; user?: string };
  /** Of its user namespace; left out in the host's. */
  idMaps?: IdMaps;
  /** Without the container's id. */
  cgroupParent: string;
  devices: ResolvedDevices;
  security: SecurityOptions;
  defaultUlimits: readonly Ulimit[];
  /** What devices of CDI specifications change. */
  edits?: ResolvedEdits;
}
