import { parseLink } from '../links.ts';
import { isIP } from 'node:net';
import { internal, invalidArgument, messageOf } from '../../errors.ts';
import { normaliseCapabilities } from '../../runtime/spec/capabilities.ts';
import type { CreateBody } from '../service.ts';

type Given = NonNullable<CreateBody['HostConfig']>;

/** Checks that need to know other containers or the daemon's settings. */
export interface HostChecks {
  /** Throws not-found when there is no such container. */
  container(nameOrId: string): unknown;
  runtimes: ReadonlySet<string>;
  /** Containers have user namespaces, unless they ask for the host's. */
  remapped: boolean;
}

/**
 * Checks how the container meets its host, but for resources and mounts. What the engine cannot do is refused here.
 * @throws invalid-argument, internal (where the reference says 500) with the reference's texts
 */
export function verifyHostConfig(given: Given, checks: HostChecks): string[] {
  verifyForeign(given);
  if (given.AutoRemove && (given.RestartPolicy?.Name || 'no') !== 'no')
    throw invalidArgument("can't create 'AutoRemove' container with restart policy");
  for (const host of given.ExtraHosts ?? []) verifyExtraHost(host);
  verifyPorts(given);
  verifyRestartPolicy(given.RestartPolicy?.Name || 'no', given.RestartPolicy?.MaximumRetryCount ?? 0);
  normaliseCapabilities(given.CapAdd ?? [], 'CapAdd');
  normaliseCapabilities(given.CapDrop ?? [], 'CapDrop');
  if (!['', 'default'].includes((given.Isolation ?? '').toLowerCase()))
    throw invalidArgument(`invalid isolation (${given.Isolation}): linux only supports 'default'`);
  if (given.Annotations && '' in given.Annotations)
    throw invalidArgument('invalid Annotations: the empty string is not permitted as an annotation key');
  verifyModes(given, checks);
  if (checks.remapped && given.UsernsMode !== 'host') verifyMapped(given);
  const runtime = given.Runtime ?? '';
  if (runtime !== '' && !checks.runtimes.has(runtime))
    throw invalidArgument(`unknown or invalid runtime name: ${runtime}`);
  verifyLinks(given, checks);
  verifyStorage(given);
  return warnings(given);
}

/** What only engines on Windows can do. */
function verifyForeign({ IOMaximumBandwidth, IOMaximumIOps }: Given): void {
  if (IOMaximumBandwidth)
    throw invalidArgument('invalid option: QoS maximum bandwidth configuration is not supported on linux');
  if (IOMaximumIOps)
    throw invalidArgument('invalid option: QoS maximum IOPs configuration is not supported on linux');
}

function verifyExtraHost(text: string): void {
  const [name = '', ...rest] = text.split(/[=:]/);
  const address = text.slice(name.length + 1).replace(/^\[(.*)\]$/, '$1');
  if (name === '' || rest.length === 0) throw invalidArgument(`bad format for add-host: "${text}"`);
  if (address !== 'host-gateway' && isIP(address) === 0)
    throw invalidArgument(`invalid IP address in add-host: "${address}"`);
}

function verifyPorts({ PortBindings }: Given): void {
  for (const [port, bindings] of Object.entries(
    (PortBindings ?? {}) as Record<string, { HostPort?: string }[] | null>,
  )) {
    const number = port.split('/')[0] ?? '';
    if (!isPortRange(number)) throw invalidArgument(`invalid port specification: "${number}"`);
    for (const { HostPort = '' } of bindings ?? [])
      if (HostPort !== '' && !isPortRange(HostPort))
        throw invalidArgument(`invalid port specification: "${HostPort}"`);
  }
}

/** `80` or `8000-8010`. */
function isPortRange(text: string): boolean {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return false;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return first <= last && last <= 65_535;
}

/** @throws invalid-argument with the reference's texts. Also for update. */
export function verifyRestartPolicy(name: string, count: number): void {
  const fail = (why: string): never => {
    throw invalidArgument(`invalid restart policy: ${why}`);
  };
  if (!['no', 'always', 'on-failure', 'unless-stopped'].includes(name))
    fail(`unknown policy '${name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'`);
  if (name !== 'on-failure' && count !== 0)
    fail(
      `maximum retry count can only be used with 'on-failure'${count < 0 ? ' and cannot be negative' : ''}`,
    );
  if (count < 0) fail('maximum retry count cannot be negative');
}

function verifyModes(given: Given, checks: HostChecks): void {
  const { NetworkMode = '', PidMode = '', IpcMode = '', UTSMode = '', CgroupnsMode = '' } = given;
  if (NetworkMode === 'container:' || NetworkMode === 'container')
    throw invalidArgument('invalid network mode: invalid container format container:<name|id>');
  if (!['', 'host'].includes(PidMode) && !/^container:./.test(PidMode))
    throw invalidArgument(`invalid PID mode: ${PidMode}`);
  if (!['', 'none', 'host', 'private', 'shareable'].includes(IpcMode) && !/^container:./.test(IpcMode))
    throw invalidArgument(`invalid IPC mode: ${IpcMode}`);
  if (!['', 'host'].includes(UTSMode)) throw invalidArgument(`invalid UTS mode: ${UTSMode}`);
  // The reference takes any word here and does nothing with it.
  if (given.Cgroup)
    throw invalidArgument(`invalid Cgroup: ${given.Cgroup}: a container's cgroup is chosen by CgroupParent`);
  if (!['', 'private', 'host'].includes(CgroupnsMode))
    throw invalidArgument(`invalid cgroup namespace mode: ${CgroupnsMode}`);
  for (const mode of [PidMode, IpcMode])
    if (mode.startsWith('container:')) verifyOther(mode.slice('container:'.length), checks);
}

/** Root of a user namespace has no rights over what is the host's. */
function verifyMapped({ Privileged, NetworkMode, PidMode }: Given): void {
  if (Privileged)
    throw invalidArgument(
      'privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode',
    );
  if (NetworkMode === 'host')
    throw invalidArgument("cannot share the host's network namespace when user namespaces are enabled");
  if (PidMode === 'host')
    throw invalidArgument('cannot share the host PID namespace when user namespaces are enabled');
}

/** A missing container is the client's mistake here, not a missing page. */
function verifyOther(nameOrId: string, checks: HostChecks, prefix = ''): void {
  try {
    checks.container(nameOrId);
  } catch (error) {
    throw invalidArgument(prefix + messageOf(error), error);
  }
}

function verifyLinks({ Links, VolumesFrom }: Given, checks: HostChecks): void {
  for (const link of Links ?? []) {
    const { target: name } = parseLink(link);
    verifyOther(name, checks, `could not get container for ${name}: `);
  }
  for (const from of VolumesFrom ?? []) verifyOther(from.split(':')[0] ?? '', checks);
}

function verifyStorage({ StorageOpt }: Given): void {
  for (const name of Object.keys(StorageOpt ?? {}))
    if (name !== 'size') throw internal(`Unknown option ${name}`);
}

/** What is taken and has no effect; it is taken out of `given`. */
function warnings(given: Given): string[] {
  const { NetworkMode, PortBindings, CpuPercent = 0 } = given;
  const found: string[] = [];
  if (CpuPercent > 0) {
    found.push('linux does not support CPU percent. Percent discarded.');
    given.CpuPercent = 0;
  }
  if (NetworkMode === 'host' && Object.keys(PortBindings ?? {}).length > 0)
    found.push('Published ports are discarded when using host network mode');
  return found;
}
