import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine } from './engine.testing.ts';

// What the architecture promises and Docker's engine does not: these run on a Berth of their own.

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine());
});
after(() => stopEngine({ daemon, docker }));

/** Kills the daemon as the kernel would, lets `meanwhile` happen, and starts it on the same folders. */
async function crash(meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  await daemon.kill('SIGKILL');
  await meanwhile();
  ({ daemon, docker } = await nextEngine(daemon));
}

async function run(Cmd: string[], HostConfig: Docker.HostConfig = {}): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd,
    HostConfig: { NetworkMode: 'none', ...HostConfig },
  });
  await container.start();
  return container;
}

const again = ({ id }: Docker.Container): Docker.Container => docker.getContainer(id);

async function eventually(probe: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`not within 15 s: ${what}`);
    await delay(20);
  }
}

async function numbersLogged(container: Docker.Container): Promise<number[]> {
  const raw = (await container.logs({ stdout: true })) as unknown as Buffer;
  const numbers: number[] = [];
  for (let at = 0; at < raw.length;) {
    const size = raw.readUInt32BE(at + 4);
    numbers.push(Number(raw.subarray(at + 8, at + 8 + size).toString()));
    at += 8 + size;
  }
  return numbers;
}

function processes(pattern: RegExp): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return pattern.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        return false;
      }
    });
}

const shimsOf = ({ id }: Docker.Container): number[] => processes(new RegExp(`berth-shim.*${id}`));

function executorOf(parent: number): number | undefined {
  return processes(/berth-executor/).find(
    (pid) => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1] === String(parent),
  );
}

test('a container outlives a killed daemon, with its log, its execs and its exit code', async () => {
  const before = await run([
    'sh',
    '-c',
    'trap "exit 7" TERM; i=0; while :; do echo $i; i=$((i+1)); sleep 0.01; done',
  ]);
  const { State: first } = await before.inspect();
  const log = join(daemon.root, 'data', 'containers', before.id, `${before.id}-json.log`);
  const logged = (): number => readFileSync(log).length;
  await crash(() => {
    const size = logged();
    return eventually(() => logged() > size + 1000, 'lines come');
  });
  const container = again(before);
  const { State: second } = await container.inspect();
  assert.equal(second.Status, 'running');
  assert.equal(second.Pid, first.Pid);
  assert.equal(second.StartedAt, first.StartedAt);
  const exec = await container.exec({ Cmd: ['sh', '-c', 'exit 5'], AttachStdout: true });
  const stream = await exec.start({});
  stream.resume();
  await new Promise((resolve) => stream.once('end', resolve));
  assert.equal((await exec.inspect()).ExitCode, 5);
  await container.stop();
  assert.equal((await container.inspect()).State.ExitCode, 7);
  const numbers = await numbersLogged(container);
  assert.ok(numbers.length > 30);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index),
  );
});

test('a container that ends while no daemon runs is found ended, with its code and its last line', async () => {
  const folder = join(daemon.root, 'shared');
  await mkdir(folder);
  const before = await run(
    ['sh', '-c', 'echo 0; while [ ! -e /shared/stop ]; do sleep 0.02; done; echo 1; exit 9'],
    {
      Binds: [`${folder}:/shared`],
    },
  );
  await crash(async () => {
    await writeFile(join(folder, 'stop'), '');
    await eventually(() => shimsOf(before).length === 0, 'the shim ends');
  });
  const { State: ended } = await again(before).inspect();
  assert.equal(ended.Status, 'exited');
  assert.equal(ended.ExitCode, 9);
  assert.ok(Date.parse(ended.FinishedAt) > Date.parse(ended.StartedAt));
  assert.deepEqual(await numbersLogged(again(before)), [0, 1]);
});

test('a container to be removed at its end is removed by the next daemon', async () => {
  const before = await run(['sleep', '1'], { AutoRemove: true });
  await crash(() => eventually(() => shimsOf(before).length === 0, 'the shim ends'));
  await eventually(
    async () =>
      again(before)
        .inspect()
        .then(
          () => false,
          () => true,
        ),
    'it is gone',
  );
});

test('a restart policy holds over a killed daemon', async () => {
  const before = await run(['sleep', '1'], { RestartPolicy: { Name: 'always' } });
  await crash(() => eventually(() => shimsOf(before).length === 0, 'the shim ends'));
  await eventually(async () => (await again(before).inspect()).State.Running, 'it runs again');
  await again(before).remove({ force: true });
});

test('after a restart of the daemon always runs what was stopped, unless-stopped does not; what ended meanwhile runs', async () => {
  const policy = (Name: string): Docker.HostConfig => ({ RestartPolicy: { Name } });
  const always = await run(['sleep', '600'], policy('always'));
  const stopped = await run(['sleep', '600'], policy('unless-stopped'));
  const ended = await run(['sleep', '1'], policy('unless-stopped'));
  const no = await run(['sleep', '600'], policy('no'));
  await Promise.all([always, stopped, no].map((container) => container.kill()));
  await crash(() => eventually(() => shimsOf(ended).length === 0, 'the shim ends'));
  for (const container of [always, ended])
    await eventually(async () => (await again(container).inspect()).State.Running, 'it runs again');
  assert.equal((await again(always).inspect()).RestartCount, 0);
  for (const container of [stopped, no])
    assert.equal((await again(container).inspect()).State.Status, 'exited');
  for (const container of [always, ended]) await again(container).remove({ force: true });
});

test('a killed executor is replaced, and containers do not notice', async () => {
  const running = await run(['sleep', '600']);
  process.kill(executorOf(daemon.pid) as number, 'SIGKILL');
  const next = await run(['sh', '-c', 'exit 3']);
  assert.equal(((await next.wait()) as { StatusCode: number }).StatusCode, 3);
  assert.equal((await running.inspect()).State.Status, 'running');
  await running.kill();
  assert.equal((await running.inspect()).State.ExitCode, 137);
});

test('a killed shim takes its container along, and that is told', async () => {
  const container = await run(['sleep', '600']);
  const { State } = await container.inspect();
  const [shim] = shimsOf(container);
  const ended = container.wait() as Promise<{ StatusCode: number }>;
  process.kill(shim as number, 'SIGKILL');
  assert.equal((await ended).StatusCode, 137);
  await eventually(() => !processes(/./).includes(State.Pid), 'its process is gone');
  await container.start();
  assert.equal((await container.inspect()).State.Status, 'running');
});

test('a client that does not read holds up neither the container nor another client', async () => {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', 'seq 1 400000; echo end'],
    HostConfig: { NetworkMode: 'none' },
  });
  const slow = await container.attach({ stream: true, stdout: true });
  slow.pause();
  const quick = await container.attach({ stream: true, stdout: true });
  const bytes = async (stream: NodeJS.ReadableStream): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  };
  const shown = bytes(quick);
  await container.start();
  await container.wait();
  assert.match((await shown).subarray(-4).toString(), /end\n/);
  assert.match((await bytes(slow)).subarray(-4).toString(), /end\n/);
});

test('a daemon that ends by signal leaves its containers running', async () => {
  const before = await run(['sleep', '600']);
  await daemon.kill('SIGTERM');
  ({ daemon, docker } = await nextEngine(daemon));
  assert.equal((await again(before).inspect()).State.Status, 'running');
});
