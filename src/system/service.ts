import { readdirSync, statfsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInRuntimeName, type Config } from '../config/config.ts';
import type { EventBus } from '../events/bus.ts';
import { bridgeFilter, forwardsIpv4, hostFacts, limitsOf, type HostFacts, type Limits } from './host.ts';
import { engineId } from './identity.ts';
import { describeRuntime, type RuntimeInfo } from './runtimes.ts';

/** What the description of the engine needs of the other services. */
export interface SystemDeps {
  readonly config: Config;
  readonly events: EventBus;
  readonly containers: () => Iterable<{ readonly state: { readonly status: string } }>;
  readonly imageCount: () => number;
  readonly cgroup: { readonly version: 1 | 2 };
}

/** How many containers there are in which state. */
export interface ContainerCounts {
  readonly total: number;
  readonly running: number;
  readonly paused: number;
  readonly stopped: number;
}

/** The engine as it describes itself in `docker info`. */
export class System {
  readonly id: string;
  readonly host: HostFacts;
  readonly limits: Limits;
  readonly cgroupVersion: 1 | 2;
  readonly config: Config;
  readonly #deps: SystemDeps;
  #runtimes: { key: string; described: Promise<Record<string, RuntimeInfo>> } | undefined;

  constructor(deps: SystemDeps) {
    this.#deps = deps;
    this.config = deps.config;
    this.id = engineId(deps.config.dataRoot);
    this.host = hostFacts();
    this.cgroupVersion = deps.cgroup.version;
    this.limits = limitsOf(this.cgroupVersion, '/sys/fs/cgroup');
  }

  counts(): ContainerCounts {
    const counts = { total: 0, running: 0, paused: 0, stopped: 0 };
    for (const { state } of this.#deps.containers()) {
      counts.total++;
      if (state.status === 'running' || state.status === 'restarting') counts.running++;
      else if (state.status === 'paused') counts.paused++;
      else counts.stopped++;
    }
    return counts;
  }

  get imageCount(): number {
    return this.#deps.imageCount();
  }

  get eventListeners(): number {
    return this.#deps.events.listenerCount;
  }

  get forwardsIpv4(): boolean {
    return forwardsIpv4();
  }

  bridgeFilter(family: 'iptables' | 'ip6tables'): boolean {
    return bridgeFilter(family);
  }

  /** Descriptors this process has open. */
  get openFiles(): number {
    return readdirSync('/proc/self/fd').length;
  }

  /** Name of the file system below the data root, as Docker words it. */
  get backingFilesystem(): string {
    return filesystems[statfsSync(this.config.dataRoot).type] ?? 'unknown';
  }

  /** The runtimes by name, each asked once for its features. */
  runtimes(): Promise<Record<string, RuntimeInfo>> {
    const key = JSON.stringify(this.config.runtimes);
    if (this.#runtimes?.key !== key) this.#runtimes = { key, described: this.#describeRuntimes() };
    return this.#runtimes.described;
  }

  async #describeRuntimes(): Promise<Record<string, RuntimeInfo>> {
    const builtIn = describeRuntime(builtInRuntime, [], 'berth-runtime');
    const others = Object.entries(this.config.runtimes).map(
      async ([name, { path, args }]) => [name, await describeRuntime(path, args)] as const,
    );
    const name = builtInRuntimeName(this.config.runtimes);
    // Clients look for the name of containerd's shim beside Docker's own.
    const names = name === 'runc' ? ['io.containerd.runc.v2', name] : [name];
    const described = await builtIn;
    return Object.fromEntries([
      ...names.map((one) => [one, described] as const),
      ...(await Promise.all(others)),
    ]);
  }
}

/** The built-in runtime as a command: the executor has the same code inside. */
const builtInRuntime = fileURLToPath(new URL('../../native/build/runtime/berth-runtime', import.meta.url));

/** By the magic numbers of statfs(2). */
const filesystems: Readonly<Record<number, string>> = {
  0xef53: 'extfs',
  0x58465342: 'xfs',
  0x9123683e: 'btrfs',
  0x01021994: 'tmpfs',
  0x794c7630: 'overlayfs',
  0x2fc12fc1: 'zfs',
  0xf2f52010: 'f2fs',
};
