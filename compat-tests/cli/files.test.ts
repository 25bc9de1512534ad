import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

test('top shows the processes of the container and no others', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--network',
    'none',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'sleep 3333 & exec sleep 4444',
  );
  const rows = (await dockerOk('top', name)).split('\n');
  assert.match(rows[0] ?? '', /^UID +PID +PPID +C +STIME +TTY +TIME +CMD$/);
  assert.deepEqual(
    rows
      .slice(1)
      .map((row) => row.slice(row.indexOf('sleep')))
      .sort(),
    ['sleep 3333', 'sleep 4444'],
  );
  const columns = (await dockerOk('top', name, '-o', 'pid,comm')).split('\n');
  assert.match(columns[0] ?? '', /^PID +COMMAND$/);
  assert.equal(columns.length, 3);
  // BSD's f does not go with a list of pids.
  assert.equal((await dockerOk('top', name, 'axf')).split('\n').length, 3);
});

test('top says what ps complains about', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--network', 'none', '--name', name, 'busybox', 'sleep', '1000');
  assert.match((await docker(['top', name, '--nonsense'])).stderr, /ps: error: unknown gnu long option/);
  assert.match((await docker(['top', name, '-o', 'comm'])).stderr, /Couldn't find PID field in ps output/);
  assert.match(
    (await docker(['top', name, '-o', 'ppid=PID'])).stderr,
    /specifying "ppid=PID" is not allowed/,
  );
  await dockerOk('kill', name);
  assert.match((await docker(['top', name])).stderr, /is not running/);
});
