import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { containerName, docker, dockerOk, ended, eventually } from '../support/engine.ts';

const state = (name: string): Promise<string> =>
  dockerOk('inspect', '-f', '{{.State.Status}} {{.State.ExitCode}}', name);

test('create, start, stop, start, kill, wait, rm', async () => {
  const name = containerName();
  await dockerOk(
    'create',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'trap "exit 4" TERM; echo up; while :; do sleep 0.05; done',
  );
  assert.equal(await state(name), 'created 0');
  assert.equal(await dockerOk('start', name), name);
  assert.equal(await state(name), 'running 0');
  await eventually(() => dockerOk('logs', name));
  assert.equal(await dockerOk('stop', name), name);
  assert.equal(await state(name), 'exited 4');
  await dockerOk('start', name);
  const waiting = dockerOk('wait', name);
  await dockerOk('kill', name);
  assert.equal(await waiting, '137');
  assert.equal(await state(name), 'exited 137');
  assert.equal(await dockerOk('rm', name), name);
  const { code, stderr } = await docker(['inspect', '--type', 'container', name]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`[Nn]o such container: ${name}`));
});

test('stop -t kills what does not listen', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'trap "" TERM; while :; do sleep 0.05; done',
  );
  await dockerOk('stop', '-t', '1', name);
  assert.equal(await state(name), 'exited 137');
});

test('restart gives a new process in the same file system', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'echo x >> /count; trap "exit 0" TERM; while :; do sleep 0.05; done',
  );
  const pid = await dockerOk('inspect', '-f', '{{.State.Pid}}', name);
  await eventually(async () => (await docker(['exec', name, 'cat', '/count'])).stdout === 'x\n');
  await dockerOk('restart', name);
  assert.notEqual(await dockerOk('inspect', '-f', '{{.State.Pid}}', name), pid);
  await eventually(async () => (await docker(['exec', name, 'cat', '/count'])).stdout === 'x\nx\n');
});

test('pause stops the clock of a container, unpause lets it go on', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  await dockerOk('pause', name);
  assert.equal(await state(name), 'paused 0');
  const refused = await docker(['exec', name, 'true']);
  assert.match(refused.stderr, /is paused, unpause the container before exec/);
  await dockerOk('unpause', name);
  assert.equal(await state(name), 'running 0');
});

test('rename moves the name, and a name in use is refused', async () => {
  const [one, two, three] = [containerName(), containerName(), containerName()];
  await dockerOk('create', '--name', one, 'busybox');
  await dockerOk('create', '--name', two, 'busybox');
  const { stderr } = await docker(['rename', one, two]);
  assert.match(stderr, new RegExp(`Conflict\\. The container name "/${two}" is already in use by container`));
  await dockerOk('rename', one, three);
  assert.equal(await dockerOk('inspect', '-f', '{{.Name}}', three), `/${three}`);
});

test('a running container is removed by force only', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  const { stderr } = await docker(['rm', name]);
  assert.match(
    stderr,
    /cannot remove container ".*": container is running: stop the container before removing or force remove/,
  );
  await dockerOk('rm', '-f', name);
  assert.equal((await docker(['inspect', name])).code, 1);
});

test('names and ids: short ids work, unknown and ambiguous ones are refused', async () => {
  const name = containerName();
  const id = await dockerOk('create', '--name', name, 'busybox');
  assert.equal(await dockerOk('inspect', '-f', '{{.Name}}', id.slice(0, 12)), `/${name}`);
  const { stderr } = await docker(['start', 'nosuchcontainer']);
  assert.match(stderr, /No such container: nosuchcontainer/);
});

test('a container without a name gets one of two words', async () => {
  const id = await dockerOk('create', 'busybox');
  assert.match(await dockerOk('inspect', '-f', '{{.Name}}', id), /^\/[a-z]+_[a-z]+\d*$/);
  await dockerOk('rm', id);
});

test('start -a shows the output and gives the exit code', async () => {
  const name = containerName();
  await dockerOk('create', '--name', name, 'busybox', 'sh', '-c', 'echo hello; exit 6');
  const { code, stdout } = await docker(['start', '-a', name]);
  assert.deepEqual({ code, stdout }, { code: 6, stdout: 'hello\n' });
});

test('attach to a running container shows what comes from now on', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '-i',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'echo before; while read line; do echo "got $line"; [ "$line" = end ] && exit 2; done',
  );
  const child = spawn('docker', ['attach', name]);
  const result = ended(child, null);
  const answered = Promise.withResolvers<void>();
  child.stdout.once('data', () => answered.resolve());
  // A line typed before the engine has attached is lost, with Docker too: ask until there is an answer.
  await eventually(async () => {
    child.stdin.write('one\n');
    return Promise.race([
      answered.promise.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 200, false)),
    ]);
  });
  child.stdin.write('end\n');
  const { code, stdout } = await result;
  assert.equal(code, 2);
  assert.match(stdout, /^(got one\n)+got end\n$/);
});

test('a restart policy brings a failing container back and counts', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--restart', 'on-failure:2', 'busybox', 'false');
  await eventually(
    async () => (await dockerOk('inspect', '-f', '{{.RestartCount}} {{.State.Status}}', name)) === '2 exited',
    20_000,
  );
});

test('port, ps filters and formats', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    '-l',
    `bt=${name}`,
    '-p',
    '127.0.0.1::80',
    'busybox',
    'sleep',
    '600',
  );
  assert.match(await dockerOk('port', name), /^80\/tcp -> 127\.0\.0\.1:\d+$/);
  assert.equal(await dockerOk('ps', '-a', '--filter', `label=bt=${name}`, '--format', '{{.Names}}'), name);
  assert.equal(
    await dockerOk('ps', '-a', '--filter', `label=bt=${name}`, '--filter', 'status=exited', '-q'),
    '',
  );
});
