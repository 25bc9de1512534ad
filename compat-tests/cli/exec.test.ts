import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';
import { terminal } from '../support/terminal.ts';

const name = containerName('exec');
before(() => dockerOk('run', '-d', '--name', name, '-e', 'FROM=config', 'busybox', 'sleep', '600'));

test('exec gives output on its own streams and the exit code', async () => {
  const { code, stdout, stderr } = await docker(['exec', name, 'sh', '-c', 'echo out; echo err >&2; exit 7']);
  assert.deepEqual({ code, stdout, stderr }, { code: 7, stdout: 'out\n', stderr: 'err\n' });
});

test('exec -i passes stdin on and ends with it', async () => {
  const input = 'abc\n'.repeat(50_000);
  const { code, stdout } = await docker(['exec', '-i', name, 'cat'], { input });
  assert.equal(code, 0);
  assert.equal(stdout.length, input.length);
});

test('exec -it gives a terminal of our size', async () => {
  const shell = terminal('exec', '-it', '-e', 'PS1=ready> ', name, 'sh');
  await shell.shows(/ready> /);
  shell.type('stty size\n');
  await shell.shows(/30 100/);
  shell.type('exit 11\n');
  assert.equal(await shell.exited, 11);
});

test('exec takes user, folder and environment, on top of the container’s own', async () => {
  const shown = await dockerOk(
    'exec',
    '-u',
    'operator',
    '-w',
    '/etc',
    '-e',
    'X=1',
    name,
    'sh',
    '-c',
    'id -un; pwd; echo $X $FROM',
  );
  assert.equal(shown, 'operator\n/etc\n1 config');
});

test('exec -d returns at once and the command runs', async () => {
  await dockerOk('exec', '-d', name, 'sh', '-c', 'echo done > /detached');
  await eventually(async () => (await docker(['exec', name, 'cat', '/detached'])).stdout === 'done\n');
});

test('exec of what is not there fails with 127, of what is not executable with 126', async () => {
  const missing = await docker(['exec', name, 'nosuch']);
  assert.equal(missing.code, 127);
  assert.match(missing.stdout + missing.stderr, /exec: "nosuch": executable file not found in \$PATH/);
  const plain = await docker(['exec', name, '/etc/passwd']);
  assert.equal(plain.code, 126);
});

test('exec in a container that does not run is refused', async () => {
  const stopped = containerName();
  await dockerOk('create', '--name', stopped, 'busybox');
  const { code, stderr } = await docker(['exec', stopped, 'true']);
  assert.equal(code, 1);
  assert.match(stderr, /container [0-9a-f]+ is not running/);
});

test('many execs at once each get their own output', async () => {
  const results = await Promise.all(
    Array.from({ length: 16 }, (_, i) => dockerOk('exec', name, 'echo', `number ${i}`)),
  );
  assert.deepEqual(
    results,
    Array.from({ length: 16 }, (_, i) => `number ${i}`),
  );
});

test('a privileged exec has all capabilities, an ordinary one the container’s', async () => {
  const plain = await dockerOk('exec', name, 'sh', '-c', 'grep CapEff /proc/self/status');
  assert.match(plain, /00000000a80425fb/);
  const privileged = await dockerOk(
    'exec',
    '--privileged',
    name,
    'sh',
    '-c',
    'grep CapEff /proc/self/status',
  );
  assert.match(privileged, /CapEff:\t000001ff[0-9a-f]{8}$/);
});
