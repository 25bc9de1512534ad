import { readFileSync } from 'node:fs';
import { availableParallelism, hostname, release } from 'node:os';
import { builtInRuntimes, type Config } from '../config/config.ts';
import { messageOf } from '../errors.ts';
import type { ExecutorHello } from '../host/executor.ts';
import { missingLimits } from '../host/missing-limits.ts';
import { rootOwner } from '../oci/id-mapping.ts';
import { capabilitiesOfMask } from '../runtime/spec/capabilities.ts';
import type { HostFacts } from '../runtime/spec/input.ts';
import { ContainerService } from './containers.ts';
import { verifyLogConfig } from './log/config.ts';
import type { Machine } from './create/verify-resources.ts';
import type { ContainerDeps, ContainerSettings, RuntimeEntry } from './deps.ts';

export { ContainerService } from './containers.ts';

export type ContainersOptions = Omit<ContainerDeps, 'settings' | 'host' | 'machine'> & {
  config: Config;
  hello: Pick<ExecutorHello, 'cgroup' | 'apparmor'>;
};

/** The containers service for this daemon and machine. Call `recover` before anything is served. */
export function createContainers({ config, hello, ...deps }: ContainersOptions): ContainerService {
  const version = hello.cgroup.version;
  verifyDefaultLog(config);
  return new ContainerService({
    ...deps,
    settings: settingsOf(config, version, hello.apparmor),
    host: hostFacts(config, version),
    machine: machineFacts(version),
  });
}

/** A daemon whose containers could have no log does not start. */
function verifyDefaultLog({ log }: Config): void {
  try {
    verifyLogConfig({ Type: log.driver, Config: log.options });
  } catch (error) {
    throw new Error(`failed to set log opts: ${messageOf(error)}`, { cause: error });
  }
}

function settingsOf(config: Config, cgroupVersion: 1 | 2, apparmor: boolean): ContainerSettings {
  const { dataRoot, execRoot, cgroupParent } = config;
  return {
    dataRoot,
    execRoot,
    cgroupParent: cgroupParent || '/docker',
    // Read at each use: a reload of the configuration may change these.
    get runtimes() {
      return runtimesOf(config);
    },
    apparmor: { present: apparmor, standard: apparmor ? standardProfile() : '' },
    cdiSpecDirs: config.cdiSpecDirs,
    idMaps: config.idMaps,
    owner: rootOwner(config.idMaps),
    defaultUlimits: Object.values(config.ulimits).map(({ name, soft, hard }) => ({
      Name: name,
      Soft: soft,
      Hard: hard,
    })),
    defaults: {
      cgroupVersion,
      cgroupnsMode: config.cgroupnsMode,
      get runtime() {
        return config.defaultRuntime;
      },
      ipcMode: config.ipcMode,
      get shmSizeBytes() {
        return config.shmSizeBytes;
      },
      logDriver: config.log.driver,
      logOptions: { ...config.log.options },
      init: config.init,
      noNewPrivileges: config.noNewPrivileges,
      seccompProfile: readProfile(config.seccompProfile),
    },
  };
}

/** Docker's profile, when somebody has loaded it. Source: apparmor(7), securityfs. */
function standardProfile(): string {
  try {
    const loaded = readFileSync('/sys/kernel/security/apparmor/profiles', 'utf8');
    return /^docker-default \(/m.test(loaded) ? 'docker-default' : '';
  } catch {
    return '';
  }
}

function runtimesOf(config: Config): Map<string, RuntimeEntry> {
  const runtimes = new Map<string, RuntimeEntry>([...builtInRuntimes].map((name) => [name, null]));
  for (const [name, { path, args }] of Object.entries(config.runtimes))
    runtimes.set(name, { path, args: [...args] });
  return runtimes;
}

function readProfile(setting: string): string {
  return setting === '' || setting === 'unconfined' ? setting : readFileSync(setting, 'utf8');
}

function hostFacts(config: Config, cgroupVersion: 1 | 2): HostFacts {
  const mask = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return {
    cgroupVersion,
    hostname: hostname(),
    kernel: release(),
    capabilities: capabilitiesOfMask(mask),
    initPath: config.initPath,
  };
}

function machineFacts(cgroupVersion: 1 | 2): Machine {
  return {
    cpus: availableParallelism(),
    memoryNodes: memoryNodes(),
    missing: missingLimits(cgroupVersion, '/sys/fs/cgroup'),
  };
}

function memoryNodes(): string {
  try {
    return readFileSync('/sys/devices/system/node/online', 'utf8').trim();
  } catch {
    return '0';
  }
}
