import { mkdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { invalidArgument, internal, unimplemented } from '../../errors.ts';
import type { HostConfig, MountPoint } from '../../runtime/config.ts';
import type { SecurityOptions, SpecInput, SpecMount } from '../../runtime/spec/input.ts';
import type { Container } from '../container.ts';
import { commandLine } from '../create/config.ts';
import { parseSecurityOptions } from '../create/security-options.ts';
import type { ContainerSettings } from '../deps.ts';
import type { ContainerPaths } from '../paths.ts';
import type { HostFacts } from '../../runtime/spec/input.ts';
import { initFailure } from './start-error.ts';
import { resolveDevices } from './devices.ts';
import { joinedNamespaces, networkOwner } from './joined.ts';
import { verifyTmpfsOptions } from './tmpfs-options.ts';

/** What spec input depends on beside the container. */
export interface SpecContext {
  settings: ContainerSettings;
  host: HostFacts;
  paths: ContainerPaths;
  /** Throws with the reference's texts when there is no such container. */
  containerOf(nameOrId: string): Container;
}

/**
 * Gathers what a container's spec depends on at this start: devices by number, namespaces of others, sources of
 * mounts (a missing directory of `Binds` is made, as the reference does).
 */
export async function specInput(container: Container, context: SpecContext): Promise<SpecInput> {
  const { config, hostConfig, id } = container;
  const { settings, host, paths } = context;
  if (!['', 'host'].includes(hostConfig.UsernsMode))
    throw unimplemented(`user namespace mode ${hostConfig.UsernsMode} is not implemented yet`);
  const args = commandLine(config);
  if (args.length === 0) throw invalidArgument('no command specified');
  for (const entry of config.Env ?? [])
    if (entry.includes('\0'))
      throw internal(
        `${initFailure}invalid environment variable "${entry.split('=', 1)[0]}": contains nul byte (\\x00)`,
      );
  const { joined, shmPath } = joinedNamespaces(hostConfig, context.containerOf);
  return {
    id,
    bundle: paths.bundle(id),
    config,
    hostConfig,
    args,
    hostname: hostConfig.UTSMode === 'host' ? host.hostname : config.Hostname,
    init: hostConfig.Init ?? settings.defaults.init,
    host,
    mounts: await specMounts(container),
    files: engineFiles(container, context),
    shmPath,
    joined,
    cgroupParent: cgroupParent(hostConfig.CgroupParent, settings.cgroupParent),
    devices: await resolveDevices(hostConfig),
    security: securityOptions(hostConfig, settings),
    defaultUlimits: settings.defaultUlimits,
  };
}

/** Never above the root of the hierarchies, whatever the path says. */
function cgroupParent(own: string, standard: string): string {
  return own === '' ? standard : posix.resolve('/', own);
}

function engineFiles(container: Container, context: SpecContext): SpecInput['files'] {
  const { paths, containerOf } = context;
  const owner = networkOwner(container.hostConfig, containerOf) ?? container;
  return {
    resolvConf: paths.resolvConf(owner.id),
    hostname: paths.hostname(owner.id),
    hosts: paths.hosts(owner.id),
  };
}

async function specMounts({ record, hostConfig }: Container): Promise<SpecMount[]> {
  const mounts: SpecMount[] = [];
  for (const [destination, options] of Object.entries(hostConfig.Tmpfs ?? {}))
    mounts.push(tmpfs(destination, verifyTmpfsOptions(options.split(',').filter(Boolean))));
  for (const point of record.mounts) {
    const asked = hostConfig.Mounts?.find(({ Target }) => Target === point.Destination);
    if (point.Type === 'tmpfs') {
      mounts.push({ ...tmpfs(point.Destination, tmpfsOptions(asked?.TmpfsOptions)), readOnly: !point.RW });
      continue;
    }
    if (point.Type === 'bind' && (!asked || asked.BindOptions?.CreateMountpoint)) await makeSource(point);
    mounts.push({
      kind: point.Type === 'volume' ? 'volume' : 'bind',
      source: point.Source,
      destination: point.Destination,
      readOnly: !point.RW,
      readOnlyNonRecursive: asked?.BindOptions?.ReadOnlyNonRecursive ?? false,
      nonRecursive: asked?.BindOptions?.NonRecursive ?? false,
      propagation: point.Propagation,
      options: [],
    });
  }
  return mounts;
}

async function makeSource({ Source }: MountPoint): Promise<void> {
  await mkdir(Source, { recursive: true, mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    // A file is a fine source too.
    if (error.code === 'EEXIST') return;
    throw internal(
      `error while creating mount source path '${Source}': mkdir ${Source}: ${error.message}`,
      error,
    );
  });
}

function tmpfs(destination: string, options: string[]): SpecMount {
  return {
    kind: 'tmpfs',
    source: '',
    destination,
    readOnly: false,
    readOnlyNonRecursive: false,
    nonRecursive: false,
    propagation: '',
    options,
  };
}

function tmpfsOptions(given: { SizeBytes?: number; Mode?: number; Options?: string[][] } = {}): string[] {
  const options: string[] = [];
  if (given.Mode) options.push(`mode=${given.Mode.toString(8)}`);
  if (given.SizeBytes) options.push(`size=${given.SizeBytes}`);
  for (const pair of given.Options ?? []) options.push(pair.join('='));
  return options;
}

function securityOptions(hostConfig: HostConfig, { apparmor, defaults }: ContainerSettings): SecurityOptions {
  const parsed = parseSecurityOptions(hostConfig.SecurityOpt, apparmor);
  const profile = parsed.seccomp || (hostConfig.Privileged ? 'unconfined' : defaults.seccompProfile);
  return {
    noNewPrivileges: parsed.noNewPrivileges ?? defaults.noNewPrivileges,
    seccomp: profile === '' ? 'default' : profile === 'unconfined' ? profile : { text: profile },
    apparmor: apparmor ? parsed.apparmor : '',
  };
}
