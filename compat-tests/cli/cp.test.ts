import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { containerName, docker, dockerOk, ended } from '../support/engine.ts';

let directory: string;
before(() => {
  directory = mkdtempSync('/dev/shm/compat-cp-');
});
after(() => rmSync(directory, { recursive: true }));

let serial = 0;
/** A new empty directory of the host. */
function fresh(): string {
  const path = join(directory, String(++serial));
  mkdirSync(path);
  return path;
}

/** A container in one of the states that files can be copied in. */
async function containerIn(
  state: 'created' | 'running' | 'paused' | 'exited',
  ...options: string[]
): Promise<string> {
  const name = containerName();
  const common = ['--network', 'none', '--name', name, ...options, 'busybox'];
  if (state === 'created') await dockerOk('create', ...common, 'true');
  else if (state === 'exited') await dockerOk('run', ...common, 'true');
  else await dockerOk('run', '-d', ...common, 'sleep', '1000');
  if (state === 'paused') await dockerOk('pause', name);
  return name;
}

/** What a shell in a container of the same files would say. */
async function inside(name: string, script: string): Promise<string> {
  return dockerOk('exec', name, 'sh', '-c', script);
}

for (const state of ['created', 'running', 'paused', 'exited'] as const)
  test(`a tree goes into a container that is ${state}, and comes back as it was`, async () => {
    const name = await containerIn(state);
    const from = fresh();
    mkdirSync(join(from, 'tree/deep'), { recursive: true });
    writeFileSync(join(from, 'tree/f'), 'file\n', { mode: 0o640 });
    writeFileSync(join(from, 'tree/deep/exe'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(from, `tree/${'long'.repeat(40)}`), '');
    writeFileSync(join(from, 'tree/naïve ☃'), 'é');
    symlinkSync('../f', join(from, 'tree/deep/link'));
    symlinkSync('/nowhere', join(from, 'tree/dangling'));
    utimesSync(join(from, 'tree/f'), 1_000_000_000, 1_000_000_000);
    await dockerOk('cp', join(from, 'tree'), `${name}:/tmp`);
    const to = fresh();
    await dockerOk('cp', `${name}:/tmp/tree`, to);
    const list = readdirSync(join(to, 'tree'), { recursive: true }).sort();
    assert.deepEqual(list, readdirSync(join(from, 'tree'), { recursive: true }).sort());
    assert.equal(readFileSync(join(to, 'tree/f'), 'utf8'), 'file\n');
    assert.equal(lstatSync(join(to, 'tree/f')).mode & 0o7777, 0o640);
    assert.equal(lstatSync(join(to, 'tree/f')).mtimeMs, 1_000_000_000_000);
    assert.equal(readlinkSync(join(to, 'tree/deep/link')), '../f');
    assert.equal(readlinkSync(join(to, 'tree/dangling')), '/nowhere');
    assert.equal(lstatSync(join(to, 'tree/deep/exe')).mode & 0o777, 0o755);
  });

test('what a running container has written is seen, and it sees what is put there', async () => {
  const name = await containerIn('running');
  await inside(name, 'echo before > /tmp/a && cat /tmp/b 2>/dev/null; echo old > /tmp/c');
  const to = fresh();
  await dockerOk('cp', `${name}:/tmp/a`, to);
  assert.equal(readFileSync(join(to, 'a'), 'utf8'), 'before\n');
  writeFileSync(join(to, 'b'), 'put\n');
  writeFileSync(join(to, 'c'), 'new\n');
  // It has looked for b in vain already.
  await dockerOk('cp', join(to, 'b'), `${name}:/tmp/b`);
  await dockerOk('cp', join(to, 'c'), `${name}:/tmp/c`);
  assert.equal(await inside(name, 'cat /tmp/b /tmp/c'), 'put\nnew');
});

test('a file goes by another name, a directory into one that exists or becomes a new one', async () => {
  const name = await containerIn('running');
  const from = fresh();
  writeFileSync(join(from, 'f'), 'f');
  mkdirSync(join(from, 'd'));
  writeFileSync(join(from, 'd/g'), 'g');
  await dockerOk('cp', join(from, 'f'), `${name}:/tmp/renamed`);
  await dockerOk('cp', join(from, 'd'), `${name}:/tmp/new`);
  await dockerOk('cp', join(from, 'd'), `${name}:/tmp/new`);
  await dockerOk('cp', `${join(from, 'd')}/.`, `${name}:/tmp/new/sub/..`);
  assert.equal(
    await inside(name, 'cat /tmp/renamed; cd /tmp/new && find . | sort | tr "\n" " "'),
    'f. ./d ./d/g ./g ',
  );
  await dockerOk('cp', `${name}:/tmp/new`, join(from, 'back'));
  assert.deepEqual(readdirSync(join(from, 'back')).sort(), ['d', 'g']);
  await dockerOk('cp', `${name}:/tmp/new/.`, join(from, 'd'));
  assert.deepEqual(readdirSync(join(from, 'd')).sort(), ['d', 'g']);
});

test('kinds do not replace one another, and what is missing is named', async () => {
  const name = await containerIn('created');
  const from = fresh();
  mkdirSync(join(from, 'etc'));
  writeFileSync(join(from, 'f'), 'f');
  const refusals: [string, string, RegExp][] = [
    [join(from, 'etc'), `${name}:/etc/passwd`, /cannot copy directory/],
    [join(from, 'f'), `${name}:/tmp/none/`, /no such directory/i],
    [join(from, 'f'), `${name}:/none/x`, /Could not find the file \/none in container/],
    [`${name}:/none`, from, /Could not find the file \/none in container/],
    [join(from, 'none'), `${name}:/tmp`, /no such file or directory/],
    [`${name}none:/tmp`, from, /No such container/],
  ];
  for (const [source, target, words] of refusals) {
    const { code, stderr } = await docker(['cp', source, target]);
    assert.notEqual(code, 0, `${source} ${target}`);
    assert.match(stderr, words);
  }
});

test('links: absolute ones stay in the container, the last one counts with -L alone', async () => {
  const name = await containerIn('exited');
  const from = fresh();
  symlinkSync('/etc/passwd', join(from, 'absolute'));
  symlinkSync('/etc', join(from, 'dir'));
  await dockerOk('cp', join(from, 'absolute'), `${name}:/tmp`);
  await dockerOk('cp', join(from, 'dir'), `${name}:/tmp`);
  const to = fresh();
  await dockerOk('cp', `${name}:/tmp/absolute`, to);
  assert.equal(readlinkSync(join(to, 'absolute')), '/etc/passwd');
  await dockerOk('cp', '-L', `${name}:/tmp/absolute`, join(to, 'followed'));
  assert.match(readFileSync(join(to, 'followed'), 'utf8'), /^root:x:0:0:root:/);
  assert.notEqual(readFileSync(join(to, 'followed'), 'utf8'), readFileSync('/etc/passwd', 'utf8'));
  // Through a link that leads to a directory of the container, not of the host.
  writeFileSync(join(to, 'through'), 'x');
  await dockerOk('cp', join(to, 'through'), `${name}:/tmp/dir/through`);
  assert.equal(existsSync('/etc/through'), false);
  await dockerOk('cp', `${name}:/etc/through`, join(to, 'back'));
});

test('volumes and binds are part of the container, whether it has run or not', async () => {
  const bound = fresh();
  writeFileSync(join(bound, 'f'), 'bound');
  mkdirSync(join(bound, 'locked'));
  for (const state of ['created', 'running', 'exited'] as const) {
    const volume = containerName('volume');
    const options = ['-v', `${volume}:/data`, '-v', `${bound}:/bound`, '-v', `${bound}:/ro:ro`];
    const name = await containerIn(state, ...options);
    const to = fresh();
    writeFileSync(join(to, state), state);
    await dockerOk('cp', join(to, state), `${name}:/data/`);
    await dockerOk('cp', join(to, state), `${name}:/bound/`);
    assert.equal(readFileSync(join(bound, state), 'utf8'), state);
    await dockerOk('cp', `${name}:/data`, to);
    assert.equal(readFileSync(join(to, 'data', state), 'utf8'), state);
    await dockerOk('cp', `${name}:/ro/f`, join(to, 'f'));
    assert.equal(readFileSync(join(to, 'f'), 'utf8'), 'bound');
    const { stderr } = await docker(['cp', join(to, state), `${name}:/ro/x`]);
    assert.match(stderr, /mounted volume is marked read-only/);
    // Without the volume in the way, another container sees what went there.
    assert.equal(
      await dockerOk('run', '--rm', '--network', 'none', '-v', `${volume}:/v`, 'busybox', 'ls', '/v'),
      state,
    );
    await dockerOk('rm', '-f', name);
    await dockerOk('volume', 'rm', volume);
  }
});

test('a read-only root refuses, its volumes do not', async () => {
  const name = await containerIn('running', '--read-only', '-v', '/data');
  const from = fresh();
  writeFileSync(join(from, 'f'), 'f');
  const { stderr } = await docker(['cp', join(from, 'f'), `${name}:/tmp/f`]);
  assert.match(stderr, /container rootfs is marked read-only/);
  await dockerOk('cp', join(from, 'f'), `${name}:/data/f`);
  assert.equal(await inside(name, 'cat /data/f'), 'f');
});

test('owners are those of the files with -a', async () => {
  const name = await containerIn('running');
  const from = fresh();
  writeFileSync(join(from, 'own'), 'x');
  chownSync(join(from, 'own'), 1234, 4321);
  await dockerOk('cp', '-a', join(from, 'own'), `${name}:/tmp/archived`);
  assert.equal(await inside(name, 'stat -c %u:%g /tmp/archived'), '1234:4321');
});

test('with -a all belongs to the user of a container that has one', async () => {
  const from = fresh();
  writeFileSync(join(from, 'own'), 'x');
  const name = await containerIn('running', '-u', '33:44');
  await dockerOk('cp', '-a', join(from, 'own'), `${name}:/tmp/own`);
  assert.equal(await inside(name, 'stat -c %u:%g /tmp/own'), '33:44');
  const nobody = await containerIn('created', '-u', 'nosuch');
  assert.match(
    (await docker(['cp', '-a', join(from, 'own'), `${nobody}:/tmp/own`])).stderr,
    /failed to look up user "nosuch" in container: no matching entries in passwd file/,
  );
});

test('- is a tar, either way', async () => {
  const source = await containerIn('running');
  // Another container: while one is copied into, the same may not answer.
  const name = await containerIn('running');
  await inside(source, 'mkdir /tmp/t && echo x > /tmp/t/f && ln /tmp/t/f /tmp/t/hard && mkfifo /tmp/t/fifo');
  const out = spawn('docker', ['cp', `${source}:/tmp/t`, '-']);
  const into = spawn('docker', ['cp', '-', `${name}:/home`]);
  out.stdout.pipe(into.stdin);
  assert.equal((await ended(into, null)).code, 0);
  assert.equal(
    await inside(name, 'cd /home/t && ls && [ f -ef hard ] && [ -p fifo ] && cat f'),
    'f\nfifo\nhard\nx',
  );
  const { code, stderr } = await docker(['cp', '-', `${name}:/home`], { input: 'this is no archive' });
  assert.notEqual(code, 0);
  assert.match(stderr, /unexpected EOF/);
});

test('a file of nine gigabytes has its size, and a client that has seen enough may go', async () => {
  const name = await containerIn('running');
  await inside(name, 'truncate -s 9663676416 /tmp/big');
  const out = spawn('docker', ['cp', `${name}:/tmp/big`, '-'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const head: Buffer[] = [];
  for await (const chunk of out.stdout as AsyncIterable<Buffer>) {
    head.push(chunk);
    if (Buffer.concat(head).length >= 2048) break;
  }
  out.kill();
  assert.match(Buffer.concat(head).toString('latin1'), /(\n|^|\0)\d+ size=9663676416\n/);
  await dockerOk('rm', '-f', name);
});

test('export is the root filesystem without what is mounted in it', async () => {
  const name = await containerIn('running', '-v', '/data');
  await inside(name, 'echo x > /data/hidden; echo y > /tmp/seen; rm /bin/arch; ln -s /x /tmp/link');
  const list = spawn('tar', ['-tf', '-']);
  const out = spawn('docker', ['export', name]);
  out.stdout.pipe(list.stdin);
  const names = (await ended(list, null)).stdout.split('\n');
  for (const there of ['data/', 'tmp/seen', 'tmp/link', 'etc/hosts', 'proc/', '.dockerenv'])
    assert.ok(names.includes(there), there);
  for (const absent of ['data/hidden', 'bin/arch', 'proc/version', 'proc/1/'])
    assert.ok(!names.includes(absent), absent);
});

test('every copy is an event', async () => {
  const name = await containerIn('created');
  const since = Math.floor(Date.now() / 1000) - 1;
  const to = fresh();
  writeFileSync(join(to, 'f'), 'f');
  await dockerOk('cp', join(to, 'f'), `${name}:/tmp/f`);
  await dockerOk('cp', `${name}:/tmp/f`, to);
  await dockerOk('export', '-o', join(to, 'all'), name);
  const until = String(Math.floor(Date.now() / 1000) + 1);
  const format = ['--format', '{{.Action}}', '--filter', `container=${name}`];
  const actions = await dockerOk('events', '--since', String(since), '--until', until, ...format);
  assert.deepEqual(
    actions.split('\n').filter((action) => action !== 'create'),
    ['extract-to-dir', 'archive-path', 'export'],
  );
});
