import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Container, type ContainerRecord } from '../container.ts';
import { logPath, shimLog, verifyLogConfig } from './config.ts';
import { initialState } from '../state.ts';

function container(Type: string, Config: Record<string, string>): Container {
  const record = {
    id: '47679a6863f6'.padEnd(64, '0'),
    name: 'web',
    imageId: `sha256:${'5'.repeat(64)}`,
    config: {
      Env: ['E=1', 'EE=2=3', 'X'],
      Labels: { lab: 'x', lab2: 'y' },
      Image: 'busybox:latest',
      Entrypoint: null,
      Cmd: ['echo', 'x'],
    },
    hostConfig: { LogConfig: { Type, Config } },
  };
  return new Container(record as unknown as ContainerRecord, initialState());
}

const paths = { jsonFile: '/json', local: '/local', cache: '/cache' };

function attributes(Config: Record<string, string>): unknown {
  return JSON.parse(shimLog(container('json-file', Config), paths).attrs ?? 'null');
}

const failure = 'failed to create task for container: failed to initialize logging driver: ';

test('options no driver knows are refused at create in the reference’s words', () => {
  const refused = (Type: string, Config: Record<string, string>, message: string): void =>
    assert.throws(() => verifyLogConfig({ Type, Config }), { message });
  refused('json-file', { nope: '1' }, "unknown log opt 'nope' for json-file log driver");
  refused('local', { tag: 'x' }, "unknown log opt 'tag' for log driver local");
  refused('json-file', { mode: 'bad' }, 'logger: logging mode not supported: bad');
  refused(
    'json-file',
    { 'max-buffer-size': '1m' },
    "logger: max-buffer-size option is only supported with 'mode=non-blocking'",
  );
  refused(
    'json-file',
    { mode: 'non-blocking', 'max-buffer-size': 'x' },
    "error parsing option max-buffer-size: invalid size: 'x'",
  );
  refused('json-file', { 'cache-disabled': 'x(' }, 'invalid value for option cache-disabled: x(');
  refused('nope', {}, 'error looking up logging plugin nope: plugin "nope" not found');
  refused('gcplogs', {}, 'error looking up logging plugin gcplogs: plugin "gcplogs" not found');
  verifyLogConfig({ Type: 'none', Config: { nope: '1' } });
  verifyLogConfig({ Type: 'json-file', Config: { 'cache-disabled': '', 'cache-max-size': 'x' } });
  verifyLogConfig({
    Type: 'local',
    Config: { mode: 'non-blocking', 'max-buffer-size': '1m', 'max-size': 'later' },
  });
});

test('values that make no sense are refused at start in the reference’s words', () => {
  const cases: [string, Record<string, string>, string][] = [
    ['json-file', { 'max-size': 'x' }, "invalid size: 'x'"],
    ['json-file', { 'max-size': '0' }, 'max-size must be a positive number'],
    ['json-file', { 'max-file': '0' }, 'max-file cannot be less than 1'],
    ['json-file', { 'max-file': 'x' }, 'strconv.Atoi: parsing "x": invalid syntax'],
    ['json-file', { compress: 'x' }, 'strconv.ParseBool: parsing "x": invalid syntax'],
    [
      'json-file',
      { compress: 'true' },
      'compress cannot be true when max-file is less than 2 or max-size is not set',
    ],
    ['json-file', { 'labels-regex': '(' }, 'error parsing regexp: missing closing ): `(`'],
    ['json-file', { tag: '{{' }, 'template: log-tag:1: unclosed action'],
    [
      'json-file',
      { tag: '{{.Nope}}' },
      'template: log-tag:1:2: executing "log-tag" at <.Nope>: can\'t evaluate field Nope in type *logger.Info',
    ],
    ['local', { 'max-size': 'x' }, "invalid value for max-size: x: invalid size: 'x'"],
    ['local', { 'max-file': '0' }, 'compression cannot be enabled when max file count is 1'],
  ];
  for (const [type, config, message] of cases)
    assert.throws(() => shimLog(container(type, config), paths), {
      kind: 'internal',
      message: failure + message,
    });
});

test('sizes are decimal, limits go to the shim, local has some by default', () => {
  assert.deepEqual(shimLog(container('json-file', {}), paths), {
    driver: 'json-file',
    path: '/json',
    maxSizeBytes: 100_000_000,
    maxFiles: 5,
    compress: false,
  });
  assert.deepEqual(
    shimLog(container('json-file', { 'max-size': '1.5 kb', 'max-file': '3', compress: 'true' }), paths),
    {
      driver: 'json-file',
      path: '/json',
      maxSizeBytes: 1500,
      maxFiles: 3,
      compress: true,
    },
  );
  assert.deepEqual(shimLog(container('local', {}), paths), {
    driver: 'local',
    path: '/local',
    maxSizeBytes: 20_971_520,
    maxFiles: 5,
    compress: true,
  });
  assert.deepEqual(shimLog(container('none', {}), paths), { driver: 'none' });
});

test('lines carry the labels and variables named or matched, and the tag', () => {
  assert.deepEqual(attributes({ labels: 'lab,no', env: 'E,X' }), { lab: 'x', E: '1', X: '' });
  assert.deepEqual(attributes({ 'labels-regex': '^la', 'env-regex': '^E' }), {
    lab: 'x',
    lab2: 'y',
    E: '1',
    EE: '2=3',
  });
  assert.deepEqual(attributes({ tag: 't' }), { tag: 't' });
  assert.equal(attributes({}), null);
});

test('a tag speaks of the container', () => {
  assert.deepEqual(
    attributes({
      tag: '{{.ID}}/{{.Name}}/{{.ContainerName}}/{{ .ImageName }}/{{.ImageID}}/{{.Command}}/{{upper .Name}}.',
    }),
    {
      tag: '47679a6863f6/web//web/busybox:latest/sha256:55555/echo x/WEB.',
    },
  );
});

test('a log for a server is kept here, too, unless that is declined', () => {
  const address = { 'syslog-address': 'tcp://[::1]' };
  const { forward, ...kept } = shimLog(container('syslog', { ...address, 'cache-max-file': '2' }), paths);
  assert.deepEqual(kept, {
    driver: 'local',
    path: '/cache',
    maxSizeBytes: 20_971_520,
    maxFiles: 2,
    compress: true,
  });
  assert.partialDeepStrictEqual(forward, {
    driver: 'syslog',
    network: 'tcp',
    address: '[::1]:514',
    facility: 3,
  });
  assert.equal(forward?.['drops'], undefined);
  const declined = shimLog(
    container('syslog', {
      ...address,
      'cache-disabled': 'true',
      mode: 'non-blocking',
      'max-buffer-size': '1k',
    }),
    paths,
  );
  assert.deepEqual([declined.driver, declined.path], ['none', undefined]);
  assert.partialDeepStrictEqual(declined.forward, { drops: true, bufferBytes: 1024 });
});

test('a log is read from where it is kept', () => {
  const from = (Type: string, Config = {}): string => logPath({ Type, Config }, paths);
  assert.equal(from('json-file'), '/json');
  assert.equal(from('local'), '/local');
  assert.equal(from('none'), '');
  assert.equal(from('gelf'), '/cache');
  assert.equal(from('gelf', { 'cache-disabled': 'true' }), '');
  assert.equal(from('journald', { 'cache-disabled': 'true' }), '/cache');
});
