import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Container, type ContainerRecord } from '../container.ts';
import { initialState } from '../state.ts';
import { shimLog, verifyLogConfig } from './config.ts';

type Options = Record<string, string>;

const paths = { jsonFile: '/json', local: '/local', cache: '/cache' };
const failure = 'failed to create task for container: failed to initialize logging driver: ';

function container(Type: string, Config: Options): Container {
  const record = {
    id: '47679a6863f6'.padEnd(64, '0'),
    name: 'web',
    created: '2026-11-28T18:47:13.27779844Z',
    imageId: `sha256:${'5'.repeat(64)}`,
    config: {
      Env: ['E=<&>', '_U=1'],
      Labels: { 'la.b': '2' },
      Image: 'busybox:latest',
      Entrypoint: null,
      Cmd: ['echo', 'x'],
    },
    hostConfig: { LogConfig: { Type, Config } },
  };
  return new Container(record as unknown as ContainerRecord, initialState());
}

function configured(Type: string, Config: Options): Record<string, unknown> {
  verifyLogConfig({ Type, Config });
  return { ...shimLog(container(Type, Config), paths).forward };
}

function refused(Type: string, base: Options, cases: readonly [Options, string][]): void {
  for (const [options, message] of cases)
    assert.throws(
      () => verifyLogConfig({ Type, Config: { ...base, ...options } }),
      { kind: 'invalid-argument', message },
      JSON.stringify(options),
    );
}

function fails(Type: string, base: Options, cases: readonly [Options, string][]): void {
  for (const [options, message] of cases)
    assert.throws(
      () => configured(Type, { ...base, ...options }),
      { message: failure + message },
      JSON.stringify(options),
    );
}

test('syslog options are refused in the reference’s words', () => {
  refused('syslog', {}, [
    [{ nope: '1' }, "unknown log opt 'nope' for syslog log driver"],
    [{ 'syslog-address': 'x' }, "unsupported scheme: ''"],
    [
      { 'syslog-address': '127.0.0.1:514' },
      'parse "127.0.0.1:514": first path segment in URL cannot contain colon',
    ],
    [{ 'syslog-address': 'http://h:1' }, "unsupported scheme: 'http'"],
    [{ 'syslog-address': 'unix:///nope' }, 'stat /nope: no such file or directory'],
    [{ 'syslog-address': 'udp://h:x' }, 'parse "udp://h:x": invalid port ":x" after host'],
    [{ 'syslog-address': 'tcp://[::1' }, `parse "tcp://[::1": missing ']' in host`],
    [{ 'syslog-address': ':' }, 'parse ":": missing protocol scheme'],
    [{ 'syslog-facility': 'x' }, 'invalid syslog facility'],
    [{ 'syslog-facility': '24' }, 'invalid syslog facility'],
    [{ 'syslog-format': 'RFC3164' }, 'Invalid syslog format'],
  ]);
});

test('syslog options are what the forwarder is told', () => {
  assert.partialDeepStrictEqual(configured('syslog', {}), { network: '', tag: '47679a6863f6' });
  assert.partialDeepStrictEqual(
    configured('syslog', {
      'syslog-address': 'tcp+tls://h:1/ignored',
      'syslog-facility': 'local3',
      'syslog-format': 'rfc5424',
      'syslog-tls-skip-verify': 'false',
      'syslog-tls-ca-cert': '/ca',
      tag: '{{.Name}}',
    }),
    {
      network: 'tls',
      address: 'h:1',
      facility: 19,
      format: 'rfc5424',
      tag: 'web',
      tls: { ca: '/ca', cert: '', key: '', skipVerify: true },
    },
  );
});

test('gelf options are refused in the reference’s words', () => {
  refused('gelf', {}, [
    [{ nope: '1' }, 'gelf-address is a required parameter'],
    [{ 'gelf-address': 'x' }, 'gelf: endpoint needs to be TCP or UDP'],
    [{ 'gelf-address': 'udp://h' }, 'gelf: please provide gelf-address as proto://host:port'],
  ]);
  const unknown = (value: string, name: string): string =>
    `unknown value "${value}" for log opt "${name}" for gelf log driver`;
  refused('gelf', { 'gelf-address': 'udp://h:1' }, [
    [{ nope: '1' }, 'unknown log opt "nope" for gelf log driver'],
    [{ 'gelf-compression-type': '' }, unknown('', 'gelf-compression-type')],
    [{ 'gelf-compression-level': '10' }, unknown('10', 'gelf-compression-level')],
    [{ 'gelf-tcp-max-reconnect': '1' }, '"gelf-tcp-max-reconnect" is only valid for TCP'],
  ]);
  refused('gelf', { 'gelf-address': 'tcp://h:1' }, [
    [{ 'gelf-compression-type': 'gzip' }, 'compression is only supported on UDP'],
    [{ 'gelf-tcp-reconnect-delay': '-1' }, '"gelf-tcp-reconnect-delay" must be a positive integer'],
  ]);
});

test('gelf carries what is known of the container, in JSON as Go writes it', () => {
  const { extra, ...rest } = configured('gelf', {
    'gelf-address': 'udp://h:1',
    labels: 'la.b',
    'env-regex': '^[E_]',
  });
  assert.deepEqual(JSON.parse(`{${String(extra).slice(1)}}`), {
    _E: '<&>',
    _U: '1',
    _command: 'echo x',
    _container_id: '47679a6863f6'.padEnd(64, '0'),
    _container_name: 'web',
    _created: '2026-11-28T18:47:13.27779844Z',
    _image_id: `sha256:${'5'.repeat(64)}`,
    _image_name: 'busybox:latest',
    '_la.b': '2',
    _tag: '47679a6863f6',
  });
  assert.match(String(extra), /"_E":"\\u003c\\u0026\\u003e"/);
  assert.partialDeepStrictEqual(rest, { compression: 'gzip', level: 1, maxReconnect: 3, reconnectDelay: 1 });
});

test('fluentd options are refused in the reference’s words', () => {
  const address = (text: string, reason: string): [Options, string] => [
    { 'fluentd-address': text },
    `invalid fluentd-address (${text}): ${reason}`,
  ];
  refused('fluentd', {}, [
    [{ 'fluentd-async-connect': 'true' }, "unknown log opt 'fluentd-async-connect' for fluentd log driver"],
    address('http://h:1', "unsupported scheme: 'http'"),
    address('unix://', 'path is empty'),
    address('tcp://h:1/path', 'should not contain a path element'),
    address('tcp://h:99999', 'invalid port: strconv.ParseUint: parsing "99999": value out of range'),
    address('tcp://h:x', 'parse "tcp://h:x": invalid port ":x" after host'),
    [{ 'fluentd-async': 'x' }, 'strconv.ParseBool: parsing "x": invalid syntax'],
    [{ 'fluentd-buffer-limit': '10ms' }, "invalid suffix: 'ms'"],
    [{ 'fluentd-max-retries': '-1' }, 'strconv.ParseUint: parsing "-1": invalid syntax'],
    [{ 'fluentd-retry-wait': '1' }, 'time: missing unit in duration "1"'],
    [
      { 'fluentd-write-timeout': 'x' },
      'invalid value for fluentd-write-timeout: value must be a duration: time: invalid duration "x"',
    ],
    [
      { 'fluentd-async-reconnect-interval': '11s' },
      'invalid value for fluentd-async-reconnect-interval: value ("11s") must be between 100ms and 10s',
    ],
  ]);
  fails('fluentd', {}, [
    [{ 'fluentd-address': '[::1]:1' }, 'dial tcp: address ::1:1: too many colons in address'],
    [{ tag: '{{' }, 'template: log-tag:1: unclosed action'],
  ]);
});

test('an asynchronous fluentd log never holds a container up', () => {
  assert.partialDeepStrictEqual(configured('fluentd', {}), {
    network: 'tcp',
    address: '127.0.0.1:24224',
    async: false,
    retryWaitMs: 1000,
    maxRetries: 2_147_483_647,
  });
  assert.partialDeepStrictEqual(
    configured('fluentd', {
      'fluentd-address': 'unix:///run/f.sock',
      'fluentd-async': 'true',
      'fluentd-buffer-limit': '1k',
      'fluentd-retry-wait': '1.5s',
    }),
    { network: 'unix', address: '/run/f.sock', drops: true, bufferCount: 1024, retryWaitMs: 1500 },
  );
});

test('splunk options are refused at start in the reference’s words', () => {
  refused('splunk', {}, [[{ nope: '1' }, "unknown log opt 'nope' for splunk log driver"]]);
  const form = 'splunk: expected format scheme://dns_name_or_ip:port for splunk-url';
  fails('splunk', {}, [
    [{}, 'splunk: splunk-url is expected'],
    [{ 'splunk-url': 'x' }, form],
    [{ 'splunk-url': 'http://h:1/path' }, form],
    [{ 'splunk-url': 'h:1' }, form],
    [{ 'splunk-url': '127.0.0.1:1' }, 'splunk: failed to parse 127.0.0.1:1 as url value in splunk-url'],
    [{ 'splunk-url': 'http://h:1' }, 'splunk: splunk-token is expected'],
  ]);
  fails('splunk', { 'splunk-url': 'http://h:1', 'splunk-token': 't' }, [
    [{ 'splunk-insecureskipverify': '' }, 'strconv.ParseBool: parsing "": invalid syntax'],
    [{ 'splunk-capath': '/nope' }, 'open /nope: no such file or directory'],
    [
      { 'splunk-gzip-level': '10' },
      "not supported level '10' for splunk-gzip-level (supported values between -1 and 9)",
    ],
    [{ tag: '{{' }, 'template: log-tag:1: unclosed action'],
  ]);
});

test('splunk events carry source, index and attributes', () => {
  const config = configured('splunk', {
    'splunk-url': 'https://h/',
    'splunk-token': 't',
    'splunk-source': 's"',
    'splunk-index': 'i',
    labels: 'la.b',
    tag: '',
  });
  assert.partialDeepStrictEqual(config, {
    url: 'https://h/services/collector/event/1.0',
    address: 'h:443',
    tag: '',
    prefix: 'la.b=2 ',
    attrs: '{"la.b":"2"}',
    verify: true,
  });
  assert.match(String(config['rest']), /^,"host":".+","source":"s\\"","index":"i"\}$/);
});

test('cloud drivers are refused', () => {
  assert.throws(() => verifyLogConfig({ Type: 'awslogs', Config: {} }), {
    kind: 'unimplemented',
    message: 'log driver awslogs is not implemented by this engine: it sends logs to no cloud service',
  });
});
