import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine } from './engine.testing.ts';

// Containers written to disk and made again, by a CRIU that works here; and what happens with one that does not.

const flags = ['--experimental'];
const skip =
  spawnSync('criu', ['check']).status === 0 ? false : 'needs a CRIU in PATH whose `criu check` succeeds';

let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  ({ daemon, docker } = await startEngine({ flags }));
});
after(() => stopEngine({ daemon, docker }));

/** Ends the daemon, unless it is dead already, and starts the next on the same folders. */
async function nextDaemon(env: Record<string, string> = {}, dead = false): Promise<void> {
  if (!dead) await daemon.kill('SIGKILL');
  ({ daemon, docker } = await nextEngine(daemon, env, { flags }));
}

/** Requests that dockerode has no method for, or the wrong one. */
interface Checkpoints {
  createCheckpoint(body: object): Promise<unknown>;
  listCheckpoint(): Promise<{ Name: string }[]>;
  start(options: { _query: { checkpoint: string }; _body: object }): Promise<unknown>;
}
const checkpoints = (container: Docker.Container): Checkpoints => container as unknown as Checkpoints;

/** dockerode sends what it is given as a body, which this operation takes none of. */
const goOn = (container: Docker.Container, checkpoint: string): Promise<unknown> =>
  checkpoints(container).start({ _query: { checkpoint }, _body: {} });

const counter = `trap 'echo bye; exit 7' TERM
exec 5>>/mem/file; i=0
while :; do i=$((i+1)); echo $i; echo $i >&5; sleep 0.05; done`;

async function run(options: Partial<Docker.ContainerCreateOptions> = {}): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: 'busybox',
    Cmd: ['sh', '-c', counter],
    ...options,
    HostConfig: { Tmpfs: { '/mem': '' }, ...options.HostConfig },
  });
  await container.start();
  return container;
}

async function lines(container: Docker.Container): Promise<string[]> {
  const log = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  const text: string[] = [];
  // Frames: eight bytes of head, the length in the last four.
  for (let at = 0; at + 8 <= log.length; at += 8 + log.readUInt32BE(at + 4))
    text.push(log.toString('utf8', at + 8, at + 8 + log.readUInt32BE(at + 4)));
  return text.join('').split('\n').filter(Boolean);
}

async function eventually(probe: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`not within 20 s: ${what}`);
    await delay(20);
  }
}

const counted = (container: Docker.Container, more: number): Promise<void> =>
  eventually(async () => (await lines(container)).length >= more, `${more} lines`);

async function exec(container: Docker.Container, ...Cmd: string[]): Promise<string> {
  const made = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true, Tty: true });
  const stream = await made.start({ Tty: true });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(stream, 'end');
  assert.equal((await made.inspect()).ExitCode, 0, text);
  return text.trim();
}

/** Goes on counting, answers, and ends as it was told to when it began. */
async function examine(container: Docker.Container, before: number): Promise<void> {
  await counted(container, before + 5);
  const numbers = (await lines(container)).map(Number);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
    'no line is lost, none is there twice',
  );
  assert.equal(
    await exec(container, 'sh', '-c', 'head -n 1 /mem/file; readlink /proc/1/fd/5'),
    '1\r\n/mem/file',
  );
  const { State } = await container.inspect();
  assert.ok(State.Running && State.Pid > 0);
  await container.stop();
  assert.equal((await container.inspect()).State.ExitCode, 7);
  assert.equal((await lines(container)).at(-1), 'bye');
}

const files = (container: Docker.Container): string[] => {
  try {
    return readdirSync(join(daemon.root, 'data', 'containers', container.id, 'checkpoints'));
  } catch {
    return [];
  }
};

test('a container goes on from its checkpoint where it was', { skip, timeout: 60_000 }, async () => {
  const container = await run({ HostConfig: { Memory: 64 << 20 } });
  await counted(container, 5);
  await checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true });
  const { State } = await container.inspect();
  assert.deepEqual([State.Status, State.ExitCode], ['exited', 137]);
  const before = (await lines(container)).length;
  await goOn(container, 'one');
  await examine(container, before);
  await container.remove();
  assert.deepEqual(files(container), []);
});

test('with Exit false it runs on, and can be gone back to', { skip, timeout: 60_000 }, async () => {
  const container = await run();
  const stream = await docker.getEvents({ filters: { container: [container.id] } });
  let events = '';
  stream.on('data', (chunk: Buffer) => (events += chunk.toString()));
  await counted(container, 5);
  await checkpoints(container).createCheckpoint({ CheckpointID: 'two' });
  await checkpoints(container).createCheckpoint({ CheckpointID: 'one' });
  await assert.rejects(checkpoints(container).createCheckpoint({ CheckpointID: 'one' }), {
    statusCode: 500,
    message: /checkpoint with name one already exists for container/,
  });
  assert.deepEqual(await checkpoints(container).listCheckpoint(), [{ Name: 'one' }, { Name: 'two' }]);
  const now = (await lines(container)).length;
  await counted(container, now + 5);
  await container.kill();
  const end = (await lines(container)).length;
  await goOn(container, 'two');
  await counted(container, end + 5);
  assert.ok(Number((await lines(container))[end]) <= end, 'it counts from where it was');
  await container.kill();
  const actions = events
    .split('\n')
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { Action: string }).Action);
  const begin = actions.indexOf('pause');
  assert.deepEqual(actions.slice(begin, begin + 3), ['pause', 'unpause', 'checkpoint']);
  (stream as unknown as { destroy(): void }).destroy();
  await container.remove();
});

test('one that is paused stays so, and other runs of commands go on', { skip, timeout: 60_000 }, async () => {
  const container = await run();
  const other = await container.exec({ Cmd: ['sleep', '600'] });
  await other.start({ Detach: true });
  await container.pause();
  await checkpoints(container).createCheckpoint({ CheckpointID: 'paused' });
  assert.equal((await container.inspect()).State.Status, 'paused');
  await container.unpause();
  assert.equal((await other.inspect()).Running, true);
  await container.remove({ force: true });
});

test('a terminal is there again', { skip, timeout: 60_000 }, async () => {
  const container = await run({ Cmd: ['sh'], Tty: true, OpenStdin: true });
  await checkpoints(container).createCheckpoint({ CheckpointID: 'tty', Exit: true });
  await goOn(container, 'tty');
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await container.resize({ h: 33, w: 77 });
  stream.write('tty; stty size; exit 9\n');
  await container.wait();
  await eventually(() => /\/dev\/pts\/0\s+33 77/.test(text), text);
  assert.equal((await container.inspect()).State.ExitCode, 9);
  await container.remove();
});

test('networks, volumes and mounts are those of the new run', { skip, timeout: 60_000 }, async () => {
  const network = await docker.createNetwork({ Name: 'checkpoints' });
  const folder = join(daemon.root, 'bound');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), 'bound');
  const container = await run({
    HostConfig: {
      NetworkMode: 'checkpoints',
      Binds: [`${folder}:/var/run/bound:ro`, 'volume:/volume'],
      ReadonlyRootfs: true,
      CgroupnsMode: 'private',
      ExtraHosts: ['peer:1.2.3.4'],
    } as Docker.HostConfig,
  });
  await exec(container, 'sh', '-c', 'echo kept > /volume/file; ! touch /var/run/bound/x /x 2>/dev/null');
  const inside =
    'ls /sys/fs/cgroup; cat /proc/1/cgroup; grep " / \\| /proc\\| /sys" /proc/mounts | sort | sed s/,uuid=on//';
  const before = await exec(container, 'sh', '-c', inside);
  await checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true });
  await goOn(container, 'one');
  assert.equal(await exec(container, 'cat', '/var/run/bound/file', '/volume/file'), 'boundkept');
  await exec(container, 'sh', '-c', '! touch /var/run/bound/x /x 2>/dev/null');
  assert.equal(await exec(container, 'sh', '-c', inside), before);
  assert.match(await exec(container, 'cat', '/etc/hosts'), /1\.2\.3\.4\s+peer/);
  const { NetworkSettings } = await container.inspect();
  const { IPAddress, Gateway } = NetworkSettings.Networks['checkpoints'] ?? assert.fail();
  assert.match(await exec(container, 'ip', 'addr'), new RegExp(IPAddress.replaceAll('.', '\\.')));
  await exec(container, 'ping', '-c', '1', '-W', '2', Gateway);
  await container.remove({ force: true, v: true });
  await docker.getVolume('volume').remove();
  await network.remove();
});

test(
  'a checkpoint that is broken starts nothing, and leaves nothing',
  { skip, timeout: 60_000 },
  async () => {
    const container = await run();
    await checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true });
    const directory = join(daemon.root, 'data', 'containers', container.id, 'checkpoints', 'one');
    for (const name of readdirSync(directory).filter((each) => each.startsWith('core-')))
      rmSync(join(directory, name));
    await assert.rejects(goOn(container, 'one'), {
      statusCode: 500,
      message: /OCI runtime restore failed: criu failed: \w+/,
    });
    const { State } = await container.inspect();
    assert.deepEqual([State.Status, State.ExitCode], ['exited', 128]);
    assert.match(State.Error, /criu failed/);
    assert.ok(!readdirSync(join(daemon.root, 'exec', 'containers')).includes(container.id));
    await container.start();
    await counted(container, 1);
    await container.remove({ force: true });
  },
);

test(
  'what CRIU does not take is told in its words, and the container goes on',
  { skip, timeout: 60_000 },
  async () => {
    const container = await run({
      Cmd: ['sh', '-c', 'nc -l -p 99 -e sleep 600 & sleep 0.2; echo up; nc 127.0.0.1 99 -e sleep 600'],
    });
    await eventually(
      async () => /ESTABLISHED/.test(await exec(container, 'netstat', '-tn')),
      'a connection that is established',
    );
    await assert.rejects(checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true }), {
      statusCode: 500,
      message: /Cannot checkpoint container \w+: criu failed: .*Connected TCP socket/,
    });
    assert.equal((await container.inspect()).State.Status, 'running');
    assert.deepEqual(files(container), []);
    await exec(container, 'true');
    await container.remove({ force: true });
  },
);

test('a kill does not wait until all has been written down', { skip, timeout: 90_000 }, async () => {
  const fill = 'dd if=/dev/urandom of=/dev/shm/file bs=1M count=200 2>/dev/null; echo filled; sleep 600';
  const container = await run({ Cmd: ['sh', '-c', fill], HostConfig: { ShmSize: 256 << 20 } });
  await eventually(async () => (await lines(container)).includes('filled'), 'much to be written');
  const refused = assert.rejects(checkpoints(container).createCheckpoint({ CheckpointID: 'one' }), {
    statusCode: 500,
    message: /the container has been killed/,
  });
  await eventually(async () => (await container.inspect()).State.Paused, 'the pause');
  await container.kill();
  await refused;
  assert.equal((await container.inspect()).State.ExitCode, 137);
  assert.deepEqual(files(container), []);
  await container.remove();
});

test('the daemon killed while a container is written down', { skip, timeout: 60_000 }, async () => {
  await nextDaemon({ BERTH_FAULT: 'checkpoint:asked=daemon' });
  const container = await run();
  await counted(container, 5);
  await assert.rejects(checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true }));
  await daemon.exited;
  await nextDaemon({}, true);
  const again = docker.getContainer(container.id);
  await eventually(async () => !(await again.inspect()).State.Running, 'the end');
  assert.deepEqual(await checkpoints(again).listCheckpoint(), [{ Name: 'one' }]);
  const before = (await lines(again)).length;
  await goOn(again, 'one');
  await examine(again, before);
  await again.remove();
});

test(
  'the daemon killed when a container has been made again, and waits',
  { skip, timeout: 60_000 },
  async () => {
    const { id } = await run();
    await checkpoints(docker.getContainer(id)).createCheckpoint({ CheckpointID: 'one', Exit: true });
    const before = (await lines(docker.getContainer(id))).length;
    await nextDaemon({ BERTH_FAULT: 'start:prepared=daemon' });
    await assert.rejects(goOn(docker.getContainer(id), 'one'));
    await daemon.exited;
    await nextDaemon({}, true);
    const container = docker.getContainer(id);
    assert.equal((await container.inspect()).State.Running, false);
    assert.ok(!readdirSync(join(daemon.root, 'exec', 'containers')).includes(container.id));
    await goOn(container, 'one');
    await examine(container, before);
    await container.remove();
  },
);

/** A PATH with nothing but this as `criu` before what the daemon needs; undefined: none at all. */
function pathWith(t: TestContext, script: string | undefined): string {
  const bin = join(daemon.root, 'bin');
  mkdirSync(bin, { recursive: true });
  t.after(() => rmSync(bin, { recursive: true, force: true }));
  for (const name of ['sh', 'nft', 'ip', 'ps', 'readlink', 'dirname', 'uname']) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (stdout.startsWith('/')) {
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${stdout.trim()} "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
  }
  if (script !== undefined) {
    writeFileSync(join(bin, 'criu'), script);
    chmodSync(join(bin, 'criu'), 0o755);
  }
  return bin;
}

const broken: [string, string | undefined, RegExp][] = [
  [
    'without CRIU',
    undefined,
    /CRIU, which is not installed: exec: "criu": executable file not found in \$PATH/,
  ],
  ['with a CRIU that ends at once', '#!/bin/sh\nexit 1\n', /CRIU ended without an answer/],
  ['with a CRIU that cannot be run', 'no program', /criu: exec format error/],
];

for (const [name, script, message] of broken)
  test(`${name} it is refused, and the container goes on`, { timeout: 60_000 }, async (t) => {
    await nextDaemon({ PATH: pathWith(t, script) });
    const container = await run();
    await counted(container, 2);
    await assert.rejects(checkpoints(container).createCheckpoint({ CheckpointID: 'one', Exit: true }), {
      statusCode: 500,
      message,
    });
    assert.equal((await container.inspect()).State.Status, 'running');
    assert.deepEqual(files(container), []);
    const now = (await lines(container)).length;
    await counted(container, now + 2);
    await exec(container, 'true');
    await container.remove({ force: true });
    await nextDaemon();
  });
