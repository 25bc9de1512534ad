import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine } from './engine.testing.ts';

// Logs that go to servers: what Docker's engine loses when it is killed, ours does not.

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine());
});
after(() => stopEngine({ daemon, docker }));

async function crash(meanwhile: () => Promise<unknown>): Promise<void> {
  await daemon.kill('SIGKILL');
  await meanwhile();
  ({ daemon, docker } = await nextEngine(daemon));
}

async function run(Cmd: string[], Type: string, Config: Record<string, string>): Promise<string> {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd,
    HostConfig: { NetworkMode: 'none', LogConfig: { Type, Config } },
  });
  await container.start();
  return container.id;
}

async function eventually(probe: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await delay(20);
  }
}

/** A server that keeps what it is sent, whatever the protocol. */
interface LogServer {
  port: number;
  received: Buffer[];
  close(): void;
}

const servers: LogServer[] = [];
after(() => servers.forEach((server) => server.close()));

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

function opened(server: LogServer): LogServer {
  servers.push(server);
  return server;
}

async function tcpServer(onSocket: (socket: Socket) => void = () => {}): Promise<LogServer> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
    onSocket(socket);
  });
  const port = await listening(server);
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return opened({ port, received, close });
}

async function udpServer(): Promise<LogServer> {
  const received: Buffer[] = [];
  const socket = createSocket('udp4').on('message', (message) => received.push(message));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return opened({ port: socket.address().port, received, close: () => socket.close() });
}

async function httpServer(): Promise<LogServer> {
  const received: Buffer[] = [];
  const server = createHttpServer((request, response) => {
    request.on('data', (chunk: Buffer) => received.push(chunk)).on('end', () => response.end('{}'));
  });
  const port = await listening(server);
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return opened({ port, received, close });
}

const numbersIn = (text: string): number[] => [...text.matchAll(/number-(\d+)\./g)].map(([, n]) => Number(n));

/** Waits until a container whose log goes to a server has written so many lines more: the shim keeps them beside. */
async function linesMore(id: string, count: number): Promise<void> {
  const path = join(daemon.root, 'data', 'containers', id, 'container-cached.log');
  const written = async (): Promise<number> => numbersIn(await readFile(path, 'latin1')).length;
  const before = await written();
  await eventually(async () => (await written()) >= before + count, 'lines are kept');
}

const untilTerm = 'trap "exit 0" TERM; i=0; while :; do echo number-$i.; i=$((i+1)); sleep 0.01; done';

const drivers: [string, () => Promise<LogServer>, (port: number) => [string, Record<string, string>]][] = [
  ['syslog over TCP', tcpServer, (port) => ['syslog', { 'syslog-address': `tcp://127.0.0.1:${port}` }]],
  ['syslog over UDP', udpServer, (port) => ['syslog', { 'syslog-address': `udp://127.0.0.1:${port}` }]],
  [
    'gelf',
    udpServer,
    (port) => ['gelf', { 'gelf-address': `udp://127.0.0.1:${port}`, 'gelf-compression-type': 'none' }],
  ],
  ['fluentd', tcpServer, (port) => ['fluentd', { 'fluentd-address': `127.0.0.1:${port}` }]],
  [
    'splunk',
    httpServer,
    (port) => ['splunk', { 'splunk-url': `http://127.0.0.1:${port}`, 'splunk-token': 't' }],
  ],
];

for (const [name, serve, config] of drivers) {
  test(`${name}: a killed daemon loses no line`, async () => {
    const server = await serve();
    const id = await run(['sh', '-c', untilTerm], ...config(server.port));
    const more = (): Promise<void> => linesMore(id, 20);
    await more();
    await crash(more);
    await docker.getContainer(id).stop();
    const kept = numbersIn(String(await docker.getContainer(id).logs({ stdout: true })));
    assert.ok(kept.length > 30, `${kept.length} lines`);
    assert.deepEqual(kept, [...kept.keys()]);
    const sent = (): number[] => numbersIn(Buffer.concat(server.received).toString('latin1'));
    await eventually(() => sent().length >= kept.length, 'all lines at the server');
    assert.deepEqual(sent(), kept);
  });
}

test('local: a killed daemon loses no line, and no byte', async () => {
  const script = `printf '\\377\\376 first\\n'; ${untilTerm}`;
  const id = await run(['sh', '-c', script], 'local', {});
  const log = join(daemon.root, 'data', 'containers', id, 'local.log');
  const size = async (): Promise<number> => (await readFile(log)).length;
  await crash(async () => {
    const before = await size();
    await eventually(async () => (await size()) > before + 500, 'lines come');
  });
  await docker.getContainer(id).stop();
  const raw = (await docker.getContainer(id).logs({ stdout: true })) as unknown as Buffer;
  assert.deepEqual(raw.subarray(8, 17), Buffer.from('\xff\xfe first\n', 'latin1'));
  const numbers = numbersIn(raw.toString());
  assert.deepEqual(numbers, [...numbers.keys()]);
});

/** The forwarders there are, by pid. */
function forwarders(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('berth-forwarder');
      } catch {
        return false;
      }
    });
}

test('a server that takes nothing holds the container up, but not its end', async () => {
  const stopped: Socket[] = [];
  const server = await tcpServer((socket) => stopped.push(socket.pause()));
  const others = new Set(forwarders());
  // More than every buffer on the way holds.
  const flood =
    'for i in $(seq 1 40); do head -c 1000000 /dev/zero | tr "\\0" x | fold -w 999; done; echo done';
  const options = { 'syslog-address': `tcp://127.0.0.1:${server.port}`, 'cache-max-size': '100m' };
  const id = await run(['sh', '-c', flood], 'syslog', options);
  const container = docker.getContainer(id);
  const kept = join(daemon.root, 'data', 'containers', id, 'container-cached.log');
  const size = async (): Promise<number> => (await readFile(kept)).length;
  let before = -1;
  await eventually(async () => {
    const now = await size();
    const still = now === before;
    before = now;
    await delay(300);
    return still && now > 0;
  }, 'the container is held up');
  assert.equal((await container.inspect()).State.Running, true);
  assert.ok(before < 40e6, `${before} bytes passed`);
  const [forwarder] = forwarders().filter((pid) => !others.has(pid));
  assert.ok(forwarder);
  await container.kill();
  const ended = await container.wait();
  assert.equal(ended.StatusCode, 137);
  await eventually(() => !forwarders().includes(forwarder), 'the forwarder ends');
});

test('without blocking the same container runs to its end', async () => {
  const server = await tcpServer((socket) => socket.pause());
  const flood =
    'for i in $(seq 1 40); do head -c 1000000 /dev/zero | tr "\\0" x | fold -w 999; done; echo done';
  const id = await run(['sh', '-c', flood], 'syslog', {
    'syslog-address': `tcp://127.0.0.1:${server.port}`,
    mode: 'non-blocking',
    'max-buffer-size': '1m',
  });
  assert.equal((await docker.getContainer(id).wait()).StatusCode, 0);
  const log = String(await docker.getContainer(id).logs({ stdout: true, tail: 1 }));
  assert.match(log, /done\n$/);
});

test('a forwarder that is killed is started again, and costs what it had read only', async () => {
  const server = await tcpServer();
  const others = new Set(forwarders());
  const own = (): number | undefined => forwarders().find((pid) => !others.has(pid));
  const id = await run(['sh', '-c', untilTerm], 'syslog', {
    'syslog-address': `tcp://127.0.0.1:${server.port}`,
  });
  const sent = (): number[] => numbersIn(Buffer.concat(server.received).toString('latin1'));
  const first = own();
  assert.ok(first);
  await eventually(() => sent().length > 10, 'lines come');
  process.kill(first, 'SIGKILL');
  await eventually(() => own() !== undefined && own() !== first, 'the forwarder is there again');
  const before = sent().length;
  await eventually(() => sent().length > before + 10, 'lines go on');
  // Without a daemon, and stopped before: what has not been read stays for the next.
  await daemon.kill('SIGKILL');
  const second = own();
  assert.ok(second);
  process.kill(second, 'SIGSTOP');
  await linesMore(id, 60);
  const stopped = sent().length;
  process.kill(second, 'SIGKILL');
  await eventually(() => sent().length > stopped + 60, 'what came meanwhile arrives');
  ({ daemon, docker } = await nextEngine(daemon));
  await docker.getContainer(id).stop();
  assert.equal((await docker.getContainer(id).inspect()).State.ExitCode, 0);
  const all = numbersIn(String(await docker.getContainer(id).logs({ stdout: true })));
  assert.deepEqual(all, [...all.keys()]);
  await eventually(() => sent().at(-1) === all.at(-1), 'the last line arrives');
  const missing = all.filter((n) => !new Set(sent()).has(n));
  assert.ok(missing.length <= 4, `${missing.length} lines are missing: ${missing}`);
  await eventually(() => own() === undefined, 'the forwarder ends');
});

test('a forwarder that comes back to no server holds nothing up', async () => {
  const server = await tcpServer();
  const others = new Set(forwarders());
  const id = await run(['sh', '-c', untilTerm], 'gelf', {
    'gelf-address': `tcp://127.0.0.1:${server.port}`,
  });
  const own = (): number | undefined => forwarders().find((pid) => !others.has(pid));
  const first = own();
  assert.ok(first);
  server.close();
  process.kill(first, 'SIGKILL');
  await eventually(() => own() !== undefined && own() !== first, 'the forwarder is there again');
  const kept = async (): Promise<number> =>
    numbersIn(String(await docker.getContainer(id).logs({ stdout: true }))).length;
  const before = await kept();
  await eventually(async () => (await kept()) > before + 10, 'lines go on');
  await docker.getContainer(id).remove({ force: true });
});

test('a start that fails later leaves no forwarder', async () => {
  const server = await tcpServer();
  const before = forwarders().length;
  const options = { 'syslog-address': `tcp://127.0.0.1:${server.port}` };
  await assert.rejects(run(['/no/such/program'], 'syslog', options), /no such file or directory/);
  await eventually(() => forwarders().length <= before, 'the forwarder ends');
});

test('a shim with a forwarder stays small', async () => {
  const server = await tcpServer();
  const id = await run(['sleep', '60'], 'syslog', { 'syslog-address': `tcp://127.0.0.1:${server.port}` });
  const shim = readdirSync('/proc').find((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`berth-shim\0${id}`);
    } catch {
      return false;
    }
  });
  assert.ok(shim);
  await eventually(() => {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${shim}/smaps_rollup`, 'utf8'))?.[1];
    return Number(pss) < 500;
  }, 'less than half a megabyte');
  await docker.getContainer(id).remove({ force: true });
});
