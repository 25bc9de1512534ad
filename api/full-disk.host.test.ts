import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { removeContainers, startEngine, type TestEngine } from './engine.testing.ts';

// What a container does while nothing can be stored is not lost.

const root = mkdtempSync('/tmp/berth-full-');
const data = join(root, 'data');
const filling = join(data, 'filling');
let engine: TestEngine;

before(async () => {
  mkdirSync(data);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m,mode=710', 'berth-test', data]);
  engine = await startEngine({ root });
});
after(async () => {
  rmSync(filling, { force: true });
  await removeContainers(engine.docker);
  await engine.daemon.kill('SIGTERM');
  execFileSync('umount', ['-R', data]);
  await engine.daemon.stop();
});

function fill(): void {
  const file = openSync(filling, 'w');
  try {
    for (const block = Buffer.alloc(4096); writeSync(file, block) > 0; );
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
  } finally {
    closeSync(file);
  }
}

async function started(RestartPolicy: Docker.HostRestartPolicy): Promise<Docker.Container> {
  const container = await engine.docker.createContainer({
    Image: 'busybox',
    Cmd: ['sleep', '600'],
    HostConfig: { NetworkMode: 'none', RestartPolicy },
  });
  await container.start();
  return container;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 30_000; !(await condition()); await delay(50))
    assert.ok(Date.now() < deadline, 'what was waited for did not come');
}

test('an end that cannot be stored is when there is room again, and what follows it follows', async () => {
  const plain = await started({ Name: 'no' });
  const always = await started({ Name: 'always' });
  const pids = await Promise.all([plain, always].map(async (one) => (await one.inspect()).State.Pid));
  fill();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await until(async () => engine.daemon.log().split('could not be recorded').length === 3);
  rmSync(filling);
  await until(async () => (await plain.inspect()).State.Status === 'exited');
  assert.equal((await plain.inspect()).State.ExitCode, 137);
  await until(async () => {
    const { RestartCount, State } = await always.inspect();
    return RestartCount === 1 && State.Status === 'running' && State.Pid !== pids[1];
  });
  await plain.remove();
});

test('a container with a restart policy can be killed on a full disk', async () => {
  const container = await started({ Name: 'always' });
  fill();
  const killed = container.kill();
  await until(async () => engine.daemon.log().includes(`"container":"${container.id}","error":"database`));
  rmSync(filling);
  await killed;
  await until(async () => (await container.inspect()).State.Status === 'exited');
});
