import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import request from 'supertest';
import { containerName, docker, dockerOk, dockerode, eventually, socketPath } from '../support/engine.ts';
import { followEvents } from '../support/events.ts';

// Checkpoints are an experiment: an engine that was not started with it refuses them, which is tested as well.

const engine = request(`http+unix://${encodeURIComponent(socketPath)}`);
const { ExperimentalBuild: experimental } = (await dockerode.info()) as { ExperimentalBuild: boolean };
const skip = experimental ? false : 'the engine was not started with --experimental';

// Docker Engine 28.5.2 cannot start a container from a checkpoint unless it has the network of the host.
const counter = `trap 'echo bye; exit 7' TERM; i=0; while :; do i=$((i+1)); echo $i; sleep 0.05; done`;
async function run(...options: string[]): Promise<string> {
  const name = containerName('checkpoint');
  await dockerOk(
    'run',
    '-d',
    '--network',
    'host',
    '--name',
    name,
    ...options,
    'busybox',
    'sh',
    '-c',
    counter,
  );
  await eventually(async () => (await lines(name)) > 3);
  return name;
}

const lines = async (name: string): Promise<number> => (await dockerOk('logs', name)).split('\n').length;
const status = (name: string): Promise<string> =>
  dockerOk('inspect', '--format', '{{.State.Status}} {{.State.ExitCode}}', name);

test('an engine without the experiment says so', { skip: experimental && 'the engine has it' }, async () => {
  const message =
    'This experimental feature is disabled by default. Start the Docker daemon in experimental mode in order to enable it.';
  for (const answer of [
    await engine.get('/containers/none/checkpoints'),
    await engine.post('/containers/none/checkpoints').send({ CheckpointID: 'one' }),
    await engine.delete('/containers/none/checkpoints/one'),
  ]) {
    assert.equal(answer.status, 501);
    assert.deepEqual(answer.body, { message });
    assert.equal(answer.headers['docker-experimental'], 'false');
  }
  const start = await engine.post('/containers/none/start?checkpoint=one');
  assert.equal(start.status, 400);
  assert.deepEqual(start.body, { message: 'checkpoint is only supported in experimental mode' });
  const { code, stderr } = await docker(['checkpoint', 'ls', 'none']);
  assert.equal(code, 1);
  assert.match(stderr, /experimental/);
});

test('a container started from a checkpoint goes on where it was', { skip }, async () => {
  const name = await run();
  assert.equal(await dockerOk('checkpoint', 'create', name, 'first'), 'first');
  await eventually(async () => (await status(name)) === 'exited 137');
  const before = await lines(name);
  assert.equal(await dockerOk('checkpoint', 'ls', name), 'CHECKPOINT NAME\nfirst');
  // Docker's engine keeps a copy of what it has written, and trips over it while that is there.
  await eventually(async () => (await docker(['start', '--checkpoint', 'first', name])).code === 0, 30_000);
  await eventually(async () => (await lines(name)) > before + 5);
  const numbers = (await dockerOk('logs', name)).split('\n').map(Number);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => index + 1),
  );
  assert.equal(await dockerOk('exec', name, 'echo', 'alive'), 'alive');
  await dockerOk('stop', name);
  assert.equal(await status(name), 'exited 7');
  await dockerOk('checkpoint', 'rm', name, 'first');
  assert.equal(await dockerOk('checkpoint', 'ls', name), 'CHECKPOINT NAME');
});

test('with --leave-running it runs on; one that is paused stays so', { skip }, async () => {
  const name = await run();
  const events = await followEvents(name);
  await dockerOk('checkpoint', 'create', '--leave-running', name, 'first');
  await events.until(({ Action }) => Action === 'checkpoint');
  assert.deepEqual(
    events.seen.map(({ Action }) => Action),
    ['pause', 'unpause', 'checkpoint'],
  );
  events.close();
  const now = await lines(name);
  await eventually(async () => (await lines(name)) > now + 2);
  await dockerOk('pause', name);
  await dockerOk('checkpoint', 'create', '--leave-running', name, 'second');
  assert.equal(await status(name), 'paused 0');
  await dockerOk('unpause', name);
  assert.equal(await dockerOk('checkpoint', 'ls', name), 'CHECKPOINT NAME\nfirst\nsecond');
});

test('a restart policy runs on what has ended with its checkpoint', { skip }, async () => {
  const name = await run('--restart', 'always');
  await dockerOk('checkpoint', 'create', name, 'first');
  await eventually(async () => (await dockerOk('inspect', '--format', '{{.RestartCount}}', name)) === '1');
});

test('what cannot be is refused', { skip }, async () => {
  const name = await run();
  const id = await dockerOk('inspect', '--format', '{{.Id}}', name);
  const create = (body: object, container = name): request.Test =>
    engine.post(`/containers/${container}/checkpoints`).send(body);
  const refused = async (test: request.Test, code: number, message: string): Promise<void> => {
    const answer = await test;
    assert.deepEqual([answer.status, answer.body], [code, { message }]);
  };
  for (const bad of ['', 'x', '../x', 'a/b', '.hidden'])
    await refused(
      create({ CheckpointID: bad }),
      500,
      `Invalid checkpoint ID (${bad}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    );
  await refused(
    engine.post(`/containers/${name}/checkpoints`),
    500,
    'Invalid checkpoint ID (), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed',
  );
  await dockerOk('checkpoint', 'create', '--leave-running', name, 'first');
  await refused(
    create({ CheckpointID: 'first' }),
    500,
    `cannot checkpoint container ${name}: checkpoint with name first already exists for container ${name}`,
  );
  const missing = `checkpoint none does not exist for container`;
  await refused(engine.delete(`/containers/${name}/checkpoints/none`), 500, `${missing} ${name}`);
  await refused(
    engine.get(`/containers/${name}/checkpoints?dir=/nonexistent`),
    500,
    `checkpoint  does not exist for container ${name}`,
  );
  for (const answer of [
    create({ CheckpointID: 'first' }, 'nobody'),
    engine.get('/containers/nobody/checkpoints'),
  ])
    await refused(answer, 404, 'No such container: nobody');
  assert.equal((await engine.post(`/containers/${name}/start?checkpoint=none`)).status, 304);
  await dockerOk('kill', name);
  await refused(create({ CheckpointID: 'later' }), 409, `container ${id} is not running`);
  await refused(engine.post(`/containers/${name}/start?checkpoint=none`), 500, `${missing} /${name}`);
  const { State } = await dockerode.getContainer(name).inspect();
  assert.deepEqual([State.Status, State.ExitCode, State.Error], ['exited', 137, `${missing} /${name}`]);
  await refused(
    engine.post(`/containers/${name}/start?checkpoint=first&checkpoint-dir=/tmp`),
    403,
    'custom checkpointdir is not supported',
  );
});

test('a checkpoint can be written elsewhere', { skip }, async (t) => {
  const name = await run();
  const directory = mkdtempSync(join(tmpdir(), 'berth-checkpoint-dir-'));
  after(() => rmSync(directory, { recursive: true, force: true }));
  await dockerOk('checkpoint', 'create', '--leave-running', '--checkpoint-dir', directory, name, 'away');
  assert.equal(await dockerOk('checkpoint', 'ls', name), 'CHECKPOINT NAME');
  assert.equal(
    await dockerOk('checkpoint', 'ls', '--checkpoint-dir', directory, name),
    'CHECKPOINT NAME\naway',
  );
  // The engine may see another /tmp than this process does.
  if (readdirSync(directory).length === 0) t.diagnostic('the engine has files of its own');
  await dockerOk('checkpoint', 'rm', '--checkpoint-dir', directory, name, 'away');
  assert.equal(await dockerOk('checkpoint', 'ls', '--checkpoint-dir', directory, name), 'CHECKPOINT NAME');
});
