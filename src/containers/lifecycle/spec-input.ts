import { posix } from 'node:path';
import { invalidArgument, internal } from '../../errors.ts';
import type { HostConfig } from '../../runtime/config.ts';
import type { SecurityOptions, SpecInput } from '../../runtime/spec/input.ts';
import type { Container } from '../container.ts';
import { commandLine } from '../create/config.ts';
import { parseSecurityOptions } from '../create/security-options.ts';
import type { ContainerSettings } from '../deps.ts';
import type { ContainerPaths } from '../paths.ts';
import type { HostFacts } from '../../runtime/spec/input.ts';
import { initFailure } from './start-error.ts';
import { requestedDevices } from './device-requests.ts';
import { resolveDevices } from './devices.ts';
import { filesHolder, networkModeOf } from '../network-request.ts';
import { joinedNamespaces, joinedUserNamespace } from './joined.ts';
import { specMounts } from './spec-mounts.ts';

/** What spec input depends on beside the container. */
export interface SpecContext {
  settings: ContainerSettings;
  host: HostFacts;
  paths: ContainerPaths;
  /** Throws with the reference's texts when there is no such container. */
  containerOf(nameOrId: string): Container;
  /** The directories of an image's layers, nearest first; throws when it is gone. */
  imageLayers(imageId: string): string[];
  /** Variables that tell of linked containers. */
  linkedEnv: readonly string[];
}

/**
 * Gathers what a container's spec depends on at this start: devices by number, namespaces of others, sources of
 * mounts (a missing directory of `Binds` is made, as the reference does).
 */
export async function specInput(container: Container, context: SpecContext): Promise<SpecInput> {
  const { config, hostConfig, id } = container;
  const { settings, host, paths } = context;
  if (!['', 'host'].includes(hostConfig.UsernsMode))
    throw invalidArgument(`invalid user namespace mode: ${hostConfig.UsernsMode}`);
  const args = commandLine(config);
  if (args.length === 0) throw invalidArgument('no command specified');
  for (const entry of config.Env ?? [])
    if (entry.includes('\0'))
      throw internal(
        `${initFailure}invalid environment variable "${entry.split('=', 1)[0]}": contains nul byte (\\x00)`,
      );
  for (const key of Object.keys(hostConfig.Sysctls ?? {}))
    if (key.includes('\0')) throw internal(`${initFailure}open sysctl ${key} file: invalid argument`);
  const edits = await requestedDevices(hostConfig.DeviceRequests, settings.cdiSpecDirs);
  const { joined, shmOf } = joinedNamespaces(container, context.containerOf);
  const idMaps = hostConfig.UsernsMode === 'host' ? undefined : settings.idMaps;
  const userns = idMaps && joinedUserNamespace(container, context.containerOf);
  return {
    id,
    bundle: paths.bundle(id),
    config: { ...config, Env: [...context.linkedEnv, ...(config.Env ?? [])] },
    hostConfig: { ...hostConfig, NetworkMode: networkModeOf(container) },
    args,
    hostname: hostConfig.UTSMode === 'host' ? host.hostname : config.Hostname,
    init: hostConfig.Init ?? settings.defaults.init,
    host,
    mounts: await specMounts(container, context),
    files: engineFiles(container, context),
    shmOf,
    joined: { ...joined, ...(userns !== undefined && { user: userns }) },
    ...(idMaps && { idMaps }),
    cgroupParent: cgroupParent(hostConfig.CgroupParent, settings.cgroupParent),
    devices: await resolveDevices(hostConfig),
    security: securityOptions(hostConfig, settings),
    ...(edits && { edits }),
    defaultUlimits: settings.defaultUlimits,
  };
}

/** Never above the root of the hierarchies, whatever the path says. */
function cgroupParent(own: string, standard: string): string {
  return own === '' ? standard : posix.resolve('/', own);
}

function engineFiles(container: Container, context: SpecContext): SpecInput['files'] {
  const { paths, containerOf } = context;
  const owner = filesHolder(container, containerOf);
  if (!owner) return null;
  return {
    resolvConf: paths.resolvConf(owner.id),
    hostname: paths.hostname(owner.id),
    hosts: paths.hosts(owner.id),
  };
}

function securityOptions(hostConfig: HostConfig, { apparmor, defaults }: ContainerSettings): SecurityOptions {
  const parsed = parseSecurityOptions(hostConfig.SecurityOpt);
  const profile = parsed.seccomp || (hostConfig.Privileged ? 'unconfined' : defaults.seccompProfile);
  const confined = parsed.apparmor || (hostConfig.Privileged ? 'unconfined' : apparmor.standard);
  return {
    noNewPrivileges: parsed.noNewPrivileges ?? defaults.noNewPrivileges,
    seccomp:
      profile === '' || profile === 'builtin'
        ? 'default'
        : profile === 'unconfined'
          ? profile
          : { text: profile },
    // A kernel without AppArmor has nothing that a profile could act on.
    apparmor: apparmor.present ? confined : '',
    writableCgroups: parsed.writableCgroups,
  };
}
