import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { containerName, dockerode } from '../support/engine.ts';

async function text(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString();
}

/** Splits a multiplexed stream as dockerode does, and waits for its end. */
async function demux(stream: NodeJS.ReadWriteStream): Promise<{ stdout: string; stderr: string }> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  dockerode.modem.demuxStream(stream, out, err);
  stream.on('end', () => {
    out.end();
    err.end();
  });
  const [stdout, stderr] = await Promise.all([text(out), text(err)]);
  return { stdout, stderr };
}

test('create, attach, start, wait, inspect, logs, remove', async () => {
  const container = await dockerode.createContainer({
    name: containerName(),
    Image: 'busybox',
    Cmd: ['sh', '-c', 'echo out; echo err >&2; exit 3'],
  });
  const stream = await container.attach({ stream: true, stdout: true, stderr: true });
  const shown = demux(stream);
  const waited = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
  await container.start();
  assert.equal((await waited).StatusCode, 3);
  assert.deepEqual(await shown, { stdout: 'out\n', stderr: 'err\n' });
  const info = await container.inspect();
  assert.equal(info.State.Status, 'exited');
  assert.equal(info.State.ExitCode, 3);
  assert.ok(Date.parse(info.State.FinishedAt) >= Date.parse(info.State.StartedAt));
  const logs = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  assert.ok([1, 2].includes(logs.readUInt8(0)));
  assert.equal(logs.length, 8 + 4 + 8 + 4);
  await container.remove();
  await assert.rejects(container.inspect(), { statusCode: 404 });
});

test('stdin through a hijacked attach: the half close reaches the process', async () => {
  const container = await dockerode.createContainer({
    name: containerName(),
    Image: 'busybox',
    Cmd: ['sha256sum'],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
  });
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
  const shown = demux(stream);
  await container.start();
  stream.write(Buffer.alloc(5_000_000, 'x'));
  stream.end();
  const { stdout } = await shown;
  const { createHash } = await import('node:crypto');
  assert.equal(stdout, `${createHash('sha256').update(Buffer.alloc(5_000_000, 'x')).digest('hex')}  -\n`);
});

test('two clients attached to one container see the same', async () => {
  const container = await dockerode.createContainer({
    name: containerName(),
    Image: 'busybox',
    Cmd: ['seq', '1', '1000'],
  });
  const streams = await Promise.all([1, 2].map(() => container.attach({ stream: true, stdout: true })));
  const shown = Promise.all(streams.map(demux));
  await container.start();
  const [one, two] = await shown;
  assert.equal(one?.stdout.split('\n').length, 1001);
  assert.deepEqual(one, two);
});

test('a container is killed, and takes an exec, from its first byte on: before start has answered', async () => {
  for (let i = 0; i < 10; i++) {
    const container = await dockerode.createContainer({
      name: containerName(),
      Image: 'busybox',
      Cmd: ['sh', '-c', 'trap "exit 9" TERM; echo up; while :; do sleep 0.05; done'],
    });
    const stream = await container.attach({ stream: true, stdout: true });
    const first = once(stream, 'data');
    const started = container.start();
    await first;
    const exec = await container.exec({ Cmd: ['true'] });
    assert.match(exec.id, /^[0-9a-f]{64}$/);
    await container.kill({ signal: 'SIGTERM' });
    await started;
    assert.equal(((await container.wait()) as { StatusCode: number }).StatusCode, 9);
    await container.remove();
  }
});

test('exec: create, start, output, inspect', async () => {
  const container = await dockerode.createContainer({
    name: containerName(),
    Image: 'busybox',
    Cmd: ['sleep', '600'],
  });
  await container.start();
  const exec = await container.exec({
    Cmd: ['sh', '-c', 'cat; exit 4'],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const before = await exec.inspect();
  assert.equal(before.Running, false);
  assert.equal(before.ExitCode, null);
  const stream = await exec.start({ hijack: true, stdin: true });
  const shown = demux(stream);
  stream.end('through the exec');
  assert.equal((await shown).stdout, 'through the exec');
  const info = await exec.inspect();
  assert.deepEqual({ Running: info.Running, ExitCode: info.ExitCode }, { Running: false, ExitCode: 4 });
  await container.kill();
});

test('wait: every condition', async () => {
  const name = containerName();
  const container = await dockerode.createContainer({ name, Image: 'busybox', Cmd: ['sh', '-c', 'exit 8'] });
  assert.equal((await container.wait()).StatusCode, 0);
  const next = container.wait({ condition: 'next-exit' });
  const removed = container.wait({ condition: 'removed' });
  await container.start();
  assert.equal((await next).StatusCode, 8);
  assert.equal((await container.wait({ condition: 'not-running' })).StatusCode, 8);
  await container.remove();
  assert.equal((await removed).StatusCode, 8);
  await assert.rejects(container.wait(), { statusCode: 404 });
});

test('list: filters by label, status, name and id', async () => {
  const name = containerName();
  const container = await dockerode.createContainer({
    name,
    Image: 'busybox',
    Cmd: ['sleep', '600'],
    Labels: { 'bt.list': name },
  });
  const ids = async (filters: Record<string, string[]>, all = true): Promise<string[]> =>
    (await dockerode.listContainers({ all, filters: JSON.stringify(filters) as never })).map(({ Id }) => Id);
  assert.deepEqual(await ids({ label: [`bt.list=${name}`] }), [container.id]);
  assert.deepEqual(await ids({ label: ['bt.list'], status: ['running'] }), []);
  assert.deepEqual(await ids({ name: [`^/${name}$`] }), [container.id]);
  assert.deepEqual(await ids({ id: [container.id.slice(0, 20)] }), [container.id]);
  assert.deepEqual(await ids({ label: ['bt.list'] }, false), []);
  await container.start();
  assert.deepEqual(await ids({ label: [`bt.list=${name}`] }, false), [container.id]);
});

test('events tell a container’s life in order, with its labels', async () => {
  const name = containerName();
  const since = Math.floor(Date.now() / 1000);
  const container = await dockerode.createContainer({
    name,
    Image: 'busybox',
    Cmd: ['sh', '-c', 'exit 2'],
    Labels: { 'bt.events': name },
  });
  const stream = (await dockerode.getEvents({
    since,
    filters: JSON.stringify({ label: [`bt.events=${name}`] }) as never,
  })) as unknown as NodeJS.ReadableStream & { destroy(): void };
  const seen: { Action: string; Actor: { Attributes: Record<string, string> } }[] = [];
  let rest = '';
  const died = new Promise<void>((resolve) =>
    stream.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter(Boolean)) seen.push(JSON.parse(line));
      if (seen.some(({ Action }) => Action === 'destroy')) resolve();
    }),
  );
  await container.start();
  await container.wait();
  await container.remove();
  await died;
  stream.destroy();
  assert.deepEqual(
    seen.map(({ Action }) => Action),
    ['create', 'start', 'die', 'destroy'],
  );
  assert.equal(seen[2]?.Actor.Attributes.exitCode, '2');
  assert.equal(seen[0]?.Actor.Attributes['bt.events'], name);
});

test('60 containers at once all start, run and end', async () => {
  const ended = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const container = await dockerode.createContainer({
        name: containerName(),
        Image: 'busybox',
        Cmd: ['sh', '-c', `exit ${i}`],
        HostConfig: { NetworkMode: 'none' },
      });
      const waited = container.wait({ condition: 'next-exit' });
      await container.start();
      const { StatusCode } = await waited;
      await container.remove({ force: true });
      return StatusCode;
    }),
  );
  assert.deepEqual(
    ended,
    Array.from({ length: 60 }, (_, i) => i),
  );
});
