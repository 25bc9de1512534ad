import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { asksForUpgrade, bodyOf, hijack, mayUpgrade, routeUpgrades } from './hijack.ts';

let directory: string;
let server: Server;
let application: (request: IncomingMessage, response: ServerResponse) => Promise<void>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'berth-hijack-'));
  const route = (request: IncomingMessage, response: ServerResponse): void =>
    void application(request, response);
  server = createServer({ shouldUpgradeCallback: mayUpgrade }, route);
  routeUpgrades(server, route);
  server.listen(join(directory, 's'));
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

async function client(): Promise<Socket> {
  const socket = connect({ path: join(directory, 's'), allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

const upgrade = 'Connection: Upgrade\r\nUpgrade: tcp\r\n';

/** Answers with `head`, then sends back what comes until the client ends. */
function echo(head: string): typeof application {
  return async (request, response) => {
    const body = await textOf(bodyOf(request));
    const { socket, head: first } = hijack(request, response);
    socket.write(`${head}body=${body} first=${first.toString()}\n`);
    for await (const chunk of socket) socket.write(chunk);
    socket.end('bye');
  };
}

test('an upgraded connection keeps body, stream bytes and half-close apart', async () => {
  const begun = Promise.withResolvers<void>();
  const answering = echo('HTTP/1.1 101 UPGRADED\r\n\r\n');
  application = (request, response) => {
    begun.resolve();
    return answering(request, response);
  };
  const socket = await client();
  socket.write(`POST /exec/x/start HTTP/1.1\r\nHost: x\r\n${upgrade}Content-Length: 7\r\n\r\n{"a"`);
  await begun.promise;
  const answer = textOf(socket);
  socket.end(':1}rest');
  assert.match(await answer, /^HTTP\/1\.1 101 UPGRADED\r\n\r\nbody=\{"a":1\} first=(rest\n|\nrest)bye$/);
});

test('stream bytes in the packet of the request come as head', async () => {
  application = echo('');
  const socket = await client();
  const answer = textOf(socket);
  socket.end(`POST /exec/x/start HTTP/1.1\r\nHost: x\r\n${upgrade}Content-Length: 2\r\n\r\n{}early`);
  assert.match(await answer, /^body=\{\} first=early/);
});

test('without an upgrade the connection stops being HTTP after the body', async () => {
  application = echo('HTTP/1.1 200 OK\r\n\r\n');
  const socket = await client();
  const answer = textOf(socket);
  socket.write('POST /exec/x/start HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}');
  await once(socket, 'readable');
  socket.end('GET / HTTP/1.1\r\n\r\n');
  assert.equal(await answer, 'HTTP/1.1 200 OK\r\n\r\nbody={} first=\nGET / HTTP/1.1\r\n\r\nbye');
});

test('a refused upgrade is answered as HTTP and the connection closes', async () => {
  application = async (request, response) => {
    assert.equal(asksForUpgrade(request), true);
    response
      .writeHead(404, { 'Content-Type': 'application/json', 'Content-Length': '19' })
      .end('{"message":"none"}\n');
  };
  const socket = await client();
  const answer = textOf(socket);
  socket.write(`POST /containers/x/attach?stream=1 HTTP/1.1\r\nHost: x\r\n${upgrade}\r\n`);
  assert.match(await answer, /^HTTP\/1\.1 404 [^]*\{"message":"none"\}\n$/);
});

test('an upgrade offered where none is possible is ignored', async () => {
  application = async (request, response) => {
    response.end(await textOf(bodyOf(request)));
  };
  const socket = await client();
  const answer = textOf(socket);
  socket.write(
    'POST /containers/create HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nbody',
  );
  assert.match(await answer, /^HTTP\/1\.1 200 OK[^]*\r\n\r\nbody$/);
});

test('hijacked connections are counted until they close', async () => {
  application = echo('');
  const socket = await client();
  socket.write('POST /x HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  socket.end();
  await textOf(socket);
  await new Promise(setImmediate);
  assert.equal(await new Promise((resolve) => server.getConnections((_, count) => resolve(count))), 0);
});
