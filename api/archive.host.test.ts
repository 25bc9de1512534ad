import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine } from './engine.testing.ts';

// Copying while the container does its worst, and clients that leave.

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine());
});
after(() => stopEngine({ daemon, docker }));

async function tarOf(name: string, content: string): Promise<Buffer> {
  const tar = pack();
  tar.entry({ name }, content);
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as unknown as AsyncIterable<Buffer>));
}

/** Calls `work` so many times, several at once; each may fail. */
async function hammer(times: number, work: () => Promise<unknown>): Promise<number> {
  let left = times;
  let done = 0;
  const one = async (): Promise<void> => {
    while (left-- > 0)
      await work().then(
        () => done++,
        () => undefined,
      );
  };
  await Promise.all(Array.from({ length: 6 }, one));
  return done;
}

test('a path that the container changes under our hands never leads to the host', async () => {
  const target = join(daemon.root, 'host');
  mkdirSync(target);
  writeFileSync(join(target, 'secret'), 'of the host');
  // Where the host has its directory the container has nothing, so only a way out could lead there.
  const script = `mkdir /safe; while :; do
    ln -sfn / /x; ln -sfn /proc/1/root /x; ln -sfn ../../../../.. /x; rm /x; mkdir /x; rmdir /x; done`;
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', script],
    HostConfig: { NetworkMode: 'none', CapAdd: ['SYS_PTRACE'] },
  });
  await container.start();
  const archive = await tarOf(`x${target}/planted`, 'planted');
  await hammer(700, () => container.putArchive(archive, { path: '/' }));
  const direct = await tarOf('planted', 'planted');
  await hammer(700, () => container.putArchive(direct, { path: `/x${target}` }));
  assert.deepEqual(readdirSync(target), ['secret']);
  let seen = '';
  const read = await hammer(700, async () => {
    const stream = await container.getArchive({ path: `/x${target}/secret` });
    for await (const chunk of stream) seen += String(chunk);
  });
  // What was planted above is in the container, but this file is not.
  assert.equal(read, 0);
  assert.equal(seen, '');
});

test('the end of a client ends its copy, and leaves no process behind', async () => {
  const container = await docker.createContainer({ Image: 'busybox', Cmd: ['true'] });
  const clients = Array.from({ length: 20 }, (_, at) => {
    const socket = connect(daemon.socket);
    const get = `GET /containers/${container.id}/archive?path=/ HTTP/1.1\r\nHost: x\r\n\r\n`;
    const put = `PUT /containers/${container.id}/archive?path=/tmp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel`;
    socket.write(at % 2 ? get : put);
    // Nothing is read: who sends is held up soon.
    return socket.pause();
  });
  await until(() => copying().length >= 20);
  // Nobody else is held up by them.
  const stream = await container.getArchive({ path: '/etc/passwd' });
  for await (const _ of stream);
  for (const client of clients) client.destroy();
  await until(() => copying().length === 0);
});

test('a container that stops while it is copied into takes the next copy', async () => {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sleep', '1000'],
    HostConfig: { NetworkMode: 'none' },
    StopSignal: 'SIGKILL',
  });
  const archive = await tarOf('f', 'content');
  for (let round = 0; round < 10; round++) {
    await container.start();
    const copies = [1, 2, 3].map(() => container.putArchive(archive, { path: '/tmp' }));
    await Promise.all([...copies, container.stop()]);
    await container.putArchive(archive, { path: '/tmp' });
  }
});

for (const killed of ['executor', 'daemon'] as const)
  test(`a copy that ends with the ${killed} leaves nothing behind`, async () => {
    const container = await docker.createContainer({
      Image: 'busybox',
      Cmd: ['true'],
      HostConfig: { NetworkMode: 'none' },
    });
    const socket = connect(daemon.socket);
    socket.on('error', () => undefined);
    socket.write(
      `PUT /containers/${container.id}/archive?path=/tmp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    await until(() => copying().length === 1 && workDirectories().length === 1);
    const program = copying();
    if (killed === 'daemon') {
      await daemon.kill('SIGKILL');
      ({ daemon, docker } = await nextEngine(daemon));
    } else {
      process.kill(Number(nameAndParent(program[0] ?? '')[1]), 'SIGKILL');
    }
    await until(() => workDirectories().length === 0);
    await until(() => program.every((pid) => nameAndParent(pid)[0] !== 'berth-archive'));
    socket.destroy();
    await docker.getContainer(container.id).putArchive(await tarOf('f', 'content'), { path: '/tmp' });
  });

/** Directories of overlays that were made for a copy alone, in those of the snapshots. */
function workDirectories(): string[] {
  const snapshots = join(daemon.root, 'data', 'snapshots');
  return readdirSync(snapshots).flatMap((number) =>
    readdirSync(join(snapshots, number)).filter((name) => name.startsWith('work.')),
  );
}

/** Ids of the programs that copy for this daemon. */
function copying(): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    const [name, executor] = nameAndParent(pid);
    return name === 'berth-archive' && nameAndParent(executor)[1] === String(daemon.pid);
  });
}

function nameAndParent(pid: string): [string, string] {
  try {
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    return [name, rest.split(' ')[1] ?? ''];
  } catch {
    return ['', ''];
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'not within 20 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
