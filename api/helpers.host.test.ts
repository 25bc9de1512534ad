import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine } from './engine.testing.ts';

// The processes beside a running container come back by themselves when they are killed. (Its log's: log-drivers.host.test.ts.)

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine());
});
after(() => stopEngine({ daemon, docker }));

async function eventually<T>(probe: () => Promise<T> | T, what: string): Promise<NonNullable<T>> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await delay(20);
  }
}

/** The process whose command line begins with `program` and holds `word`. */
function processOf(program: string, word: string): number | undefined {
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.startsWith(program) && line.includes(word);
      } catch {
        return false;
      }
    });
}

async function kill(program: string, word: string): Promise<number> {
  const pid = await eventually(() => processOf(program, word), `${program} runs`);
  process.kill(pid, 'SIGKILL');
  return pid;
}

async function nextOf(program: string, word: string, killed: number): Promise<number> {
  return eventually(() => {
    const pid = processOf(program, word);
    return pid === killed ? undefined : pid;
  }, `${program} is there again`);
}

async function start(options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const container = await docker.createContainer({ Image: 'busybox', Cmd: ['sleep', '600'], ...options });
  await container.start();
  return container;
}

async function looksUp(id: string, name: string): Promise<string> {
  const exec = await docker.getContainer(id).exec({ Cmd: ['nslookup', '-type=a', name], AttachStdout: true });
  return text(await exec.start({ hijack: true, stdin: false }));
}

async function network(name: string): Promise<Docker.Network> {
  return docker.createNetwork({ Name: name });
}

test('a killed name server answers again, also while no daemon is there', async () => {
  const net = await network('helpers-dns');
  const HostConfig = { NetworkMode: 'helpers-dns' };
  const { id } = await start({ HostConfig });
  const other = await start({ name: 'helpers-other', HostConfig });
  const address = (await other.inspect()).NetworkSettings.Networks['helpers-dns']?.IPAddress;
  assert.ok(address);
  assert.match(await looksUp(id, 'helpers-other'), new RegExp(address));
  await nextOf('berth-dns', id, await kill('berth-dns', id));
  assert.match(await looksUp(id, 'helpers-other'), new RegExp(address));
  await daemon.kill('SIGKILL');
  await nextOf('berth-dns', id, await kill('berth-dns', id));
  ({ daemon, docker } = await nextEngine(daemon));
  assert.match(await looksUp(id, 'helpers-other'), new RegExp(address));
  await docker.getContainer(id).remove({ force: true });
  await docker.getContainer('helpers-other').remove({ force: true });
  await eventually(() => !processOf('berth-dns', id), 'the name server ends with its container');
  await docker.getNetwork(net.id).remove();
});

test('so does one of a container that joined its network while it ran', async () => {
  const net = await network('helpers-hot');
  const container = await start({});
  await net.connect({ Container: container.id, EndpointConfig: { Aliases: ['me'] } });
  const { id } = container;
  assert.match(await looksUp(id, 'me'), /Address: \d/);
  await nextOf('berth-dns', id, await kill('berth-dns', id));
  assert.match(await looksUp(id, 'me'), /Address: \d/);
  await container.remove({ force: true });
  await eventually(() => !processOf('berth-dns', id), 'the name server ends with its container');
  await net.remove();
});

test('a port on an IPv6 address is served again', async () => {
  const container = await start({
    Cmd: ['sh', '-c', 'while :; do echo served | nc -l -p 80; done'],
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '::1', HostPort: '0' }] } },
  });
  const { NetworkSettings } = await container.inspect();
  const port = Number(NetworkSettings.Ports['80/tcp']?.[0]?.HostPort);
  const target = `tcp:${NetworkSettings.Networks['bridge']?.IPAddress}:80`;
  const ask = async (): Promise<string> => {
    const socket = connect(port, '::1');
    await once(socket, 'connect');
    socket.end();
    return text(socket);
  };
  await eventually(async () => (await ask().catch(() => '')) === 'served\n', 'the container serves');
  const killed = await kill('berth-relay', target);
  const socket = connect(port, '::1');
  await once(socket, 'connect'); // Never refused: the socket is the same.
  socket.destroy();
  await nextOf('berth-relay', target, killed);
  await eventually(async () => (await ask().catch(() => '')) === 'served\n', 'it is reached again');
  await container.remove({ force: true });
  await eventually(() => !processOf('berth-relay', target), 'the relay ends with its container');
});

test('one that is killed again and again is there in the end, and costs nothing meanwhile', async () => {
  const net = await network('helpers-often');
  const { id } = await start({ HostConfig: { NetworkMode: 'helpers-often' } });
  let pid = await kill('berth-dns', id);
  for (let i = 0; i < 4; i++) {
    pid = await nextOf('berth-dns', id, pid);
    process.kill(pid, 'SIGKILL');
  }
  const began = Date.now();
  await nextOf('berth-dns', id, pid);
  // 100, 200, 400 ms came before.
  assert.ok(Date.now() - began > 500, 'it is not started in a loop');
  await docker.getContainer(id).remove({ force: true });
  await net.remove();
});
