import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, statfs, symlink, writeFile } from 'node:fs/promises';
import { createServer, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { once } from 'node:events';
import { isKind } from '../errors.ts';
import { Executor, ExecutorError, takeOver } from './executor.ts';

const program = join(
  dirname(dirname(dirname(fileURLToPath(import.meta.url)))),
  'native/build/executor/berth-executor',
);
/** statfs(2)'s number of ext2, ext3 and ext4. */
const ext4 = 0xef53;

const skip =
  process.getuid?.() !== 0 ? 'needs root' : !existsSync(program) ? 'needs the native build' : false;

describe('the executor', { skip }, () => {
  let dataRoot: string;
  let executor: Executor;

  before(async () => {
    dataRoot = await mkdtemp(join(tmpdir(), 'berth-executor-'));
    executor = new Executor({ path: program, dataRoot, execRoot: join(dataRoot, 'exec') });
  });

  after(async () => {
    await executor?.close();
    await rm(dataRoot, { recursive: true, force: true });
  });

  it('says what the machine has', async () => {
    const hello = await executor.ready();
    assert.equal(hello.pid, executor.pid);
    assert.ok([1, 2].includes(hello.cgroup.version));
    assert.ok(hello.cgroup.controllers.length > 0);
  });

  it('answers hundreds of requests at once, each to its asker', async () => {
    await Promise.all(
      Array.from({ length: 300 }, async (_, index) => {
        const path = join(dataRoot, `dir-${index}`);
        await mkdir(path);
        await writeFile(join(path, 'file'), 'x'.repeat(index));
        const size = await executor.request<{ bytes: number; inodes: number }>('tree.size', { path });
        assert.deepEqual(size, { bytes: index, inodes: 2 });
        await executor.request('tree.remove', { path });
        await assert.rejects(access(path));
      }),
    );
  });

  it('refuses what it does not know, and paths outside of its roots', async () => {
    const refusal = async (op: string, params: object): Promise<ExecutorError> => {
      const error = await executor.request(op, params).then(
        () => assert.fail('must be refused'),
        (caught: unknown) => caught,
      );
      assert.ok(error instanceof ExecutorError);
      return error;
    };
    assert.equal((await refusal('no.such', {})).kind, 'invalid-argument');
    for (const path of [
      '/etc',
      dataRoot,
      `${dataRoot}/`,
      `${dataRoot}/../etc`,
      `${dataRoot}x/y`,
      `${dataRoot}/..`,
    ])
      assert.equal((await refusal('tree.remove', { path })).kind, 'invalid-argument', path);
    assert.equal((await refusal('tree.remove', {})).kind, 'invalid-argument');
  });

  it('removes a tree without following links or crossing mounts, however deep it is', async () => {
    const outside = join(dataRoot, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'precious'), '');
    const tree = join(dataRoot, 'tree');
    execFileSync('sh', [
      '-c',
      'p=$(printf "d/%.0s" $(seq 200)); mkdir "$1"; cd "$1"; for i in $(seq 15); do mkdir -p "$p"; cd -P "$p"; done; : > leaf',
      'sh',
      tree,
    ]);
    await symlink(outside, join(tree, 'link'));
    await executor.request('tree.remove', { path: tree }, { deadlineMs: 0 });
    await assert.rejects(access(tree));
    await access(join(outside, 'precious'));

    const mounted = join(dataRoot, 'mounted');
    await mkdir(join(mounted, 'here'), { recursive: true });
    execFileSync('mount', ['--bind', outside, join(mounted, 'here')]);
    try {
      await assert.rejects(executor.request('tree.remove', { path: mounted }), /here/);
      await access(join(outside, 'precious'));
    } finally {
      execFileSync('umount', [join(mounted, 'here')]);
    }
    await executor.request('tree.remove', { path: mounted });
    await executor.request('tree.remove', { path: mounted });
  });

  it('spreads the trees of a directory over the disk where the file system can', async () => {
    const path = join(dataRoot, 'spread');
    await mkdir(path);
    await executor.request('tree.spread', { path });
    const { status, stdout } = spawnSync('lsattr', ['-d', path], { encoding: 'utf8' });
    if (status === 0 && (await statfs(path)).type === ext4) assert.match(stdout, /^[^ ]*T/);
    await assert.rejects(executor.request('tree.spread', { path: join(path, 'missing') }), /missing/);
    await assert.rejects(executor.request('tree.spread', { path: '/etc' }), /not below/);
  });

  it('counts a file with two names once, and links not at all', async () => {
    const path = join(dataRoot, 'sizes');
    await mkdir(join(path, 'sub'), { recursive: true });
    await writeFile(join(path, 'a'), 'x'.repeat(1000));
    execFileSync('ln', [join(path, 'a'), join(path, 'sub', 'b')]);
    await symlink('/etc/passwd', join(path, 'c'));
    const size = await executor.request<{ bytes: number }>('tree.size', { path });
    assert.equal(size.bytes, 1000 + '/etc/passwd'.length);
  });

  it('fills an empty volume with what the image has there, and leaves a filled one alone', async () => {
    const lower = join(dataRoot, 'lower');
    const upper = join(dataRoot, 'upper');
    const target = join(dataRoot, 'volume');
    await Promise.all([lower, upper, target].map((path) => mkdir(path)));
    execFileSync('sh', [
      '-c',
      `set -e; cd "$1"; mkdir -p data/sub; echo one > data/a; chown 1000:7 data/a; chmod 4750 data/a; ln data/a data/sub/b
       ln -s /etc/passwd data/link; mkfifo data/pipe; truncate -s 1M data/sparse; chmod 1770 data; chown 33:33 data; touch -d @1000 data/sub
       ln -s data place; mkdir "$2/data"; echo two > "$2/data/c"`,
      'sh',
      lower,
      upper,
    ]);
    const rootfs = { type: 'overlay', lower: [lower], upper, work: join(dataRoot, 'work') };
    await executor.request('volume.populate', { rootfs, path: '/place', target });
    const listing = execFileSync('find', ['.', '-printf', '%P %y %m %U:%G %n %l %s\\n'], {
      cwd: target,
    }).toString();
    const lines = listing
      .split('\n')
      .filter((line) => !/ d /.test(line))
      .sort();
    assert.deepEqual(lines.filter(Boolean), [
      'a f 4750 1000:7 2  4',
      'c f 644 0:0 1  4',
      'link l 777 0:0 1 /etc/passwd 11',
      'pipe p 644 0:0 1  0',
      'sparse f 644 0:0 1  1048576',
      'sub/b f 4750 1000:7 2  4',
    ]);
    assert.equal(
      execFileSync('stat', ['-c', '%Y', join(target, 'sub')])
        .toString()
        .trim(),
      '1000',
    );
    await executor.request('volume.populate', { rootfs, path: '/nothing', target });
    await writeFile(join(target, 'a'), 'changed');
    await executor.request('volume.populate', { rootfs, path: '/data', target });
    assert.equal(await readFile(join(target, 'a'), 'utf8'), 'changed');
  });

  it('takes back a request whose signal fires', async () => {
    const controller = new AbortController();
    const pending = executor.request('net.facts', {}, { signal: controller.signal });
    controller.abort();
    await assert.rejects(pending, (error) => isKind(error, 'cancelled'));
    await executor.request('net.facts');
  });

  it('fails pending requests as unavailable when it dies, and is there again for the next', async () => {
    let restarts = 0;
    const stop = executor.onRestart(() => restarts++);
    const { pid } = await executor.ready();
    process.kill(pid, 'SIGSTOP');
    while (!readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ')) await new Promise(setImmediate);
    const refused = assert.rejects(executor.request('net.facts'), (error) => isKind(error, 'unavailable'));
    // The request is on its way once the loop has turned; one that never left would be asked again.
    await new Promise(setImmediate);
    process.kill(pid, 'SIGKILL');
    await refused;
    await executor.request('net.facts');
    assert.notEqual(executor.pid, pid);
    assert.equal(restarts, 1);
    stop();
  });

  it("acknowledges a client's socket, whatever becomes of the request", async () => {
    const path = join(dataRoot, 'client.sock');
    const server = createServer().listen(path);
    await once(server, 'listening');
    const client = connect(path);
    const [socket] = (await once(server, 'connection')) as [Socket];
    client.write('early');
    await once(socket, 'readable');
    assert.equal(takeOver(socket).toString(), 'early');
    await assert.rejects(
      executor.request('shim.attach', { socket: join(dataRoot, 'none'), line: 'attach' }, { socket }),
      (error) => isKind(error, 'not-found'),
    );
    // Node holds everything back until the handle is acknowledged: an answer at all proves that it was.
    await executor.request('net.facts', {}, { deadlineMs: 2_000 });
    socket.destroy();
    await once(client, 'close');
    server.close();
  });

  it('ends, and leaves no descriptor behind, when the daemon closes its channel', async () => {
    const other = new Executor({ path: program, dataRoot, execRoot: dataRoot });
    const { pid } = await other.ready();
    await other.close();
    await assert.rejects(readFile(`/proc/${pid}/stat`));
    await assert.rejects(other.request('net.facts'), (error) => isKind(error, 'unavailable'));
  });

  it('keeps the same number of descriptors through failures', async () => {
    const count = async (): Promise<number> =>
      Number(execFileSync('sh', ['-c', `ls /proc/${executor.pid}/fd | wc -l`]).toString());
    await executor.request('net.facts');
    const fill = Date.now() + 3_000;
    let before = 0;
    // The pool of namespaces fills in the background.
    while (Date.now() < fill && before < (before = await count()))
      await new Promise((done) => setTimeout(done, 100));
    for (let round = 0; round < 20; round++) {
      await executor.request('shim.start', { id: 'x' }).catch(() => {});
      await executor
        .request('rootfs.resolve', { rootfs: { type: 'dir', path: '/nonexistent' } })
        .catch(() => {});
      await executor.request('layer.apply', { blob: '/etc/passwd', dir: '/nonexistent' }).catch(() => {});
      await executor.request('net.facts');
    }
    assert.equal(await count(), before);
  });
});
