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

test('diff shows what was made, changed and removed, and nothing that the engine made', async () => {
  const name = containerName();
  await dockerOk('create', '--network', 'none', '--name', name, 'busybox', 'true');
  assert.equal(await dockerOk('diff', name), '');
  await dockerOk('rm', name);
  const script = [
    'mkdir -p /new/deep && echo x > /new/deep/f && ln -s f /new/link',
    'rm /bin/arch && echo "#" >> /etc/passwd && chmod 700 /usr/bin',
    'rm -rf /var && mkdir /var && touch /var/kept',
    'touch /etc/passing && rm /etc/passing',
  ].join(' && ');
  await dockerOk('run', '--network', 'none', '--name', name, 'busybox', 'sh', '-c', script);
  const lines = (await dockerOk('diff', name)).split('\n');
  assert.deepEqual(
    lines.sort(),
    [
      'A /new',
      'A /new/deep',
      'A /new/deep/f',
      'A /new/link',
      'A /var/kept',
      'C /bin',
      'C /etc',
      'C /etc/passwd',
      'C /usr',
      'C /usr/bin',
      'C /var',
      'D /bin/arch',
      'D /var/spool',
      'D /var/www',
    ].sort(),
  );
});
