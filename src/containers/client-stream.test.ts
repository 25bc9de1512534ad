import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, createServer as createShim, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Executor } from '../host/executor.ts';
import { ClientStream } from './client-stream.ts';

/** Another process that gets descriptors as the native executor does, and serves them as a shim does. */
const receiver = `
const { Socket } = require('node:net');
process.on('message', ({ op, id, line }, handle) => {
  process.send({ id, result: {} });
  if (op !== 'shim.attach') return;
  const socket = new Socket({ handle, allowHalfOpen: true });
  const preread = /preread=([^ ]*)/.exec(line)?.[1] ?? '';
  socket.write('preread:' + Buffer.from(decodeURIComponent(preread), 'base64') + '|');
  socket.on('data', (chunk) => socket.write(chunk));
  socket.on('end', () => socket.end('end'));
});`;

let directory: string;
let executor: Executor;
let server: Server;
const upgraded: ((socket: Socket, head: Buffer) => void)[] = [];

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-client-'));
  writeFileSync(join(directory, 'receiver.cjs'), receiver);
  executor = new Executor({
    path: process.execPath,
    args: [join(directory, 'receiver.cjs')],
    dataRoot: directory,
    execRoot: directory,
  });
});
after(async () => {
  await executor.close();
  rmSync(directory, { recursive: true });
});
beforeEach(() => {
  server = createServer();
  server.on('upgrade', (_, socket, head) => upgraded.shift()?.(socket as Socket, head));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

/** An HTTP client whose request asked for an upgrade and had `early` in the same packet; and its hijacked server side. */
async function upgradedClient(
  listen: string | number,
  early: string,
): Promise<{ peer: Socket; stream: ClientStream; socket: Socket }> {
  server.listen(listen);
  await once(server, 'listening');
  const address = server.address();
  const peer = connect({
    ...(typeof address === 'string' ? { path: address } : { port: address!.port }),
    allowHalfOpen: true,
  });
  const accepted = new Promise<[Socket, Buffer]>((resolve) => upgraded.push((...pair) => resolve(pair)));
  peer.write(`POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n${early}`);
  const [socket, head] = await accepted;
  return { peer, socket, stream: new ClientStream({ socket, head }, executor) };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

for (const kind of ['unix', 'TCP'] as const) {
  test(`a ${kind} client goes to another process with all its bytes, whoever had read them`, async () => {
    const { peer, socket, stream } = await upgradedClient(kind === 'unix' ? join(directory, 's') : 0, 'one ');
    assert.equal(await stream.write('head '), true);
    const answer = textOf(peer);
    peer.write('two ');
    await stream.serveBy('/nowhere', { stdin: true });
    assert.equal(socket.destroyed, true);
    peer.end('three ');
    assert.equal(await answer, 'head preread:one |two three end');
    assert.equal(await new Promise((resolve) => server.getConnections((_, count) => resolve(count))), 0);
  });
}

test('a client that has sent more than fits is relayed, whole and both ways', async () => {
  const path = join(directory, 'shim');
  const shim = createShim({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => {
      socket.write('1 ok\n');
      socket.pipe(socket);
    });
  });
  shim.listen(path);
  const early = 'x'.repeat(40_000);
  const { peer, stream } = await upgradedClient(join(directory, 's'), early);
  const answer = textOf(peer);
  await stream.serveBy(path, {});
  peer.end('late');
  assert.equal(await answer, `${early}late`);
  shim.close();
});

test('what a held client sends is neither read nor lost', async () => {
  const { peer, socket, stream } = await upgradedClient(join(directory, 's'), '');
  const answer = textOf(peer);
  peer.end('x'.repeat(300_000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(socket.readableLength, 0);
  await stream.serveBy('/nowhere', {});
  assert.equal((await answer).length, 'preread:|'.length + 300_000 + 'end'.length);
});

test('ending tells the client everything before and closes although the client does not', async () => {
  const { peer, socket, stream } = await upgradedClient(join(directory, 's'), 'unread');
  peer.write('unread');
  void stream.write('last words');
  stream.end();
  assert.equal(await textOf(peer), 'last words');
  await once(socket, 'close');
  peer.destroy();
});

test('a held client that has gone is found out, one that only ended its half is not', async () => {
  const { peer, socket, stream } = await upgradedClient(join(directory, 's'), '');
  peer.end();
  await once(peer, 'finish');
  stream.probe();
  assert.equal(await stream.write(''), true);
  const closed = new Promise((resolve) => socket.once('close', resolve));
  peer.destroy();
  await once(peer, 'close');
  stream.probe();
  await closed;
});

test('writing to a client that has gone says so', async () => {
  const { peer, socket, stream } = await upgradedClient(join(directory, 's'), '');
  peer.destroy();
  while (await stream.write('x'));
  assert.equal(socket.destroyed, true);
  await stream.serveBy('/nowhere', {});
});
