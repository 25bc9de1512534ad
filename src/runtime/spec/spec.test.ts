import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Device, DeviceRule, SeccompSyscall, Spec } from '../../oci/runtime-spec.ts';
import type { ContainerConfig, HostConfig, MountPoint } from '../config.ts';
import type { SpecInput, SpecMount } from './input.ts';
import { openedSources } from './mounts.ts';
import { generateSpec } from './spec.ts';

/**
 * Specs of Docker Engine 28.5.2 (cgroup v1, x86-64) for containers of many forms, with ids and paths replaced. Compared
 * whole, after taking from both sides what is decided elsewhere or means nothing (see `comparable`).
 */
interface Recorded {
  config: ContainerConfig;
  hostConfig: HostConfig;
  mounts: MountPoint[];
  spec: Spec;
}

const recorded = JSON.parse(
  readFileSync(new URL('testdata/reference.json', import.meta.url), 'utf8'),
) as Record<string, Recorded>;

const available = recorded['privileged']?.spec.process.capabilities?.bounding ?? [];

for (const [form, { config, hostConfig, mounts, spec }] of Object.entries(recorded)) {
  test(`the spec of a container of form "${form}" is the reference's`, () => {
    const ours = generateSpec(inputOf(form, config, hostConfig, mounts, spec));
    assert.deepEqual(comparable(ours), comparable(withOwnShm(form, spec)));
  });
}

/** What others may join is a file system of the container's own here, not a directory of the host. */
function withOwnShm(form: string, spec: Spec): Spec {
  const own = recorded['default']?.spec.mounts.find(({ destination }) => destination === '/dev/shm');
  if (form !== 'shareable' || !own) return spec;
  return { ...spec, mounts: spec.mounts.map((mount) => (mount.destination === '/dev/shm' ? own : mount)) };
}

test('version 2 of cgroups adds relatime to a private view and changes nothing else', () => {
  const { config, hostConfig, mounts, spec } = recorded['default'] as Recorded;
  const input = inputOf('default', config, { ...hostConfig, CgroupnsMode: 'private' }, mounts, spec);
  const v1 = generateSpec(input);
  const v2 = generateSpec({ ...input, host: { ...input.host, cgroupVersion: 2 } });
  const cgroup = v2.mounts.find(({ type }) => type === 'cgroup');
  assert.deepEqual(cgroup?.options, ['ro', 'nosuid', 'noexec', 'nodev', 'relatime']);
  assert.ok(v2.linux.namespaces.some(({ type }) => type === 'cgroup'));
  assert.deepEqual({ ...v2, mounts: [] }, { ...v1, mounts: [] });
});

test('joined namespaces are paths, and the joined network brings no settings of its own', () => {
  const { config, hostConfig, mounts, spec } = recorded['default'] as Recorded;
  const joined = { network: '/proc/7/ns/net', ipc: '/proc/7/ns/ipc', pid: '/proc/7/ns/pid' };
  const input = inputOf('default', config, { ...hostConfig, NetworkMode: 'container:x' }, mounts, spec);
  const joining = { ...input, joined, shmOf: 7 };
  const ours = generateSpec(joining);
  for (const [type, path] of Object.entries(joined))
    assert.deepEqual(
      ours.linux.namespaces.find((namespace) => namespace.type === type),
      { type, path },
    );
  assert.equal(ours.linux.sysctl, undefined);
  const mount = ours.mounts.findIndex(({ destination }) => destination === '/dev/shm');
  assert.deepEqual(openedSources(joining, ours.mounts), [{ mount, shmOf: 7 }]);
});

test('a user namespace has mappings, and a path where others belong to it; without one nothing is mapped', () => {
  const { config, hostConfig, mounts, spec } = recorded['userns'] as Recorded;
  const input = inputOf('userns', config, hostConfig, mounts, spec);
  const joining = generateSpec({ ...input, joined: { user: '/proc/7/ns/user' } });
  assert.deepEqual(joining.linux.namespaces.at(-1), { type: 'user', path: '/proc/7/ns/user' });
  const { idMaps: _, ...unmapped } = input;
  const ours = generateSpec(unmapped);
  assert.equal(ours.linux.uidMappings, undefined);
  assert.equal(
    ours.linux.namespaces.some(({ type }) => type === 'user'),
    false,
  );
});

test('a later mount option takes back an earlier one', () => {
  const { config, hostConfig, mounts, spec } = recorded['default'] as Recorded;
  const input = inputOf('default', config, hostConfig, mounts, spec);
  const tmpfs = {
    ...emptyMount,
    kind: 'tmpfs' as const,
    destination: '/t',
    options: ['exec', 'size=1m', 'size=2m'],
  };
  const ours = generateSpec({ ...input, mounts: [tmpfs] });
  assert.deepEqual(ours.mounts.find(({ destination }) => destination === '/t')?.options, [
    'nosuid',
    'nodev',
    'rprivate',
    'exec',
    'size=2m',
  ]);
});

test('limits nobody asked for leave no empty objects', () => {
  const { config, hostConfig, mounts, spec } = recorded['default'] as Recorded;
  const ours = generateSpec(inputOf('default', config, hostConfig, mounts, spec));
  assert.deepEqual(Object.keys(ours.linux.resources), ['devices']);
});

const emptyMount: SpecMount = {
  kind: 'bind',
  source: '',
  destination: '',
  readOnly: false,
  readOnlyNonRecursive: false,
  nonRecursive: false,
  propagation: '',
  options: [],
};

function inputOf(
  form: string,
  config: ContainerConfig,
  hostConfig: HostConfig,
  mounts: readonly MountPoint[],
  spec: Spec,
): SpecInput {
  const security = hostConfig.SecurityOpt ?? [];
  const unconfined = security.includes('seccomp=unconfined') || hostConfig.Privileged;
  const { uidMappings, gidMappings } = spec.linux;
  return {
    id: '<id>',
    bundle: '<bundle>',
    config,
    hostConfig,
    args: [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
    hostname: hostConfig.UTSMode === 'host' ? 'vm' : config.Hostname,
    init: hostConfig.Init ?? false,
    host: {
      cgroupVersion: 1,
      hostname: 'vm',
      kernel: '6.18.0',
      capabilities: available,
      initPath: '/usr/bin/docker-init',
    },
    mounts: mountsOf(hostConfig, mounts),
    files: {
      resolvConf: '<data>/containers/<id>/resolv.conf',
      hostname: '<data>/containers/<id>/hostname',
      hosts: '<data>/containers/<id>/hosts',
    },
    shmOf: null,
    joined: {},
    cgroupParent: hostConfig.CgroupParent || '/docker',
    devices: devicesOf(spec, hostConfig),
    security: {
      noNewPrivileges: security.includes('no-new-privileges'),
      seccomp: unconfined ? 'unconfined' : 'default',
      apparmor: '',
      writableCgroups: false,
    },
    defaultUlimits: [],
    ...(uidMappings && gidMappings && { idMaps: { uids: uidMappings, gids: gidMappings } }),
  };
}

function mountsOf({ Tmpfs, Mounts }: HostConfig, points: readonly MountPoint[]): SpecMount[] {
  const tmpfs = Object.entries(Tmpfs ?? {}).map(([destination, options]) => ({
    ...emptyMount,
    kind: 'tmpfs' as const,
    destination,
    options: options.split(',').filter(Boolean),
  }));
  const rest = points.map((point): SpecMount => {
    const asked = Mounts?.find(({ Target }) => Target === point.Destination);
    return {
      kind: point.Type as 'bind' | 'volume' | 'tmpfs',
      source: point.Source,
      destination: point.Destination,
      readOnly: !point.RW,
      readOnlyNonRecursive: asked?.BindOptions?.ReadOnlyNonRecursive ?? false,
      nonRecursive: asked?.BindOptions?.NonRecursive ?? false,
      propagation: point.Propagation,
      options: point.Type === 'tmpfs' ? ['mode=700', 'size=1000000'] : [],
    };
  });
  return [...tmpfs, ...rest];
}

/** Numbers of devices are the machine's: taken from the record, as the lookup at start would find them. */
function devicesOf(spec: Spec, { Devices, DeviceCgroupRules }: HostConfig): SpecInput['devices'] {
  const nodes: Device[] = spec.linux.devices ?? [];
  const rules: DeviceRule[] = [];
  if (Devices?.length)
    for (const { path, type, major, minor } of nodes)
      rules.push({ allow: true, type, major, minor, access: path === '/dev/fuse' ? 'rw' : 'rwm' });
  if (DeviceCgroupRules?.length) rules.push({ allow: true, type: 'c', major: 42, minor: -1, access: 'rmw' });
  return { nodes, rules, weights: [], throttles: { readBps: [], writeBps: [], readIops: [], writeIops: [] } };
}

/**
 * Without: the version (ours is older, spec.ts), the user (resolved by the executor), the path of the root, empty or default resource objects, a device list the
 * reference writes twice, and the order of mounts of one depth and of seccomp's names.
 */
function comparable({ process, root, linux, mounts, ...spec }: Spec): unknown {
  const { resources, seccomp, ...rest } = linux;
  const { memory, blockIO, ...limits } = resources;
  const { disableOOMKiller = false, ...memoryLimits } = memory ?? {};
  return {
    ...spec,
    ociVersion: undefined,
    process: { ...process, user: undefined },
    readonly: root.readonly ?? false,
    mounts: [...mounts].sort((a, b) => (a.destination < b.destination ? -1 : 1)),
    linux: {
      ...rest,
      resources: { ...limits, devices: deduplicated(limits.devices ?? []) },
      memory: { ...memoryLimits, disableOOMKiller },
      blockIO: blockIO ?? {},
      seccomp: seccompOf(seccomp),
    },
  };
}

/** Rules up to a repeated "deny all" have no effect; on v1 an "allow all" likewise begins anew. */
function deduplicated(rules: readonly DeviceRule[]): DeviceRule[] {
  const last = rules.findLastIndex(({ type }) => type === undefined);
  return rules.slice(last);
}

function seccompOf(seccomp: Spec['linux']['seccomp'] | 'as default'): unknown {
  if (seccomp === 'as default') return seccompOf(recorded['default']?.spec.linux.seccomp);
  if (!seccomp) return undefined;
  const key = (rule: SeccompSyscall): string => JSON.stringify(rule);
  const rules = (seccomp.syscalls ?? []).map((rule) => ({ ...rule, names: rule.names.toSorted() }));
  return { ...seccomp, syscalls: rules.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}
