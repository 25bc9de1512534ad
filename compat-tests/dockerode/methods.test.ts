import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, eventually } from '../support/engine.ts';

// The methods of dockerode's containers and execs that the other files here leave out.

async function made(Cmd: string[] = ['sleep', '600'], more: object = {}): Promise<Docker.Container> {
  return dockerode.createContainer({
    name: containerName('method'),
    Image: 'busybox',
    Cmd,
    StopSignal: 'SIGKILL',
    ...more,
    HostConfig: { NetworkMode: 'none' },
  });
}

async function run(...args: Parameters<typeof made>): Promise<Docker.Container> {
  const container = await made(...args);
  await container.start();
  return container;
}

async function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

test('inspect with the sizes of files', async () => {
  const container = await run(['sh', '-c', 'head -c 10000 /dev/zero > /file; sleep 600']);
  await eventually(async () => {
    const { SizeRw, SizeRootFs } = (await container.inspect({ size: true } as never)) as unknown as {
      SizeRw: number;
      SizeRootFs?: number;
    };
    return SizeRw === 10_000 && (SizeRootFs ?? 0) > SizeRw;
  });
});

test('top: the processes, with any columns of ps', async () => {
  const container = await run();
  const whole = (await container.top()) as { Titles: string[]; Processes: string[][] };
  assert.equal(whole.Processes[0]?.at(-1), 'sleep 600');
  const some = (await container.top({ ps_args: '-o pid,comm' })) as typeof whole;
  assert.deepEqual(some.Titles, ['PID', 'COMMAND']);
  await assert.rejects(container.top({ ps_args: '-o comm' }), { statusCode: 500 });
  const none = (await container.top({ ps_args: '-q 1' })) as { Processes: unknown };
  assert.equal(none.Processes, null);
});

test('changes against the image', async () => {
  const container = await run(['sh', '-c', 'echo x > /new; sleep 600']);
  await eventually(async () =>
    ((await container.changes()) as { Path: string; Kind: number }[] | null)?.some(
      ({ Path, Kind }) => Path === '/new' && Kind === 1,
    ),
  );
});

test('archives: in, about and out again; export of the whole', async () => {
  const [one, two] = [await made(), await made()];
  const passwd = await bytesOf(await one.getArchive({ path: '/etc/passwd' }));
  await two.putArchive(passwd, { path: '/tmp' });
  const about = (await two.infoArchive({ path: '/tmp/passwd' })) as unknown as NodeJS.ReadableStream & {
    headers: Record<string, string>;
  };
  about.resume();
  const stat = JSON.parse(
    Buffer.from(about.headers['x-docker-container-path-stat'] ?? '', 'base64').toString(),
  ) as { name: string };
  assert.equal(stat.name, 'passwd');
  const whole = await bytesOf(await two.export());
  assert.ok(whole.includes('tmp/passwd'));
  await assert.rejects(two.getArchive({ path: '/nosuch' }), { statusCode: 404 });
});

test('stats, once and as a stream', async () => {
  const container = await run();
  const once_ = (await container.stats({ stream: false })) as unknown as { pids_stats: { current: number } };
  assert.ok(once_.pids_stats.current >= 1);
  const stream = (await container.stats({ stream: true })) as unknown as NodeJS.ReadableStream & {
    destroy(): void;
  };
  const [first] = (await once(stream, 'data')) as [Buffer];
  assert.match(first.toString(), /"pids_stats"/);
  stream.destroy();
});

test('resize of a container’s terminal', async () => {
  const container = await run(['sh', '-c', 'while :; do stty size; sleep 0.05; done'], { Tty: true });
  await container.resize({ h: 33, w: 77 });
  await eventually(async () => String(await container.logs({ stdout: true })).includes('33 77'));
  // More than the kernel has room for is cut.
  await container.resize({ h: 65_536 + 21, w: 50 });
  await eventually(async () => String(await container.logs({ stdout: true })).includes('21 50'));
  await assert.rejects(container.resize({ h: -1, w: 50 }), { statusCode: 400 });
});

test('resize of an exec: asked for before its start, and while it runs', async () => {
  const container = await run();
  const exec = await container.exec({
    Cmd: ['sh', '-c', 'while :; do stty size; sleep 0.05; done'],
    Tty: true,
    AttachStdout: true,
  });
  const resized = exec.resize({ h: 31, w: 71 });
  const stream = await exec.start({ Tty: true });
  await resized;
  let shown = '';
  stream.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await eventually(() => shown.includes('31 71'));
  await exec.resize({ h: 32, w: 72 });
  await eventually(() => shown.includes('32 72'));
  stream.destroy();
});

test('checkpoints are an experiment, which this engine has or refuses', async () => {
  const { ExperimentalBuild } = (await dockerode.info()) as { ExperimentalBuild: boolean };
  const container = (await run()) as unknown as Record<string, (options?: object) => Promise<unknown>> & {
    start(options?: object): Promise<unknown>;
    kill(): Promise<unknown>;
  };
  const name = ExperimentalBuild ? 'not/one' : 'one';
  const statusCode = ExperimentalBuild ? 500 : 501;
  await assert.rejects(container['createCheckpoint']!({ CheckpointID: name }), { statusCode });
  if (ExperimentalBuild) assert.deepEqual(await container['listCheckpoint']!(), []);
  else await assert.rejects(container['listCheckpoint']!(), { statusCode });
  await container.kill();
  await assert.rejects(container.start({ _query: { checkpoint: 'x' }, _body: {} }), {
    statusCode: ExperimentalBuild ? 500 : 400,
  });
});

test('prune: by labels, without labels and by age, with the space that becomes free', async () => {
  const label = containerName('prune');
  const one = async (...labels: string[]): Promise<Docker.Container> => {
    const container = await run(['sh', '-c', 'head -c 10000 /dev/zero > /file'], {
      Labels: Object.fromEntries([label, ...labels].map((name) => [name, 'x'])),
    });
    await container.wait();
    return container;
  };
  const prune = (filters: object): Promise<Docker.PruneContainersInfo> =>
    // Somebody else may be pruning.
    eventually(
      () =>
        dockerode
          .pruneContainers({ filters: JSON.stringify({ label: [label], ...filters }) })
          .catch((error: { statusCode: number }) => {
            if (error.statusCode === 409) return undefined;
            throw error;
          }),
      30_000,
    );
  const [both, first] = [await one('a', 'b'), await one('a')];
  assert.deepEqual((await prune({ until: ['1h'] })).ContainersDeleted, null);
  // Spared is only who has all of them.
  const { ContainersDeleted, SpaceReclaimed } = await prune({ 'label!': ['a', 'b'] });
  assert.deepEqual([ContainersDeleted, SpaceReclaimed], [[first.id], 10_000]);
  assert.deepEqual((await prune({ until: [String(Math.floor(Date.now() / 1000) + 60)] })).ContainersDeleted, [
    both.id,
  ]);
});

test('attach over HTTP without an upgrade', async () => {
  const container = await made(['echo', 'plain'], { Tty: true });
  const stream = await container.attach({ stream: true, stdout: true, hijack: false } as never);
  await container.start();
  assert.equal(await text(stream), 'plain\r\n');
});

test('100 execs at once, each with its own output and exit code', async () => {
  const container = await run();
  const codes = await Promise.all(
    Array.from({ length: 100 }, async (_, i) => {
      const exec = await container.exec({
        Cmd: ['sh', '-c', `echo ${i}; exit ${i}`],
        AttachStdout: true,
        Tty: true,
      });
      const stream = await exec.start({ Tty: true });
      assert.equal(await text(stream), `${i}\r\n`);
      return (await exec.inspect()).ExitCode;
    }),
  );
  assert.deepEqual(
    codes,
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test('execs end with their container: what ran stays to be seen, what did not is gone', async () => {
  const container = await run();
  const [ran, never] = await Promise.all([1, 2].map(() => container.exec({ Cmd: ['sleep', '600'] })));
  (await ran!.start({ Detach: true })).resume();
  assert.deepEqual((await container.inspect()).ExecIDs?.length, 2);
  await container.kill();
  await eventually(async () => !(await ran!.inspect()).Running);
  assert.equal((await ran!.inspect()).ExitCode, 137);
  await assert.rejects(never!.inspect(), { statusCode: 404 });
});

test('an exec that is paused in between cannot be started until the container goes on', async () => {
  const container = await run();
  const exec = await container.exec({ Cmd: ['true'] });
  await container.pause();
  await assert.rejects(exec.start({ Detach: true }), { statusCode: 409 });
  await container.unpause();
  (await exec.start({ Detach: true })).resume();
  await eventually(async () => (await exec.inspect()).ExitCode === 0);
});

test('an exec that cannot begin: directory, user, command', async () => {
  const container = await run([], { Cmd: ['sleep', '600'], User: '1000:1000' });
  const begun = async (options: object): Promise<{ shown: string; code: number | null; user: string }> => {
    const exec = await container.exec({ Cmd: ['true'], AttachStdout: true, ...options });
    const shown = (await bytesOf(await exec.start({}))).subarray(8).toString();
    const { ExitCode, ProcessConfig } = (await exec.inspect()) as unknown as {
      ExitCode: number | null;
      ProcessConfig: { user: string };
    };
    return { shown, code: ExitCode, user: ProcessConfig.user };
  };
  const relative = await begun({ WorkingDir: 'etc' });
  assert.deepEqual([relative.code, relative.user], [128, '1000:1000']);
  assert.match(relative.shown, /OCI runtime exec failed: exec failed: Cwd must be an absolute path/);
  const file = await begun({ WorkingDir: '/etc/passwd' });
  assert.equal(file.code, 127);
  assert.match(file.shown, /not a directory: Are you trying to mount a directory onto a file/);
  assert.equal((await begun({ Cmd: ['/etc'] })).code, 126);
  for (const [User, message] of [
    ['nosuch', /unable to find user nosuch: no matching entries in passwd file/],
    ['-1', /uids and gids must be in range 0-2147483647/],
    ['root:nosuch', /unable to find group nosuch/],
  ] as const)
    await assert.rejects(container.exec({ Cmd: ['true'], User }), { statusCode: 400, message });
});

test('an exec in a working directory that is not absolute, and a link that is a name: internal errors', async () => {
  const container = await run();
  const exec = await container.exec({ Cmd: ['true'], WorkingDir: 'relative' });
  await assert.rejects(exec.start({ Detach: true }), { statusCode: 500, message: /Cwd must be an absolute path/ });
  await assert.rejects(container.remove({ link: true }), {
    statusCode: 500,
    message: /cannot remove the default link name/,
  });
});
