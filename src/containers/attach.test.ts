import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import type { ShimClient } from '../runtime/shim-client.ts';
import { AttachService, type AttachOptions } from './attach.ts';
import type { Connection } from './client-stream.ts';
import { Container, type ContainerRecord } from './container.ts';
import { initialState, type ContainerState } from './state.ts';

let directory: string;
let events: string[];
let servers: Server[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-attach-'));
  events = [];
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
  rmSync(directory, { recursive: true });
});

const executor = { request: () => Promise.reject(new Error('not a plain socket')) };

function container(config: object, state: Partial<ContainerState> = {}): Container {
  const record = { id: 'a'.repeat(64), name: 'a', config: { Tty: false, OpenStdin: true, ...config } };
  return new Container(record as ContainerRecord, { ...initialState(), ...state });
}

function service(one: Container): AttachService {
  const containers = {
    get: () => one,
    publish: (_: Container, action: string) => void events.push(action),
    logPath: () => join(directory, 'x.log'),
  };
  return new AttachService({ containers, executor });
}

/** A shim of which only `attach` is there: shows the request, then sends back what it gets, at its end `bye`. */
async function fakeShim(): Promise<{ client: ShimClient; requests: string[] }> {
  const path = join(directory, 'shim');
  const requests: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (first: Buffer) => {
      requests.push(first.toString());
      socket.write('1 ok\nout:');
      socket.on('data', (chunk) => socket.write(chunk));
      socket.on('end', () => socket.end('bye'));
    });
  });
  servers.push(server);
  server.listen(path);
  await once(server, 'listening');
  return { client: { path, on: () => {} } as unknown as ShimClient, requests };
}

/** A client as it is after hijacking, behind a stream that is no plain socket, so that it is relayed. */
async function client(head = ''): Promise<{ stream: Connection; peer: Socket }> {
  const path = join(directory, `client-${servers.length}`);
  const server = createServer({ allowHalfOpen: true });
  servers.push(server);
  server.listen(path);
  await once(server, 'listening');
  const peer = connect({ path, allowHalfOpen: true });
  const [socket] = (await once(server, 'connection')) as [Socket];
  const wrapped = Duplex.from({ readable: socket, writable: socket });
  socket.on('close', () => wrapped.destroy());
  return { stream: { socket: wrapped, head: Buffer.from(head) }, peer };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString();
}

const all: AttachOptions = {
  stdin: true,
  stdout: true,
  stderr: true,
  logs: false,
  stream: true,
  detachKeys: '',
  multiplex: true,
};

test('what cannot be attached to is refused before the connection changes', () => {
  const paused = service(container({}, { status: 'paused' }));
  assert.throws(() => paused.prepare('x', all), {
    kind: 'conflict',
    message: 'container x is paused, unpause the container before attach',
  });
  const restarting = service(container({}, { status: 'restarting' }));
  assert.throws(() => restarting.prepare('x', all), { kind: 'conflict' });
  assert.throws(() => paused.prepare('x', { ...all, detachKeys: 'no-key' }), {
    kind: 'invalid-argument',
    message: 'Invalid detach keys (no-key) provided',
  });
});

test('a running container is attached to at once and every byte goes both ways', async () => {
  const one = container({}, { status: 'running' });
  const shim = await fakeShim();
  one.shim = shim.client;
  const { stream, peer } = await client('head,');
  peer.end('sent');
  await service(one).prepare('a', all).serve(stream);
  assert.equal(await textOf(peer), 'out:head,sentbye');
  assert.deepEqual(shim.requests, ['1 attach stdin=1 stdout=1 stderr=1 framed=1\n']);
  assert.deepEqual(events, ['attach']);
});

test('a terminal is neither framed nor without detach keys, a closed stdin is not asked for', async () => {
  const shim = await fakeShim();
  for (const [config, line] of [
    [{ Tty: true }, '1 attach stdin=1 stdout=1 stderr=1 detachkeys=1011\n'],
    [{ OpenStdin: false }, '1 attach stdout=1 stderr=1 framed=1\n'],
  ] as const) {
    const one = container(config, { status: 'running' });
    one.shim = shim.client;
    const { stream, peer } = await client();
    await service(one).prepare('a', all).serve(stream);
    peer.end();
    await textOf(peer);
    assert.equal(shim.requests.at(-1), line);
  }
});

test('before the start the client is held and attached before init runs, nothing it sent is lost', async () => {
  const one = container({});
  const { stream, peer } = await client('one ');
  await service(one).prepare('a', all).serve(stream);
  peer.write('two ');
  const shim = await fakeShim();
  await one.prepared(shim.client);
  assert.equal(shim.requests.length, 1);
  peer.end('three');
  assert.equal(await textOf(peer), 'out:one two threebye');
  await one.prepared(shim.client);
  assert.equal(shim.requests.length, 1);
});

test('a removal ends those who wait', async () => {
  const one = container({});
  const { stream, peer } = await client();
  await service(one).prepare('a', all).serve(stream);
  one.emit('removed');
  assert.equal(await textOf(peer), '');
  assert.equal(one.listenerCount('removed'), 0);
});

test('a client that leaves while it waits is forgotten', async () => {
  const one = container({});
  const { stream } = await client();
  await service(one).prepare('a', all).serve(stream);
  assert.equal(one.listenerCount('removed'), 1);
  const closed = new Promise((resolve) => stream.socket.once('close', resolve));
  stream.socket.destroy();
  await closed;
  assert.equal(one.listenerCount('removed'), 0);
});

test('the log comes first, then what is new; without stream the end', async () => {
  writeFileSync(
    join(directory, 'x.log'),
    '{"log":"old\\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}\n',
  );
  const one = container({}, { status: 'running' });
  one.shim = (await fakeShim()).client;
  const live = await client();
  await service(one)
    .prepare('a', { ...all, logs: true })
    .serve(live.stream);
  live.peer.end();
  assert.equal(await textOf(live.peer), '\x01\0\0\0\0\0\0\x04old\nout:bye');
  const only = await client();
  await service(one)
    .prepare('a', { ...all, logs: true, stream: false })
    .serve(only.stream);
  assert.equal(await textOf(only.peer), '\x01\0\0\0\0\0\0\x04old\n');
});

test('nothing chosen ends at once', async () => {
  const one = container({}, { status: 'running' });
  const { stream, peer } = await client();
  await service(one)
    .prepare('a', { ...all, stdin: false, stdout: false, stderr: false })
    .serve(stream);
  assert.equal(await textOf(peer), '');
});
