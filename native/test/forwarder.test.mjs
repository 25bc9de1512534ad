// The forwarder alone, as the executor starts it: real servers on loopback on one side, a shim's records on the other.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { gunzipSync } from 'node:zlib';

const program = join(
  process.env.BERTH_NATIVE_BUILD ?? join(import.meta.dirname, '..', 'build'),
  'forward',
  'berth-forwarder',
);
const directory = mkdtempSync('/tmp/berth-forwarder-');
after(() => rmSync(directory, { recursive: true }));

const time = 1_795_891_617_123_456_789n;
let serial = 0;

/** Bytes of a line as the shim sends it. */
function record(text, { stream = 1, ordinal = 0, last = true, ns = time } = {}) {
  const body = Buffer.from(text);
  const head = Buffer.alloc(24);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt32LE(ordinal, 4);
  head.writeBigUInt64LE(ns, 8);
  head.writeUInt8(stream, 16);
  head.writeUInt8(last ? 1 : 0, 17);
  return Buffer.concat([head, body]);
}

/** Starts a forwarder; `lines` is the shim's end of the socket. */
async function forward(config) {
  const file = join(directory, `config-${++serial}`);
  writeFileSync(file, JSON.stringify(config));
  const descriptor = openSync(file, 'r');
  // What it lives with in the engine; here it lives as long as its lines.
  const life = openSync('/dev/null', 'r');
  const child = spawn(config.driver === 'splunk' ? `${program}-http` : program, [''], { stdio: ['ignore', 'ignore', 'inherit', life, 'pipe', descriptor, 'pipe'] });
  closeSync(life);
  closeSync(descriptor);
  const [, , , , lines, , answer] = child.stdio;
  let words = '';
  answer.on('data', (chunk) => (words += chunk));
  await once(answer, 'close');
  lines.on('error', () => {});
  return { answer: words, lines, send: (...all) => lines.write(Buffer.concat(all)) };
}

/** A server's side of everything: what it has been sent, and waiting for it. */
class Sink {
  chunks = [];
  length = 0;
  #joined = Buffer.alloc(0);
  #waiting = [];
  get bytes() {
    if (this.#joined.length < this.length) this.#joined = Buffer.concat(this.chunks);
    return this.#joined;
  }
  take(chunk) {
    this.length += chunk.length;
    this.chunks.push(chunk);
    for (const look of this.#waiting) look();
  }
  async until(found, what = 'what was sent') {
    const { promise, resolve, reject } = Promise.withResolvers();
    const timer = setTimeout(
      () => reject(new Error(`${what} did not come: ${this.bytes.subarray(0, 300)}`)),
      15_000,
    );
    const look = () => found(this) && resolve();
    this.#waiting.push(look);
    look();
    await promise.finally(() => clearTimeout(timer));
    this.#waiting.splice(this.#waiting.indexOf(look), 1);
    return this.bytes;
  }
  has(text) {
    return this.until(({ bytes }) => bytes.includes(text), text);
  }
}

async function listening(server, where = { port: 0, host: '127.0.0.1' }) {
  server.listen(where);
  await once(server, 'listening');
  return server.address().port;
}

async function tcpServer({ tls, where, onSocket = () => {} } = {}) {
  const sink = new Sink();
  const sockets = new Set();
  const serve = (socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => sink.take(chunk)).on('error', () => {});
    onSocket(socket);
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  server.on('tlsClientError', () => {});
  const port = await listening(server, where);
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { sink, sockets, port, address: `127.0.0.1:${port}`, close };
}

async function udpServer() {
  const sink = new Sink();
  const socket = createSocket('udp4').on('message', (message) => sink.take(message));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { sink, address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}

/** Waits until a forwarder has ended; the shim's end of its socket has been closed. */
async function gone(lines) {
  await once(lines, 'close', { signal: AbortSignal.timeout(15_000) });
}

function certificate() {
  const key = join(directory, 'key.pem');
  const cert = join(directory, 'cert.pem');
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:logs.example,IP:127.0.0.1'],
      ...['-keyout', key, '-out', cert],
    ],
    { stdio: 'ignore' },
  );
  return { cert, key, tls: { cert: readFileSync(cert), key: readFileSync(key) } };
}

const syslog = (more) => ({
  driver: 'syslog',
  facility: 3,
  format: '',
  tag: 'tag',
  host: 'machine',
  ...more,
});

test('a server that cannot be reached is reported in Go’s words', async () => {
  const { answer } = await forward(syslog({ network: 'tcp', address: '127.0.0.1:1' }));
  assert.match(answer, /^\d+ dial tcp 127\.0\.0\.1:1: connect: connection refused$/);
  const gelf = await forward({ driver: 'gelf', network: 'tcp', address: '[::1]:1' });
  assert.match(
    gelf.answer,
    /^\d+ gelf: cannot connect to GELF endpoint: \[::1\]:1 dial tcp \[::1\]:1: connect: /,
  );
  const unix = await forward({ driver: 'fluentd', network: 'unix', address: join(directory, 'none') });
  assert.match(unix.answer, /dial unix .*none: connect: no such file or directory$/);
  const port = await forward(syslog({ network: 'udp', address: 'localhost:99999' }));
  assert.match(port.answer, /dial udp: address 99999: invalid port$/);
  assert.match((await forward({ driver: 'no' })).answer, /knows no such driver/);
});

test('syslog over a unix stream, in each form', async () => {
  for (const [format, expected] of [
    ['', /^<27>Nov 28 \d\d:46:57 tag\[\d+\]: hello\n$/],
    ['rfc3164', /^<27>Nov 28 \d\d:46:57 machine tag\[\d+\]: hello\n$/],
    ['rfc5424', /^<27>1 2026-11-28T\d\d:46:57(Z|[+-]\d\d:\d\d) machine tag \d+ tag - hello\n$/],
    ['rfc5424micro', /^<27>1 2026-11-28T\d\d:46:57\.123456(Z|[+-]\d\d:\d\d) machine tag \d+ tag - hello\n$/],
  ]) {
    const path = join(directory, `syslog-${format}`);
    const server = await tcpServer({ where: { path } });
    const { answer, send, lines } = await forward(syslog({ network: 'unix', address: path, format }));
    assert.equal(answer, 'ok');
    send(record('hello', { stream: 2 }));
    assert.match((await server.sink.has('hello\n')).toString(), expected);
    lines.end();
    await gone(lines);
    await server.close();
  }
});

test('syslog over TLS verifies the server, and has lengths before messages in the newer forms', async () => {
  const { cert, key, tls } = certificate();
  const server = await tcpServer({ tls });
  const config = (more, address = server.address) => syslog({ network: 'tls', address, ...more });
  const unknown = await forward(config({}));
  assert.match(
    unknown.answer,
    /tls: failed to verify certificate: x509: certificate signed by unknown authority/,
  );
  const missing = await forward(config({ tls: { ca: '/nope' } }));
  assert.match(
    missing.answer,
    /could not read CA certificate "\/nope": open \/nope: no such file or directory$/,
  );
  const pair = await forward(config({ tls: { cert: '/nope', key: '' } }));
  assert.match(pair.answer, /Could not load X509 key pair: open \/nope: no such file or directory$/);
  const trusted = await forward(config({ tls: { ca: cert, cert, key }, format: 'rfc5424' }));
  assert.equal(trusted.answer, 'ok');
  trusted.send(record('one'), record('two'));
  const text = (await server.sink.has('two\n')).toString();
  const [, length, message] = /^(\d+) (<30>1 .* one\n)/.exec(text);
  assert.equal(Number(length), message.length);
  const skipped = await forward(config({ tls: { skipVerify: true } }));
  assert.equal(skipped.answer, 'ok');
  skipped.send(record('three'));
  await server.sink.has('tag[');
  trusted.lines.end();
  skipped.lines.end();
  await server.close();
});

test('a syslog server that is restarted misses nothing', async () => {
  const first = await tcpServer();
  const { send, lines } = await forward(syslog({ network: 'tcp', address: first.address }));
  send(record('before'));
  await first.sink.has('before\n');
  await first.close();
  const second = await tcpServer({ where: { port: first.port, host: '127.0.0.1' } });
  for (let i = 0; i < 20; i++) send(record(`line ${i}`));
  const text = (await second.sink.has('line 19\n')).toString();
  assert.equal(text.match(/line \d+\n/g).length, 20);
  lines.end();
  await gone(lines);
  await second.close();
});

test('a server that does not read holds up the shim, unless lines may be lost', async () => {
  const line = record('x'.repeat(16_000));
  for (const drops of [false, true]) {
    const server = await tcpServer({ onSocket: (socket) => socket.pause() });
    const config = syslog({ network: 'tcp', address: server.address, drops, bufferBytes: 100_000 });
    const { lines } = await forward(config);
    let taken = 0;
    // Far more than what all the buffers on the way can hold.
    const all = 3000;
    const flooding = (async () => {
      for (; taken < all; taken++) if (!lines.write(line)) await once(lines, 'drain');
    })();
    if (drops) await flooding;
    else {
      const before = await quiet(() => taken);
      assert.ok(before < all, 'the shim is held up');
      for (const socket of server.sockets) socket.resume();
      await flooding;
      await server.sink.until(({ length }) => length >= all * 16_000);
    }
    lines.end();
    for (const socket of server.sockets) socket.resume();
    await gone(lines);
    const received = server.sink.bytes.toString().match(/tag\[/g).length;
    if (drops) assert.ok(received < all, `${received} lines came`);
    else assert.equal(received, all);
    await server.close();
  }
});

/** Waits until a number has not changed for half a second, and returns it. */
async function quiet(look) {
  for (let before = -1; ; await wait(500)) {
    const now = look();
    if (now === before) return now;
    before = now;
  }
}

test('gelf in chunks over UDP, compressed or not, and by NUL over TCP', async () => {
  const gelf = { driver: 'gelf', host: 'machine', extra: ',"_tag":"t"', level: 1 };
  const udp = await udpServer();
  const plain = await forward({ ...gelf, network: 'udp', address: udp.address, compression: 'none' });
  plain.send(record(''), record('<hi>', { stream: 2 }), record('y'.repeat(10_000)));
  await udp.sink.until(({ chunks }) => chunks.length >= 9);
  const [small, ...chunks] = udp.sink.chunks;
  assert.equal(
    small.toString(),
    '{"version":"1.1","host":"machine","short_message":"\\u003chi\\u003e","timestamp":1795891617.123,"level":3,"_tag":"t"}',
  );
  assert.ok(chunks.every((chunk) => chunk.length <= 1420 && chunk.readUInt16BE(0) === 0x1e0f));
  assert.ok(chunks.every((chunk, i) => chunk[10] === i && chunk[11] === chunks.length));
  assert.equal(new Set(chunks.map((chunk) => chunk.subarray(2, 10).toString('hex'))).size, 1);
  const joined = JSON.parse(Buffer.concat(chunks.map((chunk) => chunk.subarray(12))).toString());
  assert.equal(joined.short_message, 'y'.repeat(10_000));
  const packed = await forward({ ...gelf, network: 'udp', address: udp.address, compression: 'gzip' });
  packed.send(record('z'));
  await udp.sink.until(({ chunks: all }) => all.length >= 10);
  assert.equal(JSON.parse(gunzipSync(udp.sink.chunks.at(-1)).toString()).short_message, 'z');
  const tcp = await tcpServer();
  const stream = await forward({ ...gelf, network: 'tcp', address: tcp.address, maxReconnect: 1 });
  stream.send(record('a'), record('b'));
  await tcp.sink.until(({ bytes }) => bytes.toString().split('\0').length === 3);
  for (const { lines } of [plain, packed, stream]) lines.end();
  udp.close();
  await tcp.close();
});

test('fluentd is tried again until the event has been acknowledged', async () => {
  let refusals = 2;
  const server = await tcpServer({
    onSocket: (socket) =>
      socket.on('data', (data) => {
        const at = data.lastIndexOf('chunk');
        const id = data.subarray(at + 6, at + 30);
        // The first connections end without a word, as those of a server that is killed.
        if (refusals-- > 0) return socket.destroy();
        socket.write(Buffer.concat([Buffer.from([0x81, 0xa3]), Buffer.from('ack'), Buffer.from([0xb8]), id]));
      }),
  });
  const { answer, send, lines } = await forward({
    driver: 'fluentd',
    network: 'tcp',
    address: server.address,
    tag: 't',
    containerId: 'id',
    containerName: '/name',
    extra: { k: 'v' },
    ack: true,
    retryWaitMs: 10,
    maxRetries: 100,
  });
  assert.equal(answer, 'ok');
  send(record('one'), record('two'));
  lines.end();
  await gone(lines);
  const text = server.sink.bytes.toString('latin1');
  assert.equal(text.match(/one/g).length, 3);
  assert.equal(text.match(/two/g).length, 1);
  assert.match(text, /source\xa6stdout.*log\xa3one\xa1k\xa1v/s);
  await server.close();
});

test('an asynchronous fluentd log begins without a server and finds it later', async () => {
  const reserved = await tcpServer();
  await reserved.close();
  const { answer, send, lines } = await forward({
    driver: 'fluentd',
    network: 'tcp',
    address: reserved.address,
    tag: 't',
    async: true,
    drops: true,
    bufferCount: 10,
    bufferBytes: 1e6,
    retryWaitMs: 20,
    maxRetries: 1e6,
  });
  assert.equal(answer, 'ok');
  send(...Array.from({ length: 50 }, (_, i) => record(`event ${i}.`)));
  const server = await tcpServer({ where: { port: reserved.port, host: '127.0.0.1' } });
  await server.sink.has('event 0.');
  lines.end();
  await gone(lines);
  const events = server.sink.bytes.toString('latin1').match(/event \d+/g);
  assert.ok(events.length <= 12, `${events.length} events were kept`);
  await server.close();
});

async function httpServer(answer = () => 200) {
  const sink = new Sink();
  const requests = [];
  const server = createHttpServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      response.statusCode = answer(request, body);
      response.end('{"text":"No"}');
      requests.push({ request, body });
      sink.take(response.statusCode === 200 ? body : Buffer.alloc(0));
    });
  });
  const port = await listening(server);
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  const config = (more) => ({
    driver: 'splunk',
    url: `http://127.0.0.1:${port}/services/collector/event/1.0`,
    path: '/services/collector/event/1.0',
    address: `127.0.0.1:${port}`,
    token: 'secret',
    format: 'inline',
    tag: 't',
    prefix: 't ',
    attrs: '',
    rest: ',"host":"machine"}',
    level: -1,
    batch: 2,
    bufferMost: 4,
    frequencyMs: 50,
    verify: true,
    ...more,
  });
  return { sink, requests, config, close };
}

test('splunk posts batches, and what has been gathered when it is time', async () => {
  const server = await httpServer();
  const { answer, send, lines } = await forward(server.config({ gzip: true }));
  assert.equal(answer, 'ok');
  assert.equal(server.requests[0].request.method, 'OPTIONS');
  send(record('one'), record('two', { stream: 2 }), record('three'));
  await server.sink.until(() => server.requests.length === 3);
  const [, batch, rest] = server.requests;
  assert.equal(batch.request.headers.authorization, 'Splunk secret');
  const event = (line, source) =>
    `{"event":{"line":"${line}","source":"${source}","tag":"t"},"time":"1795891617.123456","host":"machine"}`;
  assert.equal(gunzipSync(batch.body).toString(), event('one', 'stdout') + event('two', 'stderr'));
  assert.equal(gunzipSync(rest.body).toString(), event('three', 'stdout'));
  lines.end();
  await gone(lines);
  await server.close();
});

test('splunk keeps what a failing server does not take, up to its buffer', async () => {
  let fails = true;
  const server = await httpServer(() => (fails ? 503 : 200));
  const { send, lines } = await forward(server.config({ verify: false, format: 'raw' }));
  send(...['a', 'b', 'c', ' \t'].map((text) => record(text)));
  await server.sink.until(() => server.requests.length >= 3);
  assert.equal(server.sink.bytes.length, 0);
  fails = false;
  await server.sink.has('"t c"');
  assert.deepEqual(
    server.sink.bytes.toString().match(/"event":"t ."/g),
    ['a', 'b', 'c'].map((c) => `"event":"t ${c}"`),
  );
  lines.end();
  await gone(lines);
  await server.close();
});

test('splunk says why it cannot begin', async () => {
  const server = await httpServer(() => 403);
  const refused = await forward(server.config({}));
  assert.match(refused.answer, /splunk: failed to verify connection - 403 Forbidden - \{"text":"No"\}$/);
  const format = await forward(server.config({ verify: false, format: 'x' }));
  assert.match(format.answer, /unknown format specified x, supported formats are inline, json and raw$/);
  await server.close();
  const down = await forward(server.config({}));
  assert.match(down.answer, /Options "http:.*": dial tcp 127\.0\.0\.1:\d+: connect: connection refused$/);
});

test('splunk over TLS verifies the name it was told', async () => {
  const { cert, tls } = certificate();
  const received = new Sink();
  const server = createTlsServer({ ...tls, ALPNProtocols: ['http/1.1'] }, (socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received.take(chunk);
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
    });
  }).on('tlsClientError', () => {});
  const port = await listening(server);
  const config = (more) => ({
    driver: 'splunk',
    url: `https://127.0.0.1:${port}/c`,
    path: '/c',
    address: `127.0.0.1:${port}`,
    token: 'x',
    format: 'inline',
    batch: 1,
    bufferMost: 10,
    frequencyMs: 50,
    verify: true,
    rest: '}',
    ...more,
  });
  assert.match((await forward(config({}))).answer, /failed to verify certificate/);
  assert.match(
    (await forward(config({ ca: cert, caName: 'other.example' }))).answer,
    /failed to verify certificate/,
  );
  for (const more of [{ ca: cert }, { ca: cert, caName: 'logs.example' }, { skipVerify: true }]) {
    const { answer, lines } = await forward(config(more));
    assert.equal(answer, 'ok', JSON.stringify(more));
    lines.end();
  }
  assert.match(
    received.bytes.toString(),
    new RegExp(`^OPTIONS /c HTTP/1\\.1\\r\\nHost: 127\\.0\\.0\\.1:${port}\\r\\n`),
  );
  server.close();
});

test('what the shim has sent still goes out when the shim is gone', async () => {
  const server = await tcpServer({ onSocket: (socket) => socket.pause() });
  const { lines } = await forward(syslog({ network: 'tcp', address: server.address }));
  for (let i = 0; i < 500; i++) lines.write(record('x'.repeat(16_000)));
  await quiet(() => lines.writableLength);
  assert.ok(lines.writableLength > 0);
  const began = Date.now();
  // The shim gives up first; a record it had not sent whole is none.
  lines.destroy();
  await server.sink.until(() => {
    for (const socket of server.sockets) socket.resume();
    return true;
  });
  await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
  assert.ok(Date.now() - began < 15_000);
  await server.close();
});
