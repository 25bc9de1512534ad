import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { containerName, dockerOk, dockerode, engineName, eventually, socketPath } from '../support/engine.ts';

// A real systemd-journald. Where the machine has none running, one of the test's own: with /run and /var/log of its own, but for
// the directory of its sockets, which is where the engine looks for them.

const program = '/lib/systemd/systemd-journald';
const engineRun = engineName === 'reference' ? dirname(socketPath) : '/run';
const sockets = join(engineRun, 'systemd/journal');
const socket = join(sockets, 'socket');
const own = !existsSync(socket);
const skip =
  (own && (process.getuid?.() !== 0 || !existsSync(program))) || !existsSync('/usr/bin/journalctl')
    ? 'needs systemd-journald and journalctl, and root to start one'
    : false;

const setUp = `set -e
mount --make-rprivate /
mount -t tmpfs none /mnt
mkdir /mnt/sockets /mnt/log
mount --bind "$1" /mnt/sockets
mount --bind "$2" /mnt/log
mount -t tmpfs none /run
mkdir -p /run/systemd/journal /run/log
mount --bind /mnt/sockets /run/systemd/journal
mount --bind /mnt/log /run/log
mkdir /run/log/journal
mount -t tmpfs none /var/log
# Whoever comes through "ip netns exec" has a /sys without them.
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup
exec ${program}`;

let directory = '';
let journald: ReturnType<typeof spawn> | undefined;
let ended: Promise<unknown> | undefined;

before(async () => {
  if (skip || !own) return;
  directory = mkdtempSync('/tmp/berth-journal-');
  mkdirSync(sockets, { recursive: true });
  journald = spawn('unshare', ['-m', 'sh', '-c', setUp, 'sh', sockets, directory], { stdio: 'inherit' });
  ended = once(journald, 'exit');
  await eventually(() => existsSync(socket) && existsSync(join(directory, 'journal')), 10_000);
});

after(async () => {
  if (!journald) return;
  journald.kill('SIGTERM');
  await ended;
  rmSync(sockets, { recursive: true });
  rmSync(directory, { recursive: true });
});

type Entry = Record<string, string | number[]>;

/** What the journal has of a container, without the journal's own fields. */
async function entries(name: string): Promise<Entry[]> {
  const where = own ? ['-D', join(directory, 'journal')] : [];
  const args = [...where, '--no-pager', '-a', '-o', 'json', `CONTAINER_NAME=${name}`];
  const { stdout } = await promisify(execFile)('journalctl', args, { maxBuffer: 1 << 26 });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const fields = Object.entries(JSON.parse(line) as Entry).filter(([key]) => !key.startsWith('_'));
      return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
    });
}

async function run(
  script: string,
  lines: number,
  ...flags: string[]
): Promise<{ id: string; journal: Entry[] }> {
  const name = containerName('journald');
  const args = ['run', '-d', '--name', name, '--net', 'none', '--log-driver', 'journald', ...flags];
  await dockerOk(...args, 'busybox', 'sh', '-c', script);
  await dockerOk('wait', name);
  let journal: Entry[] = [];
  await eventually(async () => {
    journal = await entries(name);
    return journal.length >= lines;
  }, 10_000);
  return { id: (await dockerode.getContainer(name).inspect()).Id, journal };
}

test('journald: an entry has the fields of its container, and nothing else', { skip }, async () => {
  const flags = ['--label', 'lab=x', '--label', 'la.b=2', '-e', 'FOO=bar', '-e', '_EN=q'];
  const options = ['labels=lab,la.b', 'env=FOO,_EN', 'tag={{.Name}}/{{.ID}}'].flatMap((o) => [
    '--log-opt',
    o,
  ]);
  const script = 'echo one; sleep 0.2; echo err >&2; sleep 0.2; echo';
  const { id, journal } = await run(script, 3, ...flags, ...options);
  const name = (await dockerode.getContainer(id).inspect()).Name.slice(1);
  const epoch = journal[0]?.CONTAINER_LOG_EPOCH;
  assert.match(String(epoch), /^[0-9a-f]{64}$/);
  const expected = (ordinal: number, MESSAGE: string, PRIORITY: string): Entry => ({
    CONTAINER_ID: id.slice(0, 12),
    CONTAINER_ID_FULL: id,
    CONTAINER_LOG_EPOCH: String(epoch),
    CONTAINER_LOG_ORDINAL: String(ordinal),
    CONTAINER_NAME: name,
    CONTAINER_TAG: `${name}/${id.slice(0, 12)}`,
    EN: 'q',
    FOO: 'bar',
    IMAGE_NAME: 'busybox',
    LAB: 'x',
    LA_B: '2',
    MESSAGE,
    PRIORITY,
    SYSLOG_IDENTIFIER: `${name}/${id.slice(0, 12)}`,
    SYSLOG_TIMESTAMP: String(journal[ordinal - 1]?.SYSLOG_TIMESTAMP),
  });
  assert.deepEqual(journal, [expected(1, 'one', '6'), expected(2, 'err', '3'), expected(3, '', '6')]);
  for (const { SYSLOG_TIMESTAMP } of journal)
    assert.match(String(SYSLOG_TIMESTAMP), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
});

test('journald: pieces of a long line belong together, and bytes are kept', { skip }, async () => {
  const long = 'head -c 300000 /dev/zero | tr "\\0" x; echo';
  const pieces = Math.ceil(300_000 / 16384);
  const script = `${long}; sleep 0.2; printf 'a\\000b\\n\\377\\n'; printf end`;
  const { id, journal } = await run(script, pieces + 3);
  assert.equal(journal.length, pieces + 3);
  const partial = journal.slice(0, pieces);
  assert.equal(partial.map(({ MESSAGE }) => MESSAGE).join('').length, 300_000);
  assert.deepEqual(
    partial.map((entry) => [entry.CONTAINER_PARTIAL_ORDINAL, entry.CONTAINER_PARTIAL_LAST]),
    partial.map((_, i) => [String(i + 1), String(i === pieces - 1)]),
  );
  assert.deepEqual(
    partial.map((entry) => entry.CONTAINER_PARTIAL_MESSAGE),
    partial.map((_, i) => (i === pieces - 1 ? undefined : 'true')),
  );
  assert.equal(new Set(partial.map((entry) => entry.CONTAINER_PARTIAL_ID)).size, 1);
  assert.equal(new Set(partial.map((entry) => entry.SYSLOG_TIMESTAMP)).size, 1);
  const [binary, high, end] = journal.slice(pieces);
  assert.deepEqual(binary?.MESSAGE, [97, 0, 98]);
  assert.deepEqual(high?.MESSAGE, [255]);
  assert.equal(end?.MESSAGE, 'end');
  // A line without an end is a piece whose end is to come.
  assert.equal(end?.CONTAINER_PARTIAL_LAST, 'false');
  assert.equal(end?.SYSLOG_IDENTIFIER, id.slice(0, 12));
});
