import type { IdMaps } from '../oci/id-mapping.ts';

/**
 * The daemon's settings after flags, environment and configuration file have been put together: what the engine
 * builds on. Made by `loadConfig`; only `applyReload` changes it. Paths are absolute.
 */
export interface Config {
  readonly configFile: string;
  readonly dataRoot: string;
  readonly execRoot: string;
  /** `unix:///run/berth/docker.sock`, `tcp://127.0.0.1:2376`, `fd://`. */
  readonly hosts: readonly string[];
  /** Group of unix sockets. */
  readonly socketGroup: string;
  /** TLS of TCP listeners; undefined for none. */
  readonly tls: TlsConfig | undefined;
  readonly allowInsecureTcp: boolean;
  readonly pidfile: string;
  readonly debug: boolean;
  /** debug, info, warn, error or fatal. */
  readonly logLevel: string;
  /** Labels of the daemon, `key=value`. */
  readonly labels: readonly string[];
  /** Path of the native executor; its neighbours (shim, unpack) are found beside it. */
  readonly executorPath: string;
  readonly network: NetworkConfig;
  /** Runtimes besides the built-in one, by name. */
  readonly runtimes: Readonly<Record<string, { readonly path: string; readonly args: readonly string[] }>>;
  /** A name of `runtimes`, or one that stands for the built-in one (`builtInRuntimes`). */
  readonly defaultRuntime: string;
  /** What a container's LogConfig is when it names none. */
  readonly log: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly ulimits: Readonly<
    Record<string, { readonly name: string; readonly soft: number; readonly hard: number }>
  >;
  /** Bytes, for containers with private IPC that ask no size. */
  readonly shmSizeBytes: number;
  readonly ipcMode: 'private' | 'shareable';
  /** '' decides by the cgroup version of the host, as Docker does. */
  readonly cgroupnsMode: 'private' | 'host' | '';
  readonly cgroupParent: string;
  /** Checkpoints are on. */
  readonly experimental: boolean;
  readonly init: boolean;
  readonly initPath: string;
  readonly noNewPrivileges: boolean;
  /** Whose subordinate ids containers get; '' for the host's own ids. */
  readonly usernsRemap: string;
  /** What `usernsRemap` came to when the daemon started. */
  readonly idMaps: IdMaps | undefined;
  /** Directories of CDI specifications, the last one wins. */
  readonly cdiSpecDirs: readonly string[];
  /** Path of a profile, `unconfined`, or '' for the built-in one. */
  readonly seccompProfile: string;
  readonly registries: { readonly insecure: readonly string[]; readonly mirrors: readonly string[] };
  /** Stop containers when the daemon ends; false is the promise that they outlive it. */
  readonly stopContainersOnExit: boolean;
  readonly shutdownTimeoutSeconds: number;
}

/** Paths of PEM files; `verify` asks clients for a certificate of `ca`. */
export interface TlsConfig {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  readonly verify: boolean;
}

export interface NetworkConfig {
  /** Name of the default bridge, which is made unless it is there; '' for the usual one, `none` for no default network. */
  readonly bridge: string;
  /** `172.17.0.1/16`; '' lets the network service choose. */
  readonly bip: string;
  readonly fixedCidr: string;
  readonly defaultGateway: string;
  readonly mtu: number;
  /** Address published ports bind to when none is given. */
  readonly defaultBindingIp: string;
  readonly icc: boolean;
  readonly ipForward: boolean;
  readonly ipMasq: boolean;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly hostGatewayIps: readonly string[];
  readonly addressPools: readonly { readonly base: string; readonly size: number }[];
}

/**
 * Names that mean the built-in runtime, unless `runtimes` has one of that name: `berth` is always its own, the others are what
 * clients of Docker call the default.
 */
export const builtInRuntimes: ReadonlySet<string> = new Set(['berth', 'runc', 'io.containerd.runc.v2']);

/** What the built-in runtime is shown as: `runc` as long as the user calls no other one so. */
export function builtInRuntimeName(runtimes: Readonly<Record<string, unknown>>): 'runc' | 'berth' {
  return runtimes['runc'] === undefined ? 'runc' : 'berth';
}
