import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createSocketServer, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { WebSocket } from 'ws';
import { loadDocument } from '../../../openapi/load.ts';
import { AttachService } from '../../../src/containers/attach.ts';
import { Container, type ContainerRecord } from '../../../src/containers/container.ts';
import { ContainerLogsService } from '../../../src/containers/logs.ts';
import { initialState } from '../../../src/containers/state.ts';
import type { Engine } from '../../../src/engine.ts';
import { notFound } from '../../../src/errors.ts';
import type { ShimClient } from '../../../src/runtime/shim-client.ts';
import { createApp } from '../../app.ts';
import { mayUpgrade, routeUpgrades } from '../../hijack.ts';
import { Router } from '../../router.ts';
import { containerAttachWebsocket } from './attach-websocket.ts';
import { containerAttach } from './attach.ts';
import { containerLogs } from './logs.ts';
import { containerResize } from './resize.ts';
import { containerWait } from './wait.ts';

let directory: string;
let server: Server;
let shim: SocketServer;
let container: Container;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'berth-streams-'));
  const record = { id: 'c'.repeat(64), name: 'c', config: { Tty: false, OpenStdin: true } };
  container = new Container(record as ContainerRecord, { ...initialState(), status: 'running' });
  container.shim = { path: join(directory, 'shim'), on: () => {} } as unknown as ShimClient;
  shim = createSocketServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => {
      socket.write('1 ok\nhello ');
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('end', () => socket.end());
    });
  }).listen(join(directory, 'shim'));
  server = createServer({ shouldUpgradeCallback: mayUpgrade });
  const app = createApp({
    router: new Router(loadDocument(), {}, Promise.resolve({ engine: engine(), handlers })),
    serverVersion: '1',
    experimental: false,
  });
  server.on('request', app);
  routeUpgrades(server, app);
  server.listen(join(directory, 's'));
  await once(server, 'listening');
});
afterEach(() => {
  shim.close();
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

const handlers = {
  ContainerAttach: containerAttach,
  ContainerAttachWebsocket: containerAttachWebsocket,
  ContainerLogs: containerLogs,
  ContainerWait: containerWait,
  ContainerResize: containerResize,
};

/** Of the engine only what these handlers use; there is no executor, so that every client is relayed. */
function engine(): Engine {
  const containers = {
    get(name: string): Container {
      if (name !== 'c') throw notFound(`No such container: ${name}`);
      return container;
    },
    publish: () => {},
    logPath: () => join(directory, 'log'),
  };
  const executor = { request: () => Promise.reject(new Error('none')) };
  const attach = new AttachService({ containers, executor });
  return { containers, attach, logs: new ContainerLogsService({ containers }) } as unknown as Engine;
}

/** Sends a request as it stands and returns all that comes back; `later` is sent once the answer has begun, and ends our half. */
async function exchange(request: string, later?: string): Promise<string> {
  const socket = connect({ path: join(directory, 's'), allowHalfOpen: true });
  socket.write(request.replaceAll('\n', '\r\n'));
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  if (later !== undefined) socket.once('data', () => socket.end(later));
  socket.once('end', () => socket.end());
  // The other side may have closed before our end gets there.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return answer.replaceAll('\r\n', '\n');
}

const upgrade = 'Host: x\nConnection: Upgrade\nUpgrade: tcp\n\n';
// More than is handed over to another process, so that the client is relayed by this one.
const filler = 'f'.repeat(33_000);

test('attach answers 101 with the reference’s words and is multiplexed since 1.42', async () => {
  const answer = await exchange(
    `POST /v1.42/containers/c/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\n${upgrade}${filler}`,
    'bye',
  );
  assert.equal(
    answer,
    `HTTP/1.1 101 UPGRADED\nContent-Type: application/vnd.docker.multiplexed-stream\nConnection: Upgrade\nUpgrade: tcp\n\nhello ${filler}bye`,
  );
  const short = await exchange(
    'POST /v1.42/containers/c/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\nHost: x\nUpgrade: tcp\n\n',
    '',
  );
  assert.equal(short.split('\n')[0], 'HTTP/1.1 101 UPGRADED');
  const older = await exchange(
    `POST /v1.41/containers/c/attach?stream=1&stdin=1 HTTP/1.1\n${upgrade}${filler}`,
    '',
  );
  assert.match(older, /^HTTP\/1\.1 101 UPGRADED\nContent-Type: application\/vnd\.docker\.raw-stream\n/);
});

test('a body that comes with attach is no input', async () => {
  const request = `POST /containers/c/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\nContent-Length: 2\n${upgrade}{}${filler}`;
  assert.match(await exchange(request, ''), /\n\nhello f+$/);
});

test('attach without an upgrade says raw, whatever follows', async () => {
  writeFileSync(join(directory, 'log'), '{"log":"l\\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n');
  const answer = await exchange('POST /containers/c/attach?logs=1&stdout=1 HTTP/1.1\nHost: x\n\n');
  assert.equal(
    answer,
    'HTTP/1.1 200 OK\nContent-Type: application/vnd.docker.raw-stream\n\n\x01\0\0\0\0\0\0\x02l\n',
  );
});

test('attach refuses in raw text', async () => {
  assert.equal(
    await exchange(`POST /containers/no/attach?stream=1 HTTP/1.1\n${upgrade}`),
    'HTTP/1.1 404 Not Found\nContent-Type: application/vnd.docker.raw-stream\n\nNo such container: no\n',
  );
  assert.equal(
    await exchange('POST /containers/c/attach?detachKeys=nonsense-key HTTP/1.1\nHost: x\n\n'),
    'HTTP/1.1 400 Bad Request\nContent-Type: application/vnd.docker.raw-stream\n\nInvalid detach keys (nonsense-key) provided\n',
  );
});

test('a WebSocket carries the bytes unframed in binary messages', async () => {
  const path = `ws+unix://${join(directory, 's')}:/containers/c/attach/ws?stream=1&stdin=1&stdout=1`;
  const socket = new WebSocket(path);
  await once(socket, 'open');
  let text = '';
  const echoed = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer, binary: boolean) => {
      text += binary ? data.toString() : 'not binary';
      if (text === 'hello typed') resolve();
    });
  });
  socket.send('typed');
  await echoed;
  socket.terminate();
});

test('what is no WebSocket is told so, a missing container in JSON', async () => {
  assert.equal(
    await exchange('GET /containers/c/attach/ws HTTP/1.1\nHost: x\n\n'),
    'HTTP/1.1 400 Bad Request\n\nnot websocket protocol',
  );
  const missing = await exchange(
    'GET /containers/no/attach/ws HTTP/1.1\nHost: x\nConnection: Upgrade\nUpgrade: websocket\n\n',
  );
  assert.match(missing, /^HTTP\/1\.1 404 [^]*\{"message":"No such container: no"\}\n$/);
});

test('waiting sends its head before there is an answer', async () => {
  const socket = connect(join(directory, 's'));
  socket.write(
    'POST /containers/c/wait?condition=next-exit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1\.1 200 OK\r\n/);
  container.moved({ ...container.state, status: 'exited', exitCode: 7, error: 'why' });
  container.emit('exited', { code: 7, at: 0n, oomKilled: false });
  const rest = Buffer.concat(await Array.fromAsync(socket as AsyncIterable<Buffer>)).toString();
  assert.match(rest, /\{"Error":\{"Message":"why"\},"StatusCode":7\}\n/);
});

test('waiting refuses an unknown condition, but not before 1.30', async () => {
  const refused = await exchange(
    'POST /containers/c/wait?condition=nonsense HTTP/1.1\nHost: x\nConnection: close\n\n',
  );
  assert.match(refused, /^HTTP\/1\.1 400 [^]*\{"message":"invalid condition: \\"nonsense\\""\}\n$/);
  container.moved({ ...container.state, status: 'exited', exitCode: 2 });
  const old = await exchange(
    'POST /v1.29/containers/c/wait?condition=nonsense HTTP/1.1\nHost: x\nConnection: close\n\n',
  );
  assert.match(old, /\{"StatusCode":2\}\n/);
});

test('logs name their type by version and refuse as the reference does', async () => {
  writeFileSync(join(directory, 'log'), '{"log":"l\\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}\n');
  const get = (query: string): Promise<string> =>
    exchange(`GET ${query} HTTP/1.1\nHost: x\nConnection: close\n\n`);
  assert.match(
    await get('/v1.42/containers/c/logs?stderr=1'),
    /multiplexed-stream[^]*\x02\0\0\0\0\0\0\x02l\n/,
  );
  assert.match(await get('/v1.41/containers/c/logs?stderr=1'), /raw-stream[^]*\x02\0\0\0\0\0\0\x02l\n/);
  assert.match(await get('/containers/c/logs'), /^HTTP\/1\.1 400 [^]*you must choose at least one stream/);
  assert.match(
    await get('/containers/c/logs?stdout=1&since=x'),
    /^HTTP\/1\.1 500 [^]*strconv.ParseInt: parsing \\"x\\": invalid syntax/,
  );
});

test('a size that is none is refused, for a container that is none too', async () => {
  const post = (query: string): Promise<string> =>
    exchange(`POST ${query} HTTP/1.1\nHost: x\nConnection: close\n\n`);
  assert.match(
    await post('/containers/no/resize?h=x&w=1'),
    /^HTTP\/1\.1 400 [^]*invalid resize height \\"x\\": invalid syntax/,
  );
  assert.match(
    await post('/containers/c/resize?h=1&w=4294967296'),
    /invalid resize width \\"4294967296\\": value out of range/,
  );
  assert.match(await post('/containers/c/resize?h=1&w=1'), /^HTTP\/1\.1 200 OK/);
});
