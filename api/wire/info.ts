import { basename } from 'node:path';
import type { System } from '../../src/system/service.ts';
import { berthVersion, engineVersion } from '../../src/version.ts';
import type { ApiVersion } from '../versions.ts';
import { logDrivers } from '../../src/containers/log/config.ts';

/** What `GET /info` answers at a version. */
export async function infoOf(system: System, version: ApiVersion): Promise<object> {
  const { host, limits, config } = system;
  const counts = system.counts();
  return {
    ID: system.id,
    Containers: counts.total,
    ContainersRunning: counts.running,
    ContainersPaused: counts.paused,
    ContainersStopped: counts.stopped,
    Images: system.imageCount,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', system.backingFilesystem],
      ['Supports d_type', 'true'],
      ['Using metacopy', 'false'],
      ['Native Overlay Diff', 'true'],
      ['userxattr', 'false'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'null'],
      Authorization: null,
      Log: [...logDrivers],
    },
    ...limits,
    ...(version.atLeast(42) ? {} : { KernelMemory: limits.MemoryLimit }),
    ...(version.atLeast(50)
      ? {}
      : {
          BridgeNfIptables: system.bridgeFilter('iptables'),
          BridgeNfIp6tables: system.bridgeFilter('ip6tables'),
        }),
    IPv4Forwarding: system.forwardsIpv4,
    Debug: config.debug,
    NFd: system.openFiles,
    // The nearest thing to goroutines: what keeps this process's event loop busy.
    NGoroutines: process.getActiveResourcesInfo().length,
    SystemTime: new Date().toISOString(),
    LoggingDriver: config.log.driver,
    CgroupDriver: 'cgroupfs',
    CgroupVersion: String(system.cgroupVersion),
    NEventsListener: system.eventListeners,
    KernelVersion: host.kernelVersion,
    OperatingSystem: host.operatingSystem,
    OSVersion: host.osVersion,
    OSType: 'linux',
    Architecture: host.machine,
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: registryConfig(config.registries),
    NCPU: host.cpus,
    MemTotal: host.memoryBytes,
    GenericResources: null,
    DockerRootDir: config.dataRoot,
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: host.hostname,
    Labels: config.labels,
    ExperimentalBuild: config.experimental,
    ServerVersion: engineVersion,
    Runtimes: await system.runtimes(),
    DefaultRuntime: config.defaultRuntime,
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: !config.stopContainersOnExit,
    Isolation: '',
    InitBinary: basename(config.initPath),
    ContainerdCommit: { ID: '' },
    RuncCommit: { ID: berthVersion },
    InitCommit: { ID: '' },
    SecurityOptions: securityOptions(system),
    ...(version.atLeast(49) ? { FirewallBackend: { Driver: 'nftables' } } : {}),
    CDISpecDirs: config.cdiSpecDirs,
    // There is no containerd behind this engine.
    ...(version.atLeast(46) ? { Containerd: null } : {}),
    Warnings: warningsOf(system),
  };
}

function registryConfig({ insecure, mirrors }: System['config']['registries']): object {
  const cidrs = insecure.filter((registry) => registry.includes('/'));
  const names = insecure.filter((registry) => !registry.includes('/'));
  const index = (name: string, official: boolean, secure: boolean): [string, object] => [
    name,
    { Mirrors: official ? mirrors : [], Name: name, Official: official, Secure: secure },
  ];
  return {
    IndexConfigs: Object.fromEntries([
      index('docker.io', true, true),
      ...names.map((name) => index(name, false, false)),
    ]),
    InsecureRegistryCIDRs: ['::1/128', '127.0.0.0/8', ...cidrs],
    Mirrors: mirrors.length > 0 ? mirrors : null,
  };
}

function securityOptions({ config, cgroupVersion }: System): string[] {
  const profile = config.seccompProfile || 'builtin';
  return [
    `name=seccomp,profile=${profile}`,
    ...(config.noNewPrivileges ? ['name=no-new-privileges'] : []),
    ...(config.idMaps ? ['name=userns'] : []),
    ...(cgroupVersion === 2 ? ['name=cgroupns'] : []),
  ];
}

/** Sentences for what this machine cannot do or should not; null when all is well. */
function warningsOf({ limits, config, forwardsIpv4, cgroupVersion }: System): string[] | null {
  const missing: readonly (readonly [boolean, string])[] = [
    [limits.MemoryLimit, 'No memory limit support'],
    [limits.SwapLimit, 'No swap limit support'],
    [limits.OomKillDisable || cgroupVersion === 2, 'No oom kill disable support'],
    [limits.CpuCfsQuota, 'No cpu cfs quota support'],
    [limits.CpuCfsPeriod, 'No cpu cfs period support'],
    [limits.CPUShares, 'No cpu shares support'],
    [limits.CPUSet, 'No cpuset support'],
    [forwardsIpv4, 'IPv4 forwarding is disabled'],
  ];
  const insecure = config.tls ? [] : config.hosts.filter((host) => host.startsWith('tcp:'));
  const warnings = [
    ...insecure.map(
      (host) =>
        `WARNING: API is accessible on ${host.replace('tcp:', 'http:')} without encryption: whoever reaches it is root here.`,
    ),
    ...missing.flatMap(([present, text]) => (present ? [] : [`WARNING: ${text}`])),
  ];
  return warnings.length > 0 ? warnings : null;
}
