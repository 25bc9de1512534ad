import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureImages, images as imageFolder } from '../.setup/images.mjs';
import { parseFlags } from './config/flags.ts';
import { loadConfig } from './config/load.ts';
import type { Container } from './containers/container.ts';
import type { CreateBody } from './containers/service.ts';
import { createEngine, type Engine } from './engine.ts';
import { isKind } from './errors.ts';
import { setLogLevel } from './log.ts';

// Whole runs of containers through the services, with the native parts and without HTTP. Needs root.

const root = mkdtempSync('/tmp/berth-engine-');
let engine: Engine;

before(async () => {
  setLogLevel('fatal');
  await ensureImages(['busybox']);
  for (const name of ['data', 'exec']) mkdirSync(join(root, name));
  engine = await startEngine();
  const signal = new AbortController().signal;
  await engine.images.load(createReadStream(join(imageFolder, 'busybox.tar')), {
    signal,
    quiet: true,
    progress: () => {},
  });
});

after(async () => {
  for (const { id } of engine.containers.all())
    await engine.containers.remove(id, { force: true, volumes: true, link: false });
  await engine[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

function startEngine(): Promise<Engine> {
  const flags = ['--data-root', join(root, 'data'), '--exec-root', join(root, 'exec'), '--bridge', 'none'];
  return createEngine(loadConfig(parseFlags(flags)));
}

/** Another daemon on the same folders, after what `meanwhile` does while there is none. */
async function restartEngine(meanwhile: () => Promise<unknown> = async () => {}): Promise<void> {
  await engine[Symbol.asyncDispose]();
  await meanwhile();
  engine = await startEngine();
}

async function create(
  Cmd: string[],
  HostConfig: NonNullable<CreateBody['HostConfig']> = {},
): Promise<Container> {
  const body = { Image: 'busybox', Cmd, HostConfig: { NetworkMode: 'none', ...HostConfig } };
  const { id } = await engine.containers.create({ name: undefined, platform: undefined, body });
  return engine.containers.get(id);
}

async function run(
  Cmd: string[],
  HostConfig: NonNullable<CreateBody['HostConfig']> = {},
): Promise<Container> {
  const container = await create(Cmd, HostConfig);
  await engine.containers.start(container.id);
  return container;
}

/** Runs to the end and returns the exit code. */
async function exitOf(
  Cmd: string[],
  HostConfig: NonNullable<CreateBody['HostConfig']> = {},
): Promise<number> {
  const container = await create(Cmd, HostConfig);
  const exited = once(container, 'exited');
  await engine.containers.start(container.id);
  await exited;
  return container.state.exitCode;
}

const kill9 = (container: Container): void => void process.kill(container.state.pid, 'SIGKILL');

/** No trace of runs below the exec root, once shims have had their time to clean up. */
async function noRunsLeft(): Promise<void> {
  const live = engine.containers.all().filter(({ running }) => running).length;
  const count = (folder: string): number => readdirSync(join(root, 'exec', folder)).length;
  const deadline = Date.now() + 10_000;
  while ((count('containers') !== live || count('shims') !== live) && Date.now() < deadline) await delay(10);
  assert.deepEqual([count('containers'), count('shims')], [live, live]);
}

test('exit codes are the process’s own, or 128 and the signal', async () => {
  assert.equal(await exitOf(['true']), 0);
  assert.equal(await exitOf(['sh', '-c', 'exit 7']), 7);
  assert.equal(await exitOf(['sh', '-c', 'sleep 60 & kill -9 $!; wait $!']), 137);
});

test('a start that fails leaves an exit code and words, and nothing of the run', async () => {
  const container = await create(['/does/not/exist']);
  await assert.rejects(engine.containers.start(container.id), (error) => isKind(error, 'invalid-argument'));
  assert.equal(container.state.status, 'created');
  assert.equal(container.state.exitCode, 127);
  assert.match(
    container.state.error,
    /exec: "\/does\/not\/exist": stat \/does\/not\/exist: no such file or directory$/,
  );
  await noRunsLeft();
});

test('stop asks first and kills when the time is over', async () => {
  const polite = await run(['sh', '-c', 'trap "exit 3" TERM; echo ready; while :; do sleep 0.05; done']);
  const log = join(root, 'data', 'containers', polite.id, `${polite.id}-json.log`);
  const deadline = Date.now() + 10_000;
  while (!readFileSync(log, 'utf8').includes('ready') && Date.now() < deadline) await delay(10);
  await engine.containers.stop(polite.id, { timeoutSeconds: 5 });
  assert.equal(polite.state.exitCode, 3);
  const deaf = await run(['sh', '-c', 'trap "" TERM; while :; do sleep 0.05; done']);
  await engine.containers.stop(deaf.id, { timeoutSeconds: 0 });
  assert.equal(deaf.state.exitCode, 137);
  await assert.rejects(engine.containers.stop(deaf.id, {}), (error) => isKind(error, 'not-modified'));
});

test('a paused container can be stopped, and killed', async () => {
  for (const end of ['stop', 'kill'] as const) {
    const container = await run(['sleep', '60']);
    await engine.containers.pause(container.id);
    assert.equal(container.state.status, 'paused');
    if (end === 'stop') await engine.containers.stop(container.id, { timeoutSeconds: 1 });
    else await engine.containers.kill(container.id, undefined);
    assert.equal(container.state.status, 'exited');
  }
});

test('starts, kills and removals at once end in one clean state', async () => {
  const container = await create(['sleep', '60']);
  const { containers } = engine;
  const { id } = container;
  await Promise.allSettled([
    containers.start(id),
    containers.start(id),
    containers.kill(id, undefined),
    containers.restart(id, { timeoutSeconds: 0 }),
    containers.stop(id, { timeoutSeconds: 0 }),
    containers.remove(id, { force: true, volumes: true, link: false }),
  ]);
  if (containers.find(id)) await containers.remove(id, { force: true, volumes: true, link: false });
  assert.equal(containers.find(id), undefined);
  assert.ok(!existsSync(join(root, 'data/containers', id)));
  await noRunsLeft();
});

test('a forced removal wins over a restart policy that keeps starting', async () => {
  for (let round = 0; round < 5; round++) {
    const container = await run(['sh', '-c', 'exit 1'], { RestartPolicy: { Name: 'always' } });
    await delay(round * 40);
    await engine.containers.remove(container.id, { force: true, volumes: true, link: false });
    assert.equal(engine.containers.find(container.id), undefined);
  }
  await noRunsLeft();
});

test('a container that removes itself is gone with its volumes', async () => {
  const body = {
    Image: 'busybox',
    Cmd: ['true'],
    Volumes: { '/data': {} },
    HostConfig: { AutoRemove: true, NetworkMode: 'none' },
  };
  const { id } = await engine.containers.create({ name: undefined, platform: undefined, body });
  const container = engine.containers.get(id);
  assert.equal(engine.volumes.list().length, 1);
  const removed = once(container, 'removed');
  await engine.containers.start(id);
  await removed;
  assert.equal(engine.volumes.list().length, 0);
  assert.ok(!existsSync(join(root, 'data/containers', id)));
});

test('a new volume begins with the files of the image, and keeps what is written', async () => {
  assert.equal(
    await exitOf(['sh', '-c', 'test -f /etc/passwd && echo mine > /etc/mine'], { Binds: ['kept:/etc'] }),
    0,
  );
  assert.equal(await exitOf(['grep', '-q', 'mine', '/v/mine'], { Binds: ['kept:/v:ro'] }), 0);
});

test('on-failure runs again as often as allowed', async () => {
  const container = await create(['sh', '-c', 'exit 9'], {
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 },
  });
  const over = new Promise<void>((resolve) => {
    container.on('state', ({ status }) => status === 'exited' && resolve());
  });
  await engine.containers.start(container.id);
  await over;
  assert.deepEqual([container.state.restartCount, container.state.exitCode], [2, 9]);
});

test('a daemon that comes back finds what runs, what ended and with which code', async () => {
  const stays = await run(['sleep', '60']);
  const paused = await run(['sleep', '60']);
  await engine.containers.pause(paused.id);
  const ends = await run(['sh', '-c', 'sleep 0.3; exit 5']);
  const always = await run(['sleep', '60'], { RestartPolicy: { Name: 'always' } });
  const pid = stays.state.pid;
  await restartEngine(async () => {
    kill9(always);
    const exitFile = join(root, 'exec/containers', ends.id, 'exit');
    for (const limit = Date.now() + 10_000; !existsSync(exitFile) && Date.now() < limit;) await delay(20);
  });
  const { containers } = engine;
  assert.deepEqual(
    [containers.get(stays.id).state.status, containers.get(stays.id).state.pid],
    ['running', pid],
  );
  assert.equal(containers.get(paused.id).state.status, 'paused');
  assert.deepEqual(
    [containers.get(ends.id).state.status, containers.get(ends.id).state.exitCode],
    ['exited', 5],
  );
  const again = containers.get(always.id);
  if (!again.running) await once(again, 'started');
  assert.notEqual(again.state.pid, 0);
  await containers.unpause(paused.id);
  await containers.kill(stays.id, undefined);
  assert.equal(containers.get(stays.id).state.exitCode, 137);
});

test('a shim that dies takes its container along, and the end is recorded', async () => {
  const container = await run(['sleep', '60']);
  const { pid } = container.state;
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const shim = Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
  const exited = once(container, 'exited');
  process.kill(shim, 'SIGKILL');
  await exited;
  assert.deepEqual([container.state.status, container.state.exitCode], ['exited', 137]);
  assert.ok(!existsSync(`/proc/${pid}`) || readFileSync(`/proc/${pid}/status`, 'utf8').includes('(zombie)'));
});

test('thirty containers at once each have their own end', async () => {
  const codes = await Promise.all(
    Array.from({ length: 30 }, (_, code) => exitOf(['sh', '-c', `exit ${code}`])),
  );
  assert.deepEqual(
    codes,
    Array.from({ length: 30 }, (_, code) => code),
  );
});
