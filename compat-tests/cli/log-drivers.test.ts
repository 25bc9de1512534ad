import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync, inflateSync } from 'node:zlib';
import { containerName, docker, dockerode, dockerOk, eventually } from '../support/engine.ts';
import { httpServer, tcpServer, udpServer } from '../support/log-servers.ts';
import { decodeMessagePack } from '../support/msgpack.ts';

type Options = Record<string, string>;

const flags = (driver: string, options: Options): string[] => [
  '--log-driver',
  driver,
  ...Object.entries(options).flatMap(([name, value]) => ['--log-opt', `${name}=${value}`]),
];

/** Runs a shell script in a container with this log, to its end. */
async function run(driver: string, options: Options, script: string, ...more: string[]): Promise<string> {
  const name = containerName(driver);
  const args = ['run', '-d', '--name', name, '--net', 'none', ...flags(driver, options), ...more];
  await dockerOk(...args, 'busybox', 'sh', '-c', script);
  await dockerOk('wait', name);
  return name;
}

async function inspect(
  name: string,
): Promise<{ Id: string; LogPath: string; Created: string; Image: string }> {
  return await dockerode.getContainer(name).inspect();
}

/** Between lines, so that those of two streams keep their order. */
const pause = 'sleep 0.2';
const attributes = ['--label', 'lab=x y', '--label', 'la.b=2', '-e', 'FOO=bar', '-e', 'EN=<&>'];
const chosen = { labels: 'lab', 'labels-regex': '^la\\.', env: 'FOO', 'env-regex': '^EN' };

test('syslog sends each line in the form asked for', async () => {
  const stamp = String.raw`[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d`;
  const time = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`;
  const zone = String.raw`(Z|[+-]\d\d:\d\d)`;
  const host = hostname();
  const forms: [string, (priority: number, tag: string, text: string) => RegExp][] = [
    ['', (priority, tag, text) => RegExp(`^<${priority}>${stamp} ${tag}\\[\\d+\\]: ${text}\n$`)],
    [
      'rfc3164',
      (priority, tag, text) => RegExp(`^<${priority}>${stamp} ${host} ${tag}\\[\\d+\\]: ${text}\n$`),
    ],
    [
      'rfc5424',
      (priority, tag, text) =>
        RegExp(`^<${priority}>1 ${time}${zone} ${host} ${tag} \\d+ ${tag} - ${text}\n$`),
    ],
    [
      'rfc5424micro',
      (priority, tag, text) =>
        RegExp(`^<${priority}>1 ${time}\\.\\d{6}${zone} ${host} ${tag} \\d+ ${tag} - ${text}\n$`),
    ],
  ];
  for (const [format, expected] of forms) {
    const server = await udpServer();
    const options = { 'syslog-address': `udp://127.0.0.1:${server.port}`, 'syslog-format': format };
    const name = await run(
      'syslog',
      options,
      `echo one; ${pause}; echo; echo two >&2; ${pause}; printf three`,
    );
    await server.has('three\n');
    const tag = (await inspect(name)).Id.slice(0, 12);
    const [one, two, three, ...rest] = server.received.map(String);
    assert.match(one ?? '', expected(30, tag, 'one'));
    assert.match(two ?? '', expected(27, tag, 'two'));
    assert.match(three ?? '', expected(30, tag, 'three'));
    assert.deepEqual(rest, []);
  }
});

test('syslog takes tag and facility, over TCP, and cuts long lines', async () => {
  const server = await tcpServer();
  const name = await run(
    'syslog',
    {
      'syslog-address': `tcp://127.0.0.1:${server.port}`,
      'syslog-facility': 'local3',
      tag: '{{.Name}}/{{.ImageName}}',
    },
    'head -c 20000 /dev/zero | tr "\\0" x; echo; echo last',
  );
  const lines = (await server.has('last\n')).split('\n');
  assert.equal(lines.length, 4);
  for (const line of lines.slice(0, 3))
    assert.ok(line.startsWith('<158>') && line.includes(` ${name}/busybox[`));
  assert.deepEqual(
    lines.slice(0, 2).map((line) => line.replace(/[^x]/g, '').replace(/^x*?(?=x{3000})/, '').length > 3000),
    [true, true],
  );
  assert.match(lines[0]!, /\]: x{16384}$/);
  assert.match(lines[1]!, /\]: x{3616}$/);
});

test('syslog over TLS', async () => {
  const directory = mkdtempSync('/tmp/log-drivers-');
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...curve, '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', cert],
    { stdio: 'ignore' },
  );
  const server = await tcpServer({ tls: { key: readFileSync(key), cert: readFileSync(cert) } });
  rmSync(directory, { recursive: true });
  const options = { 'syslog-address': `tcp+tls://127.0.0.1:${server.port}` };
  const refused = await docker([
    'run',
    '--name',
    containerName('tls'),
    ...flags('syslog', options),
    'busybox',
    'true',
  ]);
  assert.match(
    refused.stderr,
    /failed to initialize logging driver: tls: failed to verify certificate: x509: certificate signed by unknown authority/,
  );
  const skipping = { ...options, 'syslog-tls-skip-verify': 'true', 'syslog-format': 'rfc5424' };
  await run('syslog', skipping, 'echo one');
  const [, length, message] = /^(\d+) (<30>1 [^]*)$/.exec(await server.has('one\n'))!;
  assert.equal(Number(length), message!.length);
});

test('a server that is restarted gets the lines that come then', async () => {
  const first = await tcpServer();
  const name = containerName('restart');
  const options = { 'syslog-address': `tcp://127.0.0.1:${first.port}` };
  const script = 'i=0; while :; do echo line-$i.; i=$((i+1)); sleep 0.1; done';
  await dockerOk('run', '-d', '--name', name, ...flags('syslog', options), 'busybox', 'sh', '-c', script);
  await first.has('line-1.');
  first.close();
  const second = await tcpServer({ port: first.port });
  await second.has(/line-\d+\.\n.*line-\d+\./s);
  await dockerOk('rm', '-f', name);
});

test('gelf sends what is known of the container, compressed over UDP', async () => {
  for (const [type, unpack] of [
    ['gzip', gunzipSync],
    ['zlib', inflateSync],
    ['none', (message: Buffer) => message],
  ] as const) {
    const server = await udpServer();
    const options = { 'gelf-address': `udp://127.0.0.1:${server.port}`, 'gelf-compression-type': type };
    const name = await run(
      'gelf',
      { ...options, ...chosen, tag: 'T{{.Name}}' },
      'echo "<one>" >&2',
      ...attributes,
    );
    await eventually(() => server.received.length === 1);
    const { Id, Created, Image } = await inspect(name);
    const { timestamp, ...message } = JSON.parse(unpack(server.received[0]!).toString()) as Record<
      string,
      unknown
    >;
    assert.ok(Math.abs(Number(timestamp) * 1000 - Date.now()) < 60_000);
    assert.deepEqual(message, {
      version: '1.1',
      host: hostname(),
      short_message: '<one>',
      level: 3,
      _EN: '<&>',
      _FOO: 'bar',
      _command: 'sh -c echo "<one>" >&2',
      _container_id: Id,
      _container_name: name,
      _created: Created,
      _image_id: Image,
      _image_name: 'busybox',
      '_la.b': '2',
      _lab: 'x y',
      _tag: `T${name}`,
    });
  }
});

test('gelf cuts long messages into chunks over UDP, and ends messages by NUL over TCP', async () => {
  const udp = await udpServer();
  const script = 'head -c 10000 /dev/zero | tr "\\0" x; echo; echo end';
  const options = { 'gelf-address': `udp://127.0.0.1:${udp.port}`, 'gelf-compression-type': 'none' };
  await run('gelf', options, script);
  await udp.has('"end"');
  const chunks = udp.received.slice(0, -1);
  assert.ok(
    chunks.length > 1 && chunks.every((chunk) => chunk.length <= 1420 && chunk.readUInt16BE(0) === 0x1e0f),
  );
  assert.ok(chunks.every((chunk, index) => chunk[10] === index && chunk[11] === chunks.length));
  const whole = Buffer.concat(chunks.map((chunk) => chunk.subarray(12))).toString();
  assert.equal((JSON.parse(whole) as { short_message: string }).short_message, 'x'.repeat(10_000));
  const tcp = await tcpServer();
  await run('gelf', { 'gelf-address': `tcp://127.0.0.1:${tcp.port}` }, 'echo one; echo; echo two');
  await tcp.has(/two.*\0/s);
  const messages = tcp.text().split('\0');
  assert.equal(messages.pop(), '');
  assert.deepEqual(
    messages.map((message) => (JSON.parse(message) as { short_message: string }).short_message),
    ['one', 'two'],
  );
});

test('fluentd gets events with attributes, and pieces of long lines', async () => {
  const server = await tcpServer();
  const options = { 'fluentd-address': `127.0.0.1:${server.port}`, ...chosen };
  const script = `echo one; ${pause}; printf '\\377\\n' >&2; ${pause}; head -c 20000 /dev/zero | tr '\\0' x; echo`;
  const name = await run('fluentd', options, script, ...attributes);
  await server.has(/partial_last\xa4true/);
  await eventually(() => server.text().length > 20_000);
  const { Id } = await inspect(name);
  const events = decodeMessagePack(Buffer.concat(server.received)) as [string, number, Options, object][];
  const common = {
    container_id: Id,
    container_name: `/${name}`,
    lab: 'x y',
    'la.b': '2',
    FOO: 'bar',
    EN: '<&>',
  };
  for (const [tag, time, , option] of events) {
    assert.equal(tag, Id.slice(0, 12));
    assert.ok(Math.abs(time - Date.now() / 1000) < 60);
    assert.deepEqual(option, {});
  }
  const [one, two, first, second] = events.map(([, , record]) => record);
  assert.deepEqual(one, { ...common, source: 'stdout', log: 'one' });
  assert.deepEqual(two, { ...common, source: 'stderr', log: '\xff' });
  const partial = { ...common, source: 'stdout', partial_message: 'true', partial_id: first!['partial_id'] };
  assert.match(String(first!['partial_id']), /^[0-9a-f]{64}$/);
  assert.deepEqual(first, {
    ...partial,
    log: 'x'.repeat(16_384),
    partial_ordinal: '1',
    partial_last: 'false',
  });
  assert.deepEqual(second, { ...partial, log: 'x'.repeat(3616), partial_ordinal: '2', partial_last: 'true' });
});

test('fluentd: times with nanoseconds, acknowledged events, a server that comes late', async () => {
  const precise = await tcpServer();
  await run(
    'fluentd',
    {
      'fluentd-address': `tcp://127.0.0.1:${precise.port}`,
      'fluentd-sub-second-precision': 'true',
      tag: 'docker.x',
    },
    'echo one',
  );
  await precise.has('one');
  const [[tag, time]] = decodeMessagePack(Buffer.concat(precise.received)) as [
    [string, { type: number; seconds: number }],
  ];
  assert.equal(tag, 'docker.x');
  assert.ok(time.type === 0 && Math.abs(time.seconds - Date.now() / 1000) < 60);

  const acknowledging = await tcpServer({
    onSocket: (socket) =>
      socket.on('data', (data) => {
        const { chunk } = (decodeMessagePack(data) as [string, number, object, { chunk: string }][])[0]![3];
        const head = Buffer.from([0x81, 0xa3, 0x61, 0x63, 0x6b, 0xa0 | chunk.length]);
        socket.write(Buffer.concat([head, Buffer.from(chunk, 'latin1')]));
      }),
  });
  const options = { 'fluentd-address': `127.0.0.1:${acknowledging.port}`, 'fluentd-request-ack': 'true' };
  await run('fluentd', options, `echo one; ${pause}; echo two`);
  await acknowledging.has('two');

  const absent = await tcpServer();
  absent.close();
  const name = containerName('late');
  const late = {
    'fluentd-address': `127.0.0.1:${absent.port}`,
    'fluentd-async': 'true',
    'fluentd-retry-wait': '100ms',
  };
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    ...flags('fluentd', late),
    'busybox',
    'sh',
    '-c',
    'echo one; sleep 60',
  );
  const present = await tcpServer({ port: absent.port });
  await present.has('one');
  await dockerOk('rm', '-f', name);
});

const splunk = (port: number): Options => ({
  'splunk-url': `http://127.0.0.1:${port}`,
  'splunk-token': 'secret',
});

/** The events of a body: JSON objects, one after the other. */
function eventsIn(body: string): { time?: string; [key: string]: unknown }[] {
  return JSON.parse(`[${body.replaceAll('}{', '},{')}]`) as { time?: string }[];
}

test('splunk posts events in each format', async () => {
  const script = `echo one; ${pause}; echo '{"a": [1, "<"]}' >&2; ${pause}; echo '  '; echo 'last'`;
  const host = hostname();
  const event = (line: unknown, source: string, more: object): object => ({
    event: { line, source, ...more },
    host,
  });
  for (const format of ['inline', 'json', 'raw']) {
    const server = await httpServer();
    const name = await run(
      'splunk',
      { ...splunk(server.port), ...chosen, 'splunk-format': format },
      script,
      ...attributes,
    );
    const body = await server.has('last');
    const [probe, post] = server.requests;
    assert.deepEqual([probe?.method, probe?.path], ['OPTIONS', '/services/collector/event/1.0']);
    assert.deepEqual([post?.method, post?.path], ['POST', '/services/collector/event/1.0']);
    assert.equal(post?.headers.authorization, 'Splunk secret');
    const tag = (await inspect(name)).Id.slice(0, 12);
    const events = eventsIn(body).map(({ time, ...rest }) => {
      assert.match(time ?? '', /^\d{10}\.\d{6}$/);
      return rest;
    });
    if (format === 'raw') {
      const lines = events.map(({ event: line }) => String(line));
      for (const line of lines)
        assert.deepEqual(
          line
            .slice(0, line.indexOf(line.endsWith('last') ? ' last' : line.includes('{') ? ' {' : ' one'))
            .split(/ (?=\S+=)/)
            .sort(),
          [tag, 'EN=<&>', 'FOO=bar', 'la.b=2', 'lab=x y'].sort(),
        );
      assert.equal(lines.length, 3);
      continue;
    }
    const more = { tag, attrs: { EN: '<&>', FOO: 'bar', 'la.b': '2', lab: 'x y' } };
    assert.deepEqual(events, [
      event('one', 'stdout', more),
      event(format === 'json' ? { a: [1, '<'] } : '{"a": [1, "<"]}', 'stderr', more),
      event('  ', 'stdout', more),
      event('last', 'stdout', more),
    ]);
  }
});

test('splunk: gzip, index, source and source type, no check of the connection', async () => {
  const server = await httpServer();
  const options = {
    ...splunk(server.port),
    'splunk-gzip': 'true',
    'splunk-index': 'i',
    'splunk-source': 's',
    'splunk-sourcetype': 't',
    'splunk-verify-connection': 'false',
    'splunk-index-acknowledgment': 'true',
    tag: '',
  };
  await run('splunk', options, 'echo one');
  await eventually(() => server.requests.length > 0, 20_000);
  const { method, headers } = server.requests[0]!;
  assert.equal(method, 'POST');
  assert.equal(headers['content-encoding'], 'gzip');
  assert.match(String(headers['x-splunk-request-channel']), /^[0-9a-f-]{36}$/);
  const [{ time: _, ...event }] = eventsIn(gunzipSync(server.received[0]!).toString()) as [{ time: string }];
  assert.deepEqual(event, {
    event: { line: 'one', source: 'stdout' },
    host: hostname(),
    source: 's',
    sourcetype: 't',
    index: 'i',
  });
});

test('a start whose log cannot begin is refused', async () => {
  const refusing = await httpServer(403);
  const cases: [string, Options, RegExp][] = [
    [
      'syslog',
      { 'syslog-address': 'tcp://127.0.0.1:1' },
      /: dial tcp 127\.0\.0\.1:1: connect: connection refused/,
    ],
    [
      'gelf',
      { 'gelf-address': 'tcp://127.0.0.1:1' },
      /: gelf: cannot connect to GELF endpoint: 127\.0\.0\.1:1 dial tcp 127/,
    ],
    [
      'fluentd',
      { 'fluentd-address': '127.0.0.1:1' },
      /: dial tcp 127\.0\.0\.1:1: connect: connection refused/,
    ],
    [
      'splunk',
      splunk(1),
      /: Options "http:\/\/127\.0\.0\.1:1\/services\/collector\/event\/1\.0": dial tcp 127/,
    ],
    [
      'splunk',
      splunk(refusing.port),
      /: splunk: failed to verify connection - 403 Forbidden - \{"text":"No","code":2\}/,
    ],
    ['json-file', { 'max-size': 'x' }, /: invalid size: 'x'/],
  ];
  for (const [driver, options, expected] of cases) {
    const name = containerName('refused');
    const { code, stderr } = await docker([
      'run',
      '--name',
      name,
      ...flags(driver, options),
      'busybox',
      'true',
    ]);
    assert.ok(code === 125 || code === 128, `${code}`);
    assert.match(stderr, /failed to create task for container: failed to initialize logging driver: /);
    assert.match(stderr, expected);
    assert.equal(
      await dockerOk('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', name),
      'created 128',
    );
  }
});

test('options no driver knows are refused at create', async () => {
  const cases: [string, Options, string][] = [
    ['json-file', { nope: '1' }, "unknown log opt 'nope' for json-file log driver"],
    ['local', { tag: '1' }, "unknown log opt 'tag' for log driver local"],
    ['journald', { nope: '1' }, "unknown log opt 'nope' for journald log driver"],
    ['syslog', { 'syslog-facility': 'x' }, 'invalid syslog facility'],
    ['gelf', {}, 'gelf-address is a required parameter'],
    ['fluentd', { 'fluentd-async': 'x' }, 'strconv.ParseBool: parsing "x": invalid syntax'],
    ['splunk', { nope: '1' }, "unknown log opt 'nope' for splunk log driver"],
    ['syslog', { mode: 'x' }, 'logger: logging mode not supported: x'],
    ['gcplogs', {}, 'error looking up logging plugin gcplogs: plugin "gcplogs" not found'],
  ];
  for (const [driver, options, message] of cases) {
    const { code, stderr } = await docker(['create', ...flags(driver, options), 'busybox']);
    assert.equal(code, 1);
    assert.ok(stderr.includes(message), `${driver}: ${stderr}`);
  }
});

test('logs reads what went to a server, from what is kept here', async () => {
  const server = await udpServer();
  const options = { 'syslog-address': `udp://127.0.0.1:${server.port}` };
  const name = await run(
    'syslog',
    options,
    `echo one; ${pause}; printf '\\377\\n' >&2; ${pause}; echo three`,
  );
  const { stdout, stderr } = await docker(['logs', name]);
  assert.deepEqual([stdout, stderr], ['one\nthree\n', '\ufffd\n']);
  assert.equal(await dockerOk('logs', '--tail', '1', name), 'three');
  assert.equal((await inspect(name)).LogPath, '');
  const declined = await run('syslog', { ...options, 'cache-disabled': 'true' }, 'echo one');
  const refused = await docker(['logs', declined]);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /configured logging driver does not support reading/);
});

test('local keeps bytes as they came, json-file says which were none of UTF-8', async () => {
  for (const [driver, expected] of [
    ['local', [0xff, 0x0a]],
    ['json-file', [0xef, 0xbf, 0xbd, 0x0a]],
  ] as const) {
    const name = await run(driver, {}, `printf '\\377\\n'`);
    const log = (await dockerode.getContainer(name).logs({ stdout: true })) as unknown as Buffer;
    assert.deepEqual([...log.subarray(8)], expected);
    assert.equal((await inspect(name)).LogPath.endsWith('-json.log'), driver === 'json-file');
  }
});

test('json-file lines carry labels, variables and the tag, which --details shows', async () => {
  const name = await run('json-file', { ...chosen, tag: '{{.Name}}' }, 'echo one', ...attributes);
  assert.equal(
    await dockerOk('logs', '--details', name),
    `EN=%3C%26%3E,FOO=bar,la.b=2,lab=x+y,tag=${name} one`,
  );
});

/** Bytes that the kernel holds for the readers of connections to a port of loopback. */
function queued(port: number): number {
  const address = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local === address && state === '01')
    .reduce((sum, [, , , , queues = ':0']) => sum + Number.parseInt(queues.split(':')[1] ?? '0', 16), 0);
}

/** Waits until `look` has given the same number, not 0, for half a second. */
async function still(look: () => number): Promise<void> {
  let last = 0;
  let since = 0;
  await eventually(() => {
    const now = look();
    if (now !== last) since = performance.now();
    last = now;
    return now > 0 && performance.now() - since > 500;
  }, 30_000);
}

test('a server that takes nothing holds the container up and gets all; without blocking lines are lost', async () => {
  const lines = 40_000;
  const shared = mkdtempSync('/dev/shm/compat-flood-');
  const flood = `head -c ${lines * 1000} /dev/zero | tr "\\0" x | fold -w 1000; echo; touch /shared/$MODE`;
  try {
    for (const mode of ['blocking', 'non-blocking']) {
      const held: Socket[] = [];
      const server = await tcpServer({ onSocket: (socket) => held.push(socket.pause()) });
      const name = containerName(mode);
      const options = { 'syslog-address': `tcp://127.0.0.1:${server.port}`, mode, 'cache-disabled': 'true' };
      const args = ['run', '-d', '--name', name, '--net', 'none', ...flags('syslog', options)];
      await dockerOk(...args, '-v', `${shared}:/shared`, '-e', `MODE=${mode}`, 'busybox', 'sh', '-c', flood);
      // Nothing is asked of a container without blocking: the reference answers only when the log has been sent.
      const over = (): boolean => existsSync(join(shared, mode));
      if (mode === 'blocking') {
        await still(() => queued(server.port));
        assert.equal(await dockerOk('inspect', '-f', '{{.State.Running}}', name), 'true');
        assert.equal(over(), false);
      } else await eventually(over, 30_000);
      for (const socket of held) socket.resume();
      assert.equal(await dockerOk('wait', name), '0');
      const received = (): number => server.text().split('x\n').length - 1;
      if (mode === 'blocking') await eventually(() => received() === lines, 20_000);
      else assert.ok(received() < lines, `${received()} lines`);
    }
  } finally {
    rmSync(shared, { recursive: true });
  }
});
