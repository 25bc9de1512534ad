import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { containerName, docker, dockerOk, ended } from '../support/engine.ts';

async function finished(...args: string[]): Promise<string> {
  const name = containerName('logs');
  await docker(['run', '--name', name, ...args]);
  return name;
}

test('logs shows both streams in their places, as often as asked', async () => {
  const name = await finished('busybox', 'sh', '-c', 'echo one; echo two >&2; echo three');
  for (let again = 0; again < 2; again++) {
    const { stdout, stderr } = await docker(['logs', name]);
    assert.deepEqual({ stdout, stderr }, { stdout: 'one\nthree\n', stderr: 'two\n' });
  }
});

test('logs --tail, --timestamps, --since and --until choose lines', async () => {
  const name = await finished('busybox', 'sh', '-c', 'for i in 1 2 3; do echo line$i; sleep 0.3; done');
  assert.equal(await dockerOk('logs', '--tail', '2', name), 'line2\nline3');
  assert.equal(await dockerOk('logs', '--tail', '0', name), '');
  const stamped = (await dockerOk('logs', '-t', name)).split('\n');
  assert.equal(stamped.length, 3);
  for (const line of stamped) assert.match(line, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line\d$/);
  const second = stamped[1]?.split(' ')[0] as string;
  assert.equal(await dockerOk('logs', '--since', second, name), 'line2\nline3');
  assert.equal(await dockerOk('logs', '--until', second, name), 'line1\nline2');
});

test('logs -f ends with the container and misses nothing', async () => {
  const name = containerName('follow');
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'for i in $(seq 1 200); do echo $i; done; sleep 0.5; seq 201 400',
  );
  const { code, stdout } = await ended(spawn('docker', ['logs', '-f', name]));
  assert.equal(code, 0);
  assert.equal(stdout, Array.from({ length: 400 }, (_, i) => `${i + 1}\n`).join(''));
});

test('bytes that are not UTF-8, long lines and lines without an end come back as Docker stores them', async () => {
  const name = await finished(
    'busybox',
    'sh',
    '-c',
    `head -c 40000 /dev/zero | tr '\\0' x; echo; printf '\\377 tail'`,
  );
  const { stdout } = await docker(['logs', name]);
  assert.equal(stdout, `${'x'.repeat(40_000)}\n\ufffd tail`);
});

test('logs of a container with driver none are refused', async () => {
  const name = await finished('--log-driver', 'none', 'busybox', 'echo', 'x');
  const { code, stderr } = await docker(['logs', name]);
  assert.equal(code, 1);
  assert.match(stderr, /configured logging driver does not support reading/);
});

test('rotation keeps the newest files only', async () => {
  const name = await finished(
    '--log-opt',
    'max-size=10k',
    '--log-opt',
    'max-file=3',
    'busybox',
    'sh',
    '-c',
    'seq 1 3000',
  );
  const lines = (await dockerOk('logs', name)).split('\n');
  assert.equal(lines.at(-1), '3000');
  assert.ok(lines.length < 600 && lines.length > 150, `${lines.length} lines are left`);
  lines.forEach((line, index) => assert.equal(Number(line), 3000 - lines.length + 1 + index));
});
