import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

/** The CLI's own list of flags is the checklist: each has a test here or in a neighbour. */

async function fails(args: string[], text: RegExp): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.notEqual(code, 0);
  assert.match(stderr, text);
}

const texts = globSync('**/*.test.ts', { cwd: new URL('..', import.meta.url) })
  .map((path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'))
  .join('\n');

for (const command of ['run', 'create', 'update'])
  test(`every flag of docker ${command} is named by a test`, async () => {
    const help = await dockerOk(command, '--help');
    const flags = [...help.matchAll(/^ +(?:-\w, )? *(--[a-z0-9-]+)/gm)].map(([, flag]) => flag as string);
    assert.ok(flags.length > 10);
    const unnamed = flags.filter((flag) => !new RegExp(`${flag}(?![a-z0-9-])`).test(texts));
    assert.deepEqual(unnamed, []);
  });

test('--publish and --publish-all publish ports of the host', async () => {
  const name = containerName();
  const ports = ['--publish', '127.0.0.1::7071/udp', '--publish-all', '--expose', '7070'];
  await dockerOk('run', '-d', '--name', name, ...ports, 'busybox', 'sleep', '600');
  const shown = await dockerOk('port', name);
  assert.match(shown, /^7070\/tcp -> 0\.0\.0\.0:\d+$/m);
  assert.match(shown, /^7071\/udp -> 127\.0\.0\.1:\d+$/m);
});

test('--ip6 and --link-local-ip are refused where the address is none, or the network is not the user’s', async () => {
  await fails(
    ['run', '--rm', '--ip6', 'fd00::5', 'busybox'],
    /user specified IP address is supported on user defined networks only/,
  );
  await fails(
    ['run', '--rm', '--network', 'bridge', '--link-local-ip', 'odd', 'busybox'],
    /invalid link-local IP address: odd/,
  );
});

test('--kernel-memory is taken and changes nothing any more', async () => {
  const name = containerName();
  const { code, stdout } = await docker([
    'run',
    '--name',
    name,
    '--kernel-memory',
    '10m',
    'busybox',
    'echo',
    'ok',
  ]);
  assert.deepEqual([code, stdout], [0, 'ok\n']);
});

test('--cpu-rt-runtime cannot be more than --cpu-rt-period', async () => {
  await fails(
    ['run', '--rm', '--cpu-rt-runtime', '50000', '--cpu-rt-period', '10000', 'busybox'],
    /cpu real-time runtime cannot be higher than cpu real-time period|[Kk]ernel does not support CPU real-time/,
  );
});

test('--blkio-weight-device is kept, or discarded with a warning where the kernel has no such weights', async () => {
  const name = containerName();
  const { code, stderr } = await docker([
    'create',
    '--name',
    name,
    '--blkio-weight-device',
    '/dev/null:500',
    'busybox',
  ]);
  assert.equal(code, 0);
  const kept = await dockerOk('inspect', '-f', '{{json .HostConfig.BlkioWeightDevice}}', name);
  if (stderr === '') assert.equal(kept, '[{"Path":"/dev/null","Weight":500}]');
  else {
    assert.match(stderr, /Weight-device discarded/);
    assert.equal(kept, '[]');
  }
});
