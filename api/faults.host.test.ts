import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine } from './engine.testing.ts';

// kill -9 of the daemon, its executor or a shim at each step of a container's life: the next daemon makes it good.

let daemon: TestDaemon;
let docker: Docker;
let clean: string[];

before(async () => {
  ({ daemon, docker } = await startEngine());
  // What is made once and stays: the first run makes it.
  const first = await create();
  await first.start();
  await first.remove({ force: true, v: true });
  clean = await settled();
});
after(() => daemon.stop());

/** Ends the daemon that is and starts the next on the same folders. */
async function nextDaemon(env: Record<string, string> = {}): Promise<void> {
  if (alive(daemon.pid)) await daemon.kill('SIGKILL');
  ({ daemon, docker } = await nextEngine(daemon, env));
}

/** With a network, a port and an anonymous volume: everything that can be left behind. */
function create(Cmd = ['sleep', '600']): Promise<Docker.Container> {
  return docker.createContainer({
    Image: 'busybox',
    Cmd,
    StopSignal: 'SIGKILL',
    Volumes: { '/data': {} },
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
  });
}

const lines = (command: string, ...args: string[]): string[] =>
  spawnSync(command, args, { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

function files(...path: string[]): string[] {
  try {
    return readdirSync(join(daemon.root, ...path)).map((name) => `${path.join('/')}/${name}`);
  } catch {
    return [];
  }
}

/** Everything of this Berth on the machine that a container could have left. */
function inventory(): string[] {
  const { root, bridge } = daemon;
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(root))
    .map((line) => `mount ${line.split(' ')[4]}`);
  const shims = readdirSync('/proc').filter((pid) => {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return /berth-shim/.test(command) && known.some((id) => command.includes(id));
    } catch {
      return false;
    }
  });
  const veths = lines('ip', '-o', 'link', 'show', 'master', bridge).map((_, i) => `port ${i} of the bridge`);
  const elements = lines('nft', 'list', 'table', 'inet', `berth_${bridge}`)
    .filter((line) => /elements|dnat|172\.|127\.0\.0\.1/.test(line))
    .map((line) => line.replaceAll(/counter packets \d+ bytes \d+/g, '').trim());
  const cgroups = lines('find', '/sys/fs/cgroup', '-type', 'd').filter((path) =>
    known.some((id) => path.includes(id)),
  );
  return [
    ...mounts,
    ...shims.map((pid) => `shim ${pid}`),
    ...veths,
    ...elements,
    ...cgroups,
    ...files('data', 'containers'),
    ...files('data', 'snapshots'),
    ...files('data', 'trash'),
    ...files('data', 'volumes').filter((path) => !/metadata/.test(path)),
    ...files('exec', 'containers'),
    ...files('exec', 'bundles'),
    ...files('exec', 'shims'),
  ].sort();
}

/** Ids of all containers of these tests. */
const known: string[] = [];

async function settled(): Promise<string[]> {
  let last = '';
  for (let i = 0; i < 100; i++) {
    const now = inventory();
    if (JSON.stringify(now) === last) return now;
    last = JSON.stringify(now);
    await delay(100);
  }
  return inventory();
}

async function nothingLeft(): Promise<void> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const now = inventory();
    const left = now.filter((line) => !clean.includes(line));
    const lost = clean.filter((line) => !now.includes(line) && !line.startsWith('port'));
    if (left.length === 0 && lost.length === 0) return;
    if (Date.now() > deadline) assert.deepEqual({ left, lost }, { left: [], lost: [] });
    await delay(50);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** What remains is consistent, works, and can be removed without a trace. */
async function examine(): Promise<void> {
  for (const { Id } of await docker.listContainers({ all: true })) {
    known.push(Id);
    const container = docker.getContainer(Id);
    const { State } = await container.inspect();
    assert.equal(State.Running, State.Pid !== 0 && alive(State.Pid), JSON.stringify(State));
    if (!State.Running) await container.start();
    assert.ok(alive((await container.inspect()).State.Pid));
    const exec = await container.exec({ Cmd: ['true'], AttachStdout: true });
    const stream = await exec.start({});
    stream.resume();
    await new Promise((resolve) => stream.once('end', resolve));
    assert.equal((await exec.inspect()).ExitCode, 0);
    await container.remove({ force: true, v: true });
  }
  assert.deepEqual(await docker.listContainers({ all: true }), []);
  const { Volumes } = await docker.listVolumes();
  // A volume that no row names any more is the user's to prune, as after a crash of Docker's.
  await Promise.all((Volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove()));
  await nothingLeft();
}

/** A whole life; stops at the first call that fails. */
async function life(): Promise<void> {
  const container = await create();
  known.push(container.id);
  await container.start();
  await container.stop();
  await container.remove({ v: true });
}

const steps = [
  'create:snapshot',
  'create:volumes',
  'create:stored',
  'start:network',
  'start:asked',
  'start:prepared',
  'start:released',
  'start:stored',
  'stop:signalled',
  'end:released',
  'end:stored',
  'remove:volumes',
  'remove:deleted',
  'remove:cleaned',
];

for (const step of steps)
  test(`the daemon killed at ${step}`, { timeout: 60_000 }, async () => {
    await nextDaemon({ BERTH_FAULT: `${step}=daemon` });
    await assert.rejects(life());
    await daemon.exited;
    await nextDaemon();
    await examine();
  });

for (const step of [
  'create:snapshot',
  'start:network',
  'start:asked',
  'start:prepared',
  'end:stored',
  'remove:volumes',
])
  test(`the executor killed at ${step}: nobody notices, or is told`, { timeout: 60_000 }, async () => {
    await nextDaemon({ BERTH_FAULT: `${step}=executor` });
    await life().catch((error: { statusCode?: number }) => {
      assert.ok((error.statusCode ?? 0) >= 500, String(error));
    });
    await examine();
  });

test('the shim killed before init is let go', { timeout: 60_000 }, async () => {
  await nextDaemon({ BERTH_FAULT: 'start:prepared=shim' });
  await life().catch((error: { statusCode?: number }) => {
    assert.ok((error.statusCode ?? 0) >= 500, String(error));
  });
  await examine();
});

test('the daemon killed at any moment', { timeout: 240_000 }, async (context) => {
  const seed = Number(process.env['BERTH_SEED'] ?? Date.now() % 1_000_000);
  context.diagnostic(`seed ${seed}`);
  let state = seed;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (state / 2_147_483_648) * below;
  };
  for (let round = 0; round < 12; round++) {
    await nextDaemon();
    const busy = Promise.allSettled(Array.from({ length: 4 }, () => life()));
    await delay(random(400));
    await daemon.kill('SIGKILL');
    await busy;
    await nextDaemon();
    await examine();
  }
});
