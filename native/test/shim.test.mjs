import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { Container, launchPath, runtime, shimPath } from './shim-harness.mjs';

const options = { timeout: 15_000 };
const skip = process.getuid() !== 0 ? 'containers need root' : !fs.existsSync('/usr/bin/busybox') && 'needs busybox-static';
const sh = (script) => ['sh', '-c', script];

describe(`a shim on ${runtime || 'the built-in runtime'}`, { concurrency: false, skip }, () => {
  test('runs a program, logs its output and announces its exit', options, async () => {
    await using c = await Container.launch({ args: sh('echo out; echo err >&2; printf part; exit 7') });
    assert.equal((await c.control.ask('hello')).state, 'created');
    const started = await c.start();
    assert.ok(started.ok);
    const exit = await c.exited();
    assert.equal(exit.code, '7');
    assert.equal(exit.oom, '0');
    assert.equal(exit.signal, undefined);
    assert.match(fs.readFileSync(path.join(c.state, 'exit'), 'utf8'), /^code=7 at=\d{19} oom=0\n$/);
    const lines = c.logLines();
    assert.deepEqual(
      lines.map(({ log, stream }) => [stream, log]).sort(),
      [['stderr', 'err\n'], ['stdout', 'out\n'], ['stdout', 'part']],
    );
    assert.equal(fs.statSync(c.log).mode & 0o777, 0o640);
  });

  test('says 128 and the signal for a killed program, and refuses what makes no sense', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    assert.equal((await c.control.ask('pause')).ok, false);
    assert.equal((await c.control.ask('nonsense')).errno, '38');
    await c.start();
    assert.equal((await c.start()).ok, false);
    assert.equal((await c.control.ask('kill', { signal: 99 })).ok, false);
    assert.ok((await c.control.ask('kill', { signal: 9 })).ok);
    const exit = await c.exited();
    assert.deepEqual([exit.code, exit.signal], ['137', '9']);
    assert.equal((await c.control.ask('kill', { signal: 9 })).ok, false);
  });

  test('forgets a container that was never started and leaves nothing', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    assert.ok((await c.control.ask('forget')).ok);
    await c.control.closed;
    assert.equal(fs.existsSync(c.socket), false);
    assert.equal(fs.existsSync(c.state), false);
    
    assert.throws(() => process.kill(c.pid, 0));
    c.control = undefined;
  });

  test('says why a program cannot be started', options, async () => {
    const failed = async () => {
      await using c = await Container.launch({ args: ['/no/such'] });
      const answer = await c.start();
      c.control = undefined;
      return answer;
    };
    const answer = await failed().catch((error) => ({ ok: false, msg: error.message }));
    assert.equal(answer.ok, false);
    assert.match(answer.msg, /\/no\/such/);
    assert.match(answer.msg, /no such file or directory/);
  });

  test('attaches clients before the start, framed and raw', options, async () => {
    await using c = await Container.launch({ args: sh('echo out; echo err >&2'), log: 'none' });
    const framed = await c.attach();
    const onlyErr = await c.attach({ stdout: 0 });
    const raw = await c.attach({ framed: 0, stderr: 0 });
    await c.start();
    await Promise.all([framed.ended, onlyErr.ended, raw.ended]);
    assert.equal(framed.stream(1), 'out\n');
    assert.equal(framed.stream(2), 'err\n');
    assert.equal(onlyErr.stream(1), '');
    assert.equal(onlyErr.stream(2), 'err\n');
    assert.equal(raw.bytes.toString(), 'out\n');
    assert.equal(c.control.events.some(({ kind }) => kind === 'exit'), true, 'the exit event comes first');
  });

  test('takes a client socket that comes as a descriptor', options, async () => {
    await using c = await Container.launch({ args: ['cat'], openStdin: true, stdinOnce: true });
    await c.start();
    const client = spawn(launchPath, ['attach', c.socket, '1 attach stdin=1 stdout=1'], { stdio: ['pipe', 'pipe', 'ignore'] });
    client.stdin.end('by descriptor\n');
    let text = '';
    client.stdout.on('data', (chunk) => (text += chunk));
    await once(client, 'close');
    assert.equal(text, 'by descriptor\n');
    assert.equal((await c.exited()).code, '0');
  });

  test('closes stdin when a stdinOnce client half-closes, and detaches one otherwise', options, async () => {
    await using once_ = await Container.launch({ args: ['cat'], openStdin: true, stdinOnce: true });
    const a = await once_.attach({ stdin: 1, preread: Buffer.from('pre ').toString('base64') });
    const b = await once_.attach();
    await once_.start();
    a.socket.end('typed');
    await Promise.all([a.ended, b.ended]);
    assert.equal(a.stream(1), 'pre typed');
    assert.equal(b.stream(1), 'pre typed');

    await using open = await Container.launch({ args: ['cat'], openStdin: true });
    const c = await open.attach({ stdin: 1 });
    const d = await open.attach({ stdin: 1 });
    await open.start();
    c.socket.write('one\n');
    await c.until(() => c.stream(1) === 'one\n');
    c.socket.end();
    await c.ended;
    d.socket.write('two\n');
    await d.until(() => d.stream(1) === 'one\ntwo\n');
    assert.ok((await open.control.ask('close-stdin')).ok);
    await d.ended;
    assert.equal((await open.exited()).code, '0');
  });

  test('passes 32 MB of input through in order, whatever the program does meanwhile', options, async () => {
    await using c = await Container.launch({ args: sh('sleep 0.3; wc -c'), openStdin: true, stdinOnce: true, log: 'none' });
    const a = await c.attach({ stdin: 1 });
    await c.start();
    a.socket.end(Buffer.alloc(32 << 20, 'x'));
    await a.ended;
    assert.equal(a.stream(1).trim(), String(32 << 20));
  });

  test('hands no signal setting, descriptor or session of its own to the container', options, async () => {
    const script = 'grep -E "^(SigBlk|SigIgn|SigCgt|NSsid)" /proc/self/status; ls /proc/self/fd; ulimit -n >/dev/null';
    await using c = await Container.launch({ args: sh(script), log: 'none' });
    const a = await c.attach();
    await c.start();
    await a.ended;
    const text = a.stream(1);
    assert.match(text, /SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000/);
    assert.match(text, /\n0\n1\n2\n3\n$/, 'ls itself has 3');
  });

  test('gives a terminal, its size, and detaches by keys', options, async () => {
    await using c = await Container.launch({
      args: sh('stty size; cat'),
      tty: true,
      openStdin: true,
      params: { h: 31, w: 97 },
    });
    const a = await c.attach({ stdin: 1, framed: 0, detachkeys: '1011' });
    await c.start();
    await a.until(() => a.bytes.includes('31 97\r\n'));
    a.socket.write('x\x10y\n');
    await a.until(() => a.bytes.includes('y\r\n'));
    a.socket.write('\x10');
    a.socket.write('\x11');
    await a.ended;
    assert.ok(await c.control.event('detach'));
    assert.ok((await c.control.ask('resize', { h: 10, w: 20 })).ok);
    assert.equal((await c.control.ask('hello')).state, 'running');
    const b = await c.attach({ stdin: 1, framed: 0 });
    b.socket.write('\x04');
    await b.ended;
    assert.equal((await c.exited()).code, '0');
  });

  test('delivers 64 MB to a fast client, and keeps it for a slow one', options, async () => {
    const size = 64 << 20;
    await using c = await Container.launch({ args: ['head', '-c', String(size), '/dev/zero'], log: 'none' });
    const fast = await c.attach({ framed: 0 });
    const slow = await c.attach({ framed: 0 });
    slow.socket.pause();
    await c.start();
    await fast.until(() => fast.length === size);
    assert.ok(slow.socket.bytesRead < 1 << 20);
    await c.exited();
    slow.socket.resume();
    await slow.ended;
    assert.equal(slow.length, size);
  });

  test('is not held up by a client that vanishes', options, async () => {
    await using c = await Container.launch({ args: sh('head -c 20000000 /dev/zero; echo done'), log: 'none' });
    const client = spawn(launchPath, ['attach', c.socket, '1 attach stdout=1'], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(client, 'spawn');
    const other = await c.attach({ framed: 0 });
    await c.start();
    client.kill('SIGKILL');
    await other.ended;
    assert.equal(other.bytes.length, 20000005);
    assert.equal((await c.exited()).code, '0');
  });

  test('runs execs with their own streams and codes', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    assert.equal(c.exec('early', ['true']).ok, false);
    await c.start();
    assert.ok(c.exec('e1', sh('read x; echo got $x; echo bad >&2; exit 5'), { stdin: true }).ok);
    const a = await c.attach({ exec: 'e1', stdin: 1 });
    const started = await c.control.ask('exec-start', { id: 'e1' });
    assert.ok(started.ok);
    a.socket.end('line\n');
    await a.ended;
    assert.equal(a.stream(1), 'got line\n');
    assert.equal(a.stream(2), 'bad\n');
    assert.equal((await c.control.event('exec-exit', { id: 'e1' })).code, '5');
    assert.equal((await c.control.ask('exec-start', { id: 'e1' })).ok, false);
    const later = await c.connect();
    await later.ask('subscribe');
    assert.equal((await later.event('exec-exit', { id: 'e1' })).code, '5');
    later.close();
  });

  test('lets an exec wait for its slow client, with little memory', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    await c.start();
    assert.ok(c.exec('big', ['head', '-c', '50000000', '/dev/zero']).ok);
    const a = await c.attach({ exec: 'big' });
    a.socket.pause();
    await c.control.ask('exec-start', { id: 'big' });
    assert.ok((await c.control.ask('hello')).ok);
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(c.control.events.length, 0);
    const rssKiB = Number(/Rss:\s+(\d+)/.exec(fs.readFileSync(`/proc/${c.shimPid}/smaps_rollup`, 'utf8'))[1]);
    assert.ok(rssKiB < 4096, `${rssKiB} KiB`);
    a.socket.resume();
    await a.ended;
    assert.equal(a.stream(1).length, 50000000);
    assert.equal((await c.control.event('exec-exit')).code, '0');
  });

  test('keeps nothing open that its starter had open', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'], log: 'none' });
    const targets = fs.readdirSync(`/proc/${c.shimPid}/fd`).map((fd) => fs.readlinkSync(`/proc/${c.shimPid}/fd/${fd}`));
    // Listener and subscriber; the built-in runtime has one to its waiting process.
    assert.equal(targets.filter((target) => target.startsWith('socket:')).length, runtime ? 2 : 3);
    assert.equal(targets.some((target) => target === '/etc/hostname'), false);
  });

  test('runs many execs and keeps nothing of them', { timeout: 60_000 }, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    await c.start();
    const open = () => fs.readdirSync(`/proc/${c.shimPid}/fd`).length;
    const before = open();
    for (let i = 0; i < 20; i++) {
      assert.ok(c.exec(`e${i}`, ['true']).ok);
      await c.control.ask('exec-start', { id: `e${i}` });
      await c.control.event('exec-exit', { id: `e${i}` });
    }
    assert.equal((await c.control.ask('hello')).execs, '');
    assert.equal(open(), before);
  });

  test('gives an exec the terminal size asked for before it started', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    await c.start();
    // Another runtime starts its program before it hands the terminal over.
    assert.ok(c.exec('t', sh(runtime ? 'sleep 0.3; stty size' : 'stty size'), { tty: true, stdin: true }).ok);
    assert.ok((await c.control.ask('resize', { exec: 't', h: 42, w: 132 })).ok);
    const a = await c.attach({ exec: 't', framed: 0 });
    assert.ok((await c.control.ask('exec-start', { id: 't' })).ok);
    await a.ended;
    assert.equal(a.bytes.toString(), '42 132\r\n');
    assert.equal((await c.control.event('exec-exit', { id: 't' })).code, '0');
  });

  test('tells the clients of an exec why it cannot be started', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    await c.start();
    const made = c.exec('bad', ['nope']);
    if (!made.ok) {
      assert.match(made.text, /executable%20file%20not%20found/);
      return;
    }
    const a = await c.attach({ exec: 'bad' });
    const answer = await c.control.ask('exec-start', { id: 'bad' });
    assert.equal(answer.ok, false);
    await a.ended;
    const text =
      'OCI runtime exec failed: exec failed: unable to start container process: exec: "nope": executable file not found in $PATH';
    assert.equal(answer.msg, text);
    assert.equal(a.stream(1), text + '\r\n');
  });

  test('tells that the kernel killed for memory', options, async () => {
    await using c = await Container.launch({
      args: sh('head -c 200m /dev/zero | tail >/dev/null; exit 4'),
      edit: (spec) => (spec.linux.resources.memory = { limit: 20 << 20, swap: 20 << 20 }),
    });
    await c.start();
    const exit = await c.exited();
    assert.equal(exit.oom, '1');
    assert.ok(exit.code === '4' || exit.code === '137', 'whichever of the three it chose');
    assert.ok(await c.control.event('oom'));
    assert.match(fs.readFileSync(path.join(c.state, 'exit'), 'utf8'), /oom=1/);
  });

  test('ends the streams and execs of a container that ends', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    await c.start();
    assert.ok(c.exec('e', ['sleep', '100']).ok);
    assert.ok(c.exec('waiting', ['true']).ok);
    const a = await c.attach({ exec: 'e' });
    const b = await c.attach({ exec: 'waiting' });
    await c.control.ask('exec-start', { id: 'e' });
    await c.control.ask('kill', { signal: 9 });
    await Promise.all([a.ended, b.ended]);
    assert.equal((await c.control.event('exec-exit', { id: 'e' })).code, '137');
    assert.equal((await c.control.event('exit')).code, '137');
  });

  test('ends by itself when nobody wants it any more, and leaves the exit record', options, async () => {
    const c = await Container.launch({ args: sh('exit 9') });
    await c.start();
    await c.exited();
    c.control.close();
    const began = Date.now();
    while (fs.existsSync(c.socket) && Date.now() - began < 5000) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(fs.existsSync(c.socket), false);
    assert.match(fs.readFileSync(path.join(c.state, 'exit'), 'utf8'), /^code=9 /);
    c.remove();
  });

  test('signals every process of the container, and opens its log anew', options, async () => {
    await using c = await Container.launch({ args: sh('trap "" TERM; sleep 100 & echo one; read x; wait; echo two'), openStdin: true });
    const a = await c.attach({ stdin: 1 });
    await c.start();
    await a.until(() => a.stream(1) === 'one\n');
    fs.renameSync(c.log, `${c.log}.moved`);
    assert.ok((await c.control.ask('log-reopen')).ok);
    assert.ok((await c.control.ask('kill', { signal: 15, all: 1 })).ok);
    a.socket.write('go\n');
    await a.until(() => a.stream(1) === 'one\n');
    assert.ok((await c.control.ask('kill', { signal: 9, all: 1 })).ok);
    assert.equal((await c.exited()).code, '137');
    assert.equal(fs.existsSync(c.log), true);
  });

  test('undoes everything when who started it is gone before the answer', options, async () => {
    const c = new Container({ args: ['sleep', '100'] });
    const config = runtime ? '-' : path.join(c.bundle, 'config.json');
    const extra = runtime ? [`runtime=${runtime}`, `runtimeroot=${c.root}/runtime`] : [];
    const words = [`id=${c.id}`, `socket=${c.socket}`, `statedir=${c.state}`, `bundle=${c.bundle}`, ...extra];
    spawnSync(launchPath, ['orphan', shimPath, config, ...words], { timeout: 10_000 });
    const began = Date.now();
    const left = () => fs.existsSync(c.state) || fs.existsSync(c.socket);
    while (left() && Date.now() - began < 5000) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(left(), false);
    c.remove();
  });

  test('pauses and resumes', options, async () => {
    await using c = await Container.launch({ args: sh('while :; do echo x; sleep 0.05; done'), log: 'none' });
    const a = await c.attach();
    await c.start();
    await a.until(() => a.chunks.length > 1);
    assert.ok((await c.control.ask('pause')).ok);
    assert.equal((await c.control.ask('hello')).state, 'paused');
    assert.equal((await c.control.ask('pause')).ok, false);
    assert.ok((await c.control.ask('resume')).ok);
    const before = a.chunks.length;
    await a.until(() => a.chunks.length > before + 1);
  });

  test('waits for a stream that a grandchild holds no longer than it must', options, async () => {
    await using c = await Container.launch({ args: sh('(sleep 1; echo late) & echo early') });
    const began = Date.now();
    await c.start();
    await c.exited();
    assert.ok(Date.now() - began < 9000);
    assert.equal(c.logLines()[0].log, 'early\n');
  });

  test('survives the death of who started it, and of its subscribers', options, async () => {
    await using c = await Container.launch({ args: sh('sleep 0.5; echo alive; exit 3') });
    await c.start();
    c.control.close();
    const again = await c.connect();
    await again.ask('subscribe');
    assert.equal((await again.event('exit')).code, '3');
    const third = await c.connect();
    await third.ask('subscribe');
    assert.equal((await third.event('exit')).code, '3');
    again.close();
    third.close();
    assert.equal(c.logLines()[0].log, 'alive\n');
  });

  test('answers garbage and drops the connection, and nothing else happens', options, async () => {
    await using c = await Container.launch({ args: ['sleep', '100'] });
    for (const garbage of ['\n', 'x\n', '1\n', '1 HELLO\n', '1 attach a\0b\n', '1 hello =%zz\n', 'y'.repeat(70000)]) {
      const socket = net.connect(c.socket);
      socket.on('error', () => {});
      socket.write(garbage);
      let text = '';
      socket.on('data', (chunk) => (text += chunk));
      await once(socket, 'close');
      assert.match(text, /^0 err errno=71 stage=protocol msg=/);
    }
    assert.equal((await c.control.ask('hello')).state, 'created');
  });

  test('logs half a million short lines, and rotates', options, async () => {
    await using c = await Container.launch({
      args: ['seq', '1', '500000'],
      params: { logmax: 10_000_000, logfiles: 4 },
    });
    const began = Date.now();
    await c.start();
    await c.exited();
    const seconds = (Date.now() - began) / 1000;
    const names = [c.log, ...[1, 2, 3].map((n) => `${c.log}.${n}`)];
    assert.ok(names.every((name) => fs.existsSync(name)));
    assert.equal(fs.existsSync(`${c.log}.4`), false);
    const text = names.reverse().map((name) => fs.readFileSync(name, 'utf8')).join('');
    const numbers = text.split('\n').filter(Boolean).map((line) => Number(JSON.parse(line).log));
    assert.equal(numbers.at(-1), 500000);
    assert.equal(numbers.every((n, i) => i === 0 || n === numbers[i - 1] + 1), true);
    assert.ok(fs.statSync(`${c.log}.1`).size < 10_000_200);
    assert.ok(seconds < 10, `${seconds} s`);
  });

  test('compresses rotated files when asked', options, async () => {
    await using c = await Container.launch({
      args: sh('seq 1 2000; sleep 1; seq 1 2000; sleep 1'),
      params: { logmax: 50_000, logfiles: 3, logcompress: 1 },
    });
    await c.start();
    await c.exited();
    assert.ok(fs.existsSync(`${c.log}.1.gz`));
    const text = spawnSync('gzip', ['-dc', `${c.log}.1.gz`], { encoding: 'utf8' }).stdout;
    assert.ok(JSON.parse(text.split('\n')[0]).log);
  });

  test('leaves the exit record on a file system that is full by then', options, async () => {
    const full = fs.mkdtempSync('/tmp/shim-full-');
    assert.equal(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'shim-full', full]).status, 0);
    try {
      const statedir = path.join(full, 'state');
      fs.mkdirSync(statedir);
      await using c = await Container.launch({ args: sh('exit 7'), params: { statedir } });
      const file = fs.openSync(path.join(full, 'fill'), 'w');
      assert.throws(() => {
        for (;;) fs.writeSync(file, Buffer.alloc(4096));
      }, { code: 'ENOSPC' });
      fs.closeSync(file);
      await c.start();
      await c.exited();
      assert.match(fs.readFileSync(path.join(statedir, 'exit'), 'utf8'), /^code=7 at=\d{19} oom=0\n$/);
    } finally {
      spawnSync('umount', ['--lazy', full]);
      fs.rmdirSync(full);
    }
  });

  test('goes on when the log cannot be written', options, async () => {
    await using c = await Container.launch({ args: sh('seq 1 200000 2>/dev/null; echo done >&2'), params: { logpath: '/dev/full' } });
    const a = await c.attach({ stdout: 0 });
    await c.start();
    await a.ended;
    assert.equal(a.stream(2), 'done\n');
    assert.equal((await c.exited()).code, '0');
  });
});
