import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import type { Config } from './config.ts';
import { parseFlags } from './flags.ts';
import { usage } from './help.ts';
import { loadConfig } from './load.ts';
import { options } from './options.ts';
import { applyReload } from './reload.ts';
import { parseHost, parseSize } from './values.ts';

const directory = mkdtempSync('/tmp/berth-config-test-');
after(() => rmSync(directory, { recursive: true }));
const path = `${directory}/daemon.json`;

/** The configuration of a command line and the content of a file. */
function load(argv: readonly string[], file: unknown = {}): Config {
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return loadConfig(parseFlags(['--config-file', path, ...argv]));
}

const inFile = `unable to configure the Docker daemon with file ${path}: `;

// The texts are those of Docker Engine 28.5.2.
const refusedFlags: [string[], string][] = [
  [['--nope'], 'unknown flag: --nope'],
  [['-x'], "unknown shorthand flag: 'x' in -x"],
  [['--mtu'], 'flag needs an argument: --mtu'],
  [['--mtu', 'x'], 'invalid argument "x" for "--mtu" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  [
    ['--debug=maybe'],
    'invalid argument "maybe" for "-D, --debug" flag: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  [['--label', 'foo'], 'invalid argument "foo" for "--label" flag: bad attribute format: foo'],
  [
    ['-H', 'foo://x'],
    `invalid argument "foo://x" for "-H, --host" flag: invalid bind address (foo://x): unsupported proto 'foo'`,
  ],
  [
    ['-H', 'tcp://:x'],
    'invalid argument "tcp://:x" for "-H, --host" flag: invalid bind address (tcp://:x): parse "tcp://:x": invalid port ":x" after host',
  ],
  [['--dns', 'x'], 'invalid argument "x" for "--dns" flag: invalid string being converted to IP address: x'],
  [
    ['--default-ulimit', 'nofile=x'],
    'invalid argument "nofile=x" for "--default-ulimit" flag: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  [['--default-shm-size', 'x'], `invalid argument "x" for "--default-shm-size" flag: invalid size: 'x'`],
  [
    ['--add-runtime', 'foo'],
    'invalid argument "foo" for "--add-runtime" flag: invalid runtime argument: foo',
  ],
  [
    ['--add-runtime', 'a=/x', '--add-runtime', 'a=/y'],
    `invalid argument "a=/y" for "--add-runtime" flag: runtime 'a' was already defined`,
  ],
  [
    ['--registry-mirror', 'x'],
    `invalid argument "x" for "--registry-mirror" flag: invalid mirror: no scheme specified for "x": must use either 'https://' or 'http://'`,
  ],
  [
    ['--default-address-pool', 'foo'],
    `invalid argument "foo" for "--default-address-pool" flag: invalid field 'foo' must be a key=value pair`,
  ],
  [['--log-level', 'nope'], 'invalid logging level: nope'],
  [['--mtu', '-5'], 'invalid default MTU: -5'],
  [['--default-cgroupns-mode', 'foo'], 'invalid default cgroup namespace (foo): use "host" or "private"'],
  [['--default-ipc-mode', 'foo'], 'default IPC mode setting (foo) is invalid; use "shareable" or "private"'],
  [['--label', 'a=b', '--label', 'a=c'], 'conflict labels for a=c and a=b'],
  [['--default-runtime', 'zz'], "specified default runtime 'zz' does not exist"],
];
for (const [argv, message] of refusedFlags) {
  test(`berthd ${argv.join(' ')} is refused in dockerd's words`, () => {
    assert.throws(() => load(argv), { message });
  });
}

const refusedFiles: [unknown, string][] = [
  [{ foo: 1, bar: 2 }, "the following directives don't match any configuration option: bar, foo"],
  [{ Debug: true }, "the following directives don't match any configuration option: Debug"],
  [
    { debug: 'x' },
    'invalid JSON: json: cannot unmarshal string into Go struct field Config.debug of type bool',
  ],
  [
    { mtu: -1 },
    'merged configuration validation from file and command line flags failed: invalid default MTU: -1',
  ],
];
for (const [file, message] of refusedFiles) {
  test(`the file ${JSON.stringify(file)} is refused in dockerd's words`, () => {
    assert.throws(() => load([], file), { message: inFile + message });
  });
}

test('what a flag says must not be in the file too', () => {
  const file = { 'log-level': 'debug', labels: ['a=b'], 'log-opts': { 'max-size': '1m' } };
  assert.throws(() => load(['--log-level', 'info', '--label', 'c=d', '--log-opt', 'max-file=2'], file), {
    message: `${inFile}the following directives are specified both as a flag and in the configuration file: labels: (from flag: [c=d], from file: [a=b]), log-level: (from flag: info, from file: debug), log-opts: (from flag: map[max-file:2], from file: map[max-size:1m])`,
  });
});

test('a file that was asked for must exist, the usual one need not', () => {
  assert.throws(() => loadConfig(parseFlags(['--config-file', '/nope.json'])), {
    message:
      'unable to configure the Docker daemon with file /nope.json: open /nope.json: no such file or directory',
  });
});

test('the built-in runtime is called runc until the user calls another one so', () => {
  assert.equal(load([]).defaultRuntime, 'runc');
  assert.equal(load(['--default-runtime', 'berth']).defaultRuntime, 'berth');
  assert.equal(load(['--add-runtime', 'runc=/usr/sbin/runc']).defaultRuntime, 'berth');
  assert.equal(
    load(['--add-runtime', 'runc=/usr/sbin/runc', '--default-runtime', 'runc']).defaultRuntime,
    'runc',
  );
});

test('flags come in all their forms', () => {
  const config = load([
    '-Dl',
    'warn',
    '-H=unix:///a.sock',
    '-Hunix:///b.sock',
    '-H',
    ':1',
    '--icc=false',
    '--tls',
  ]);
  assert.equal(config.debug, true);
  assert.deepEqual(config.hosts, ['unix:///a.sock', 'unix:///b.sock', 'tcp://127.0.0.1:1']);
  assert.equal(config.network.icc, false);
  assert.throws(() => load(['extra']), /accepts no arguments/);
});

test('the file says what flags say, with arguments of runtimes and objects for pools and limits', () => {
  const config = load([], {
    hosts: ['unix:///x.sock'],
    runtimes: { crun: { path: '/usr/bin/crun', runtimeArgs: ['--debug'] } },
    'default-runtime': 'crun',
    'default-ulimits': { nofile: { Name: 'nofile', Hard: 64, Soft: 32 } },
    'default-address-pools': [{ base: '10.1.0.0/16', size: 24 }],
    'default-shm-size': '1g',
    'live-restore': false,
  });
  assert.deepEqual(config.runtimes, { crun: { path: '/usr/bin/crun', args: ['--debug'] } });
  assert.deepEqual(config.ulimits, { nofile: { name: 'nofile', soft: 32, hard: 64 } });
  assert.deepEqual(config.network.addressPools, [{ base: '10.1.0.0/16', size: 24 }]);
  assert.equal(config.shmSizeBytes, 2 ** 30);
  assert.equal(config.stopContainersOnExit, true);
});

test('nothing is silently ignored: every option without effect is refused unless it is left alone', () => {
  const values = {
    boolean: (value: unknown) => String(value !== true),
    integer: () => '7',
    text: () => 'x',
    list: () => 'x',
    map: () => 'k=v',
  };
  const unsupported = options.filter((option) => option.unsupported && !option.harmless?.(true));
  assert.ok(unsupported.length > 20);
  for (const option of unsupported) {
    const argument = `--${option.flag}=${values[option.kind](option.default)}`;
    assert.throws(
      () => load([argument]),
      { message: new RegExp(`^--${option.flag} .*not supported yet`) },
      argument,
    );
  }
  load(['--storage-driver=overlay2', '--exec-opt', 'native.cgroupdriver=cgroupfs', '--userland-proxy=false']);
});

test('every option is in the help', () => {
  const text = usage();
  for (const { flag } of options) assert.match(text, new RegExp(`--${flag}\\b`));
});

test('a reload takes the reloadable settings only', () => {
  const config = load([], { labels: ['a=1'] });
  const changed = applyReload(config, load([], { labels: ['a=2'], 'data-root': '/elsewhere' }));
  assert.deepEqual(changed, ['labels']);
  assert.deepEqual(config.labels, ['a=2']);
  assert.equal(config.dataRoot, '/var/lib/berth');
});

test('addresses are completed, sizes are binary', () => {
  assert.equal(parseHost(''), 'unix:///run/berth/docker.sock');
  assert.equal(parseHost('[::1]:5'), 'tcp://[::1]:5');
  assert.equal(parseHost('tcp://0.0.0.0'), 'tcp://0.0.0.0:2375');
  assert.equal(parseHost('fd://'), 'fd://');
  assert.equal(parseSize('64MiB'), 64 * 2 ** 20);
  assert.equal(parseSize('1.5k'), 1536);
  assert.equal(parseSize('12b'), 12);
});
