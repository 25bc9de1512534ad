import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { startEngine, stopEngine } from './engine.testing.ts';

// What a container must not get at, tried from inside.

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine());
});
after(() => stopEngine({ daemon, docker }));

/** Looks at the descriptors and the root of every process that is born, with shell builtins to be fast enough. */
const watcher = `
fds=$(seq 3 24)
while :; do for pid in $(seq 2 30); do
  [ -e /proc/$pid ] || continue
  [ -e /proc/$pid/root$0 ] && echo "the host's root"
  for fd in $fds; do [ -e /proc/$pid/fd/$fd/self ] && echo "the host's processes"; done
done; done`;

test('a container that may trace sees nothing of the host in an exec that is being set up', async () => {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', watcher, daemon.root],
    HostConfig: { NetworkMode: 'none', CapAdd: ['SYS_PTRACE'] },
  });
  await container.start();
  for (let i = 0; i < 25; i++) {
    const exec = await container.exec({ Cmd: ['true'], AttachStdout: true });
    const stream = await exec.start({});
    stream.resume();
    await new Promise((resolve) => stream.once('end', resolve));
  }
  assert.equal((await container.inspect()).State.Running, true);
  const seen = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  assert.equal(seen.toString(), '');
});

test('a privileged exec keeps the system call filter of its container', async () => {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sleep', '60'],
    HostConfig: { NetworkMode: 'none' },
  });
  await container.start();
  const exec = await container.exec({
    Cmd: ['grep', 'Seccomp:', '/proc/self/status'],
    AttachStdout: true,
    Privileged: true,
    Tty: true,
  });
  const chunks: Buffer[] = [];
  for await (const chunk of await exec.start({ Tty: true })) chunks.push(Buffer.from(chunk as Uint8Array));
  assert.match(Buffer.concat(chunks).toString(), /Seccomp:\s+2/);
});
