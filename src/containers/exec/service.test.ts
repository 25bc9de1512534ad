import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { invalidArgument } from '../../errors.ts';
import type { ShimClient } from '../../runtime/shim-client.ts';
import type { Connection } from '../client-stream.ts';
import { Container, type ContainerRecord } from '../container.ts';
import { initialState, type Status } from '../state.ts';
import type { ExecConfig } from './exec.ts';
import { ExecService } from './service.ts';

const id = 'a'.repeat(64);
const plain = { tty: false, consoleSize: undefined };
let directory: string;
let container: Container;
let known: boolean;
let events: string[];
let asked: { op: string; params: Record<string, unknown> }[];
let attached: string[];
let shim: FakeShim;
let server: Server;
let execs: ExecService;

/** The shim as the service sees it: `exec-start` is answered with a process id or an error. */
class FakeShim extends EventEmitter {
  readonly path = join(directory, 'shim');
  readonly requests: string[] = [];
  failure: Error | undefined;

  async request(verb: string, params: { id?: string; exec?: string }): Promise<Record<string, string>> {
    this.requests.push(`${verb} ${params.id ?? params.exec}`);
    if (this.failure) throw this.failure;
    return { pid: '42' };
  }

  async hello(): Promise<void> {
    this.emit('exec-exit', { id: this.requests.at(-1)?.split(' ')[1], code: 3, at: 0n });
  }
}

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'berth-exec-'));
  writeFileSync(
    join(directory, 'config.json'),
    JSON.stringify({ process: { user: {}, args: [], env: [], cwd: '/' } }),
  );
  [known, events, asked, attached] = [true, [], [], []];
  const record = { id, name: 'c', config: { Env: [], User: '', WorkingDir: '' }, hostConfig: {} };
  container = new Container(record as unknown as ContainerRecord, {
    ...initialState(),
    status: 'running',
    pid: 7,
  });
  shim = new FakeShim();
  container.shim = shim as unknown as ShimClient;
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', (line: Buffer) => {
      attached.push(line.toString());
      socket.write('1 ok\n');
      socket.pipe(socket);
    });
  }).listen(shim.path);
  await once(server, 'listening');
  execs = new ExecService({
    containers: {
      get: () => container,
      find: () => (known ? container : undefined),
      publish: (_, action, more) => void events.push(`${action} ${more?.['exitCode'] ?? ''}`.trim()),
    },
    executor: {
      request: async <T>(op: string, params: object = {}) => {
        asked.push({ op, params: params as Record<string, unknown> });
        if (op === 'rootfs.resolve')
          throw invalidArgument('unable to find user x: no matching entries in passwd file');
        return {} as T;
      },
    },
    bundleOf: () => directory,
    isExternal: () => false,
  });
});
afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

function config(more: Partial<ExecConfig> = {}): ExecConfig {
  return {
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd: ['echo', 'a', 'b'],
    Env: [],
    User: '',
    WorkingDir: '',
    Privileged: false,
    DetachKeys: '',
    ConsoleSize: undefined,
    ...more,
  };
}

function setStatus(status: Status): void {
  container.moved({ ...container.state, status });
}

/** A client that is relayed, because it is no plain socket. */
async function client(): Promise<{ connection: Connection; peer: Socket }> {
  const path = join(directory, 'client');
  const listener = createServer({ allowHalfOpen: true }).listen(path);
  await once(listener, 'listening');
  const peer = connect({ path, allowHalfOpen: true });
  const [socket] = (await once(listener, 'connection')) as [Socket];
  listener.close();
  return {
    connection: { socket: Duplex.from({ readable: socket, writable: socket }), head: Buffer.alloc(0) },
    peer,
  };
}

async function textOf(stream: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(stream)).toString('latin1');
}

test('an exec is created in running containers only, with the reference’s words', async () => {
  assert.match(await execs.create('c', config()), /^[0-9a-f]{64}$/);
  setStatus('paused');
  await assert.rejects(execs.create('c', config()), {
    kind: 'conflict',
    message: 'Container c is paused, unpause the container before exec',
  });
  setStatus('exited');
  await assert.rejects(execs.create('c', config()), {
    kind: 'conflict',
    message: `container ${id} is not running`,
  });
  assert.deepEqual(events, ['exec_create: echo a b']);
});

test('unknown users and keys are refused before anything runs', async () => {
  await assert.rejects(execs.create('c', config({ User: 'x' })), {
    kind: 'invalid-argument',
    message: /unable to find user x/,
  });
  await assert.rejects(execs.create('c', config({ DetachKeys: 'odd-key' })), {
    kind: 'internal',
    message: 'Invalid escape keys (odd-key) provided',
  });
  assert.deepEqual(execs.idsOf(id), []);
});

test('attached: made, attached and started in this order, ended when the shim says so', async () => {
  const exec = execs.get(await execs.create('c', config()));
  const { connection, peer } = await client();
  await execs.startAttached(exec, connection, plain);
  peer.end('in and out');
  assert.equal(await textOf(peer), 'in and out');
  assert.deepEqual(attached, [`1 attach exec=${exec.id} stdin=1 stdout=1 stderr=1 framed=1\n`]);
  assert.deepEqual(shim.requests, [`exec-start ${exec.id}`]);
  assert.equal(asked.at(-1)?.op, 'shim.exec');
  assert.deepEqual([exec.running, exec.pid, execs.idsOf(id)], [true, 42, [exec.id]]);
  shim.emit('exec-exit', { id: exec.id, code: 5, at: 0n });
  assert.deepEqual([exec.running, exec.exitCode, execs.idsOf(id)], [false, 5, []]);
  assert.deepEqual(events, ['exec_create: echo a b', 'exec_start: echo a b', 'exec_die 5']);
});

test('inspecting a running exec waits for what the shim has already announced', async () => {
  const exec = execs.get(await execs.create('c', config()));
  await execs.startDetached(exec, plain);
  assert.equal((await execs.inspect(exec.id)).exitCode, 3);
});

test('a terminal has one raw stream and detach keys', async () => {
  const exec = execs.get(await execs.create('c', config({ Tty: true, DetachKeys: 'ctrl-x' })));
  const { connection, peer } = await client();
  await execs.startAttached(exec, connection, { tty: true, consoleSize: [3, 4] });
  assert.deepEqual(attached, [`1 attach exec=${exec.id} stdin=1 stdout=1 detachkeys=18\n`]);
  assert.deepEqual((asked.at(-1)!.params['process'] as { consoleSize: object }).consoleSize, {
    height: 3,
    width: 4,
  });
  peer.destroy();
});

test('a command that is not there is 127: told by the shim when attached, thrown when detached', async () => {
  shim.failure = new Error('exec: "x": executable file not found in $PATH');
  const first = execs.get(await execs.create('c', config()));
  await assert.rejects(execs.startDetached(first, plain), {
    kind: 'invalid-argument',
    message: shim.failure.message,
  });
  assert.deepEqual([first.running, first.exitCode, first.pid], [false, 127, 0]);
  const second = execs.get(await execs.create('c', config()));
  const { connection, peer } = await client();
  await execs.startAttached(second, connection, plain);
  peer.end();
  assert.equal(await textOf(peer), '');
  assert.equal(second.exitCode, 127);
});

test('an exec runs once: later starts are told so in the stream', async () => {
  const exec = execs.get(await execs.create('c', config()));
  await execs.startDetached(exec, plain);
  await assert.rejects(execs.startDetached(exec, plain), {
    kind: 'conflict',
    message: `exec command ${exec.id} is already running`,
  });
  shim.emit('exec-exit', { id: exec.id, code: 0, at: 0n });
  const { connection, peer } = await client();
  await execs.startAttached(exec, connection, plain);
  assert.equal(await textOf(peer), `\x01\0\0\0\0\0\0\x5fexec command ${exec.id} has already run\r\n`);
});

test('when the container ends, what never ran is gone and what ran stays to be inspected', async () => {
  const waiting = await execs.create('c', config());
  const running = execs.get(await execs.create('c', config()));
  await execs.startDetached(running, plain);
  setStatus('exited');
  container.emit('exited', { code: 0, at: 0n, oomKilled: false });
  assert.throws(() => execs.get(waiting), {
    kind: 'not-found',
    message: `No such exec instance: ${waiting}`,
  });
  assert.deepEqual([execs.get(running.id).running, running.exitCode], [false, 137]);
  assert.throws(() => execs.getActive(running.id), { kind: 'conflict' });
});

test('a removed container takes its execs with it', async () => {
  const exec = await execs.create('c', config());
  known = false;
  assert.throws(() => execs.get(exec), { kind: 'not-found', message: `No such exec instance: ${exec}` });
  assert.throws(() => execs.getActive(exec), { kind: 'not-found', message: `No such container: ${exec}` });
  container.emit('removed');
  known = true;
  assert.throws(() => execs.get(exec), { kind: 'not-found' });
});

test('a resize waits for the start', async () => {
  const exec = execs.get(await execs.create('c', config({ Tty: true })));
  const resized = execs.resize(exec, 10, 20);
  await execs.startDetached(exec, plain);
  await resized;
  assert.deepEqual(shim.requests, [`exec-start ${exec.id}`, `resize ${exec.id}`]);
  shim.emit('exec-exit', { id: exec.id, code: 0, at: 0n });
  await assert.rejects(execs.resize(exec, 1, 1), {
    kind: 'not-found',
    message: `NotFound: process does not exist ${exec.id}: not found`,
  });
});
