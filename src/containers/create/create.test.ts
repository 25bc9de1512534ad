import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mount } from '../../runtime/config.ts';
import { commandLine, containerConfig } from './config.ts';
import { hostConfigOf, type HostDefaults } from './host-config.ts';
import { parseBind, parseMount } from './mount-specs.ts';
import { parseSecurityOptions } from './security-options.ts';
import { verifyNetworkMode } from './verify-network-mode.ts';
import { verifyHostConfig } from './verify-host.ts';
import { verifyResources } from './verify-resources.ts';

const hostnames = { container: 'abc', host: 'machine' };

const defaults: HostDefaults = {
  cgroupVersion: 1,
  cgroupnsMode: '',
  runtime: 'runc',
  ipcMode: 'private',
  shmSizeBytes: 67_108_864,
  logDriver: 'json-file',
  logOptions: { 'max-size': '1m' },
  init: false,
  noNewPrivileges: false,
  seccompProfile: '',
};

test('a command given keeps the entrypoint of the image, an entrypoint given drops its command', () => {
  const image = { Entrypoint: ['/entry'], Cmd: ['serve'] };
  const command = (body: object): string[] => commandLine(containerConfig(body, image, hostnames));
  assert.deepEqual(command({}), ['/entry', 'serve']);
  assert.deepEqual(command({ Cmd: ['other'] }), ['/entry', 'other']);
  assert.deepEqual(command({ Entrypoint: ['/mine'] }), ['/mine']);
  assert.deepEqual(command({ Entrypoint: ['/mine'], Cmd: ['x'] }), ['/mine', 'x']);
  assert.deepEqual(command({ Entrypoint: [''], Cmd: ['x'] }), ['x']);
});

test('environment, labels and ports are joined, the container winning', () => {
  const image = {
    Env: ['PATH=/bin', 'A=1'],
    Labels: { a: '1', b: '1' },
    ExposedPorts: { '80/tcp': {} },
    User: 'www',
  };
  const body = { Env: ['A=2', 'B=3'], Labels: { a: '2' }, ExposedPorts: { '53/udp': {} } };
  const config = containerConfig(body, image, hostnames);
  assert.deepEqual(config.Env, ['A=2', 'B=3', 'PATH=/bin']);
  assert.deepEqual(config.Labels, { a: '2', b: '1' });
  assert.deepEqual(Object.keys(config.ExposedPorts ?? {}).sort(), ['53/udp', '80/tcp']);
  assert.equal(config.User, 'www');
  assert.equal(config.Hostname, 'abc');
});

test('a container on the host network is called as the host, unless it says otherwise', () => {
  const hostnameOf = (body: object): string => containerConfig(body, {}, hostnames).Hostname;
  assert.equal(hostnameOf({}), 'abc');
  assert.equal(hostnameOf({ HostConfig: { NetworkMode: 'host' } }), 'machine');
  assert.equal(hostnameOf({ HostConfig: { UTSMode: 'host' } }), 'machine');
  assert.equal(hostnameOf({ Hostname: 'mine', HostConfig: { NetworkMode: 'host' } }), 'mine');
});

test('settings that need a network of its own are refused to a container in the network of another', () => {
  const mode = { NetworkMode: 'container:x' };
  const refuses = (body: object, message: RegExp): void =>
    assert.throws(() => verifyNetworkMode(body), message);
  refuses({ Hostname: 'x', HostConfig: mode }, /conflicting options: hostname and the network mode/);
  refuses({ HostConfig: { ...mode, Dns: ['1.1.1.1'] } }, /conflicting options: dns and the network mode/);
  refuses({ HostConfig: { ...mode, ExtraHosts: ['a:1.1.1.1'] } }, /custom host-to-IP mapping/);
  refuses(
    { HostConfig: { ...mode, PortBindings: { '80/tcp': [] } } },
    /port publishing and the container type/,
  );
  refuses({ ExposedPorts: { '80/tcp': {} }, HostConfig: mode }, /port exposing and the container type/);
  refuses({ Hostname: 'x', HostConfig: { UTSMode: 'host' } }, /hostname and the UTS mode/);
  verifyNetworkMode({ Hostname: 'x', HostConfig: { NetworkMode: 'bridge', Dns: ['1.1.1.1'] } });
});

test('what nobody set is null or absent, as clients see it', () => {
  const config = containerConfig({ Image: 'x' }, {}, hostnames);
  assert.deepEqual([config.Env, config.Cmd, config.Entrypoint, config.Volumes], [null, null, null, null]);
  assert.ok(!('StopSignal' in config) && !('Healthcheck' in config) && !('ExposedPorts' in config));
});

test('a health check is completed by that of the image field by field', () => {
  const image = { Healthcheck: { Test: ['CMD', 'ok'], Interval: 5, Retries: 3 } };
  const config = containerConfig({ Healthcheck: { Interval: 7 } }, image, hostnames);
  assert.deepEqual(
    [config.Healthcheck?.Test, config.Healthcheck?.Interval, config.Healthcheck?.Retries],
    [['CMD', 'ok'], 7, 3],
  );
});

test('a relative working directory is refused, others are cleaned', () => {
  assert.equal(containerConfig({ WorkingDir: '/a//b/../c/' }, {}, hostnames).WorkingDir, '/a/c');
  assert.throws(() => containerConfig({}, { WorkingDir: 'rel' }, hostnames), /needs to be an absolute path/);
});

test('memory alone allows as much swap again, the log options follow the driver', () => {
  const config = hostConfigOf({ Memory: 1000, LogConfig: { Type: 'none' } }, defaults);
  assert.equal(config.MemorySwap, 2000);
  assert.deepEqual(config.LogConfig, { Type: 'none', Config: {} });
  assert.deepEqual(hostConfigOf({}, defaults).LogConfig.Config, { 'max-size': '1m' });
});

test('the privileged see all of /proc, and the cgroup namespace follows version and mode', () => {
  const config = hostConfigOf({ Privileged: true }, defaults);
  assert.deepEqual(
    [config.MaskedPaths, config.ReadonlyPaths, config.SecurityOpt],
    [null, null, ['label=disable']],
  );
  assert.equal(hostConfigOf({}, defaults).CgroupnsMode, 'host');
  assert.equal(hostConfigOf({}, { ...defaults, cgroupVersion: 2 }).CgroupnsMode, 'private');
  assert.equal(hostConfigOf({ Privileged: true }, { ...defaults, cgroupVersion: 2 }).CgroupnsMode, 'host');
});

test('binds are paths or volumes, with the mode inspect shows', () => {
  const cases: [string, Partial<ReturnType<typeof parseBind>>][] = [
    [
      '/etc:/x',
      { type: 'bind', source: '/etc', target: '/x', readOnly: false, mode: '', propagation: 'rprivate' },
    ],
    ['/etc/:/x/:ro', { source: '/etc', target: '/x', readOnly: true, mode: 'ro' }],
    ['/etc:/x:rslave,ro', { propagation: 'rslave', readOnly: true }],
    ['data:/x', { type: 'volume', source: 'data', mode: 'z', propagation: '' }],
    ['data:/x:ro', { type: 'volume', mode: 'ro', readOnly: true }],
    ['/anon', { type: 'volume', source: '', target: '/anon' }],
  ];
  for (const [text, expected] of cases) assert.partialDeepStrictEqual(parseBind(text), expected);
});

test('bad binds have the words of the reference', () => {
  const cases: [string, string][] = [
    ['', "invalid volume specification: ''"],
    ['a:b:c:d', "invalid volume specification: 'a:b:c:d'"],
    ['/etc:ro', "invalid volume specification: '/etc:ro'"],
    ['/etc:/x:zz', 'invalid mode: zz'],
    ['/etc:/x:ro,rw', 'invalid mode: ro,rw'],
    [
      '/etc:/',
      "invalid volume specification: '/etc:/': invalid mount config for type \"bind\": invalid specification: destination can't be '/'",
    ],
    [
      'v:/x:shared',
      'invalid volume specification: \'v:/x:shared\': invalid mount config for type "volume": field BindOptions must not be specified',
    ],
  ];
  for (const [text, message] of cases) assert.throws(() => parseBind(text), { kind: 'internal', message });
});

test('mounts are checked field by field', async () => {
  const exists = async (path: string): Promise<boolean> => path === '/etc';
  const refuses = (mount: object, message: RegExp): Promise<void> =>
    assert.rejects(parseMount(mount as Mount, exists), message);
  await refuses({ Type: 'odd', Target: '/x' }, /mount type unknown/);
  await refuses({ Type: 'volume' }, /field Target must not be empty/);
  await refuses({ Type: 'bind', Target: '/x', Source: '/none' }, /bind source path does not exist: \/none/);
  await refuses(
    { Type: 'tmpfs', Target: '/x', BindOptions: {} },
    /BindOptions must not be specified on mount type "tmpfs"/,
  );
  await refuses(
    { Type: 'volume', Target: '/x', ReadOnly: true },
    /must not set ReadOnly mode when using anonymous/,
  );
  await refuses({ Type: 'image', Target: '/x' }, /field Source must not be empty/);
  await refuses(
    { Type: 'volume', Source: 'vv', Target: '/x', VolumeOptions: { Subpath: 'a/../../b' } },
    /subpath must be a relative path within the volume/,
  );
  await refuses(
    { Type: 'tmpfs', Target: '/x', TmpfsOptions: { Options: [['uid', '1']] } },
    /invalid option: uid/,
  );
  const ok = await parseMount({ Type: 'bind', Source: '/etc', Target: '/x', ReadOnly: true }, exists);
  assert.partialDeepStrictEqual(ok, { type: 'bind', readOnly: true, propagation: 'rprivate' });
});

test('limits are checked against the machine', () => {
  const machine = { cpus: 2, memoryNodes: '0', missing: new Set(['blockWeight'] as const) };
  const refuses = (given: object, message: RegExp): void =>
    assert.throws(() => verifyResources(given, machine), message);
  refuses({ Memory: 1024 }, /Minimum memory limit allowed is 6MB/);
  refuses({ NanoCpus: 3e9 }, /range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available/);
  refuses({ CpusetCpus: '0-2' }, /Requested CPUs are not available - requested 0-2, available: 0-1/);
  refuses({ CpusetMems: 'x' }, /Invalid value x for cpuset mems/);
  const given = { BlkioWeight: 100 };
  assert.match(verifyResources(given, machine)[0] ?? '', /Weight discarded/);
  assert.equal(given.BlkioWeight, 0);
});

test('a runtime that is not configured is refused', () => {
  const checks = { container: () => undefined, runtimes: new Set(['runc']), remapped: false };
  assert.throws(() => verifyHostConfig({ Runtime: 'odd' }, checks), /unknown or invalid runtime name: odd/);
});

test("a daemon that maps ids refuses what root of a user namespace has no rights over, unless the host's is asked for", () => {
  const checks = { container: () => undefined, runtimes: new Set(['runc']), remapped: true };
  for (const [given, message] of [
    [
      { Privileged: true },
      'privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode',
    ],
    [{ NetworkMode: 'host' }, "cannot share the host's network namespace when user namespaces are enabled"],
    [{ PidMode: 'host' }, 'cannot share the host PID namespace when user namespaces are enabled'],
  ] as const) {
    assert.throws(() => verifyHostConfig({ ...given }, checks), { kind: 'invalid-argument', message });
    assert.deepEqual(verifyHostConfig({ ...given, UsernsMode: 'host' }, checks), []);
    assert.deepEqual(verifyHostConfig({ ...given }, { ...checks, remapped: false }), []);
  }
});

test('security options are read in both forms', () => {
  const parsed = parseSecurityOptions([
    'no-new-privileges:true',
    'seccomp=unconfined',
    'label=disable',
    'apparmor:mine',
    'writable-cgroups=true',
  ]);
  assert.deepEqual(parsed, {
    noNewPrivileges: true,
    seccomp: 'unconfined',
    apparmor: 'mine',
    writableCgroups: true,
  });
  assert.throws(() => parseSecurityOptions(['odd']), { message: 'invalid --security-opt 1: "odd"' });
  for (const option of ['odd=1', 'writable-cgroups=maybe'])
    assert.throws(() => parseSecurityOptions([option]), {
      message: `invalid --security-opt 2: "${option}"`,
    });
});
