import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, eventually } from '../support/engine.ts';
import { actionsOf, followEvents } from '../support/events.ts';

async function run(Cmd: string[], more: object = {}): Promise<Docker.Container> {
  const container = await dockerode.createContainer({
    name: containerName('signal'),
    Image: 'busybox',
    Cmd,
    ...more,
    HostConfig: { NetworkMode: 'none' },
  });
  await container.start();
  return container;
}

/** What a runtime is before it has become the program, signals do end. */
function isUp(container: Docker.Container): Promise<unknown> {
  return eventually(async () => String(await container.logs({ stdout: true })).includes('up'));
}

const traps = ['sh', '-c', 'trap "exit 5" TERM; trap "exit 6" HUP; echo up; while :; do sleep 0.02; done'];

async function trapping(more: object = {}): Promise<Docker.Container> {
  const container = await run(traps, more);
  await isUp(container);
  return container;
}

let target: Docker.Container;
before(async () => {
  // PID 1 takes only what it has asked for, so nothing here ends it.
  target = await run(['sh', '-c', 'echo up; exec sleep 600']);
  await isUp(target);
});

for (const signal of [
  'HUP',
  'sighup',
  'SIGHUP',
  '1',
  '+1',
  '64',
  '34',
  'RTMIN',
  'SIGRTMIN+15',
  'rtmax-14',
  'CLD',
  'POLL',
  'WINCH',
])
  test(`signal ${signal} is one`, () => target.kill({ signal }) as Promise<void>);

for (const signal of ['0', 'NOPE', 'SIG', ' 9', '0x9', '9.0', 'RTMIN+16', 'RTMAX-15', 'RTMIN-1'])
  test(`signal '${signal}' is none`, () =>
    assert.rejects(target.kill({ signal }), (error: { statusCode: number; message: string }) => {
      assert.equal(error.statusCode, 400);
      assert.ok(error.message.includes(`invalid signal: ${signal}`), error.message);
      return true;
    }));

for (const signal of ['32', '33', '65', '-1'])
  test(`signal ${signal} is not supported`, () =>
    assert.rejects(target.kill({ signal }), (error: { statusCode: number; message: string }) => {
      assert.equal(error.statusCode, 400);
      assert.ok(
        error.message.includes(`the linux daemon does not support signal ${Number(signal)}`),
        error.message,
      );
      return true;
    }));

test('a signal that is none: kill refuses it of anything, stop and restart of what runs', async () => {
  const refused = (call: Promise<unknown>, statusCode: number, words: RegExp): Promise<void> =>
    assert.rejects(call, (error: { statusCode: number; message: string }) => {
      assert.equal(error.statusCode, statusCode);
      assert.match(error.message, words);
      return true;
    });
  const signal = 'FOO';
  const nobody = dockerode.getContainer('nobody-here');
  await refused(nobody.kill({ signal }), 400, /cannot kill container: nobody-here: invalid signal: FOO/);
  await refused(nobody.kill({ signal: '99' }), 400, /the linux daemon does not support signal 99/);
  const container = await run(['sleep', '600'], { StopSignal: 'KILL' });
  const { id } = container;
  const options: object = { signal };
  await refused(container.stop(options), 500, new RegExp(`cannot stop container: ${id}: invalid signal: FOO`));
  await refused(container.restart(options), 500, new RegExp(`Cannot restart container ${id}: invalid signal`));
  await container.stop();
  await refused(container.stop(options), 304, /./);
});

test('a stop signal that does not exist is taken, and the container is killed instead', async () => {
  for (const StopSignal of ['65', '-1']) {
    const container = await run(['sleep', '600'], { StopSignal });
    await container.stop();
    assert.equal((await container.inspect()).State.ExitCode, 137);
  }
});

test('stop takes a signal of its own', async () => {
  const container = await trapping();
  await container.stop({ signal: 'SIGHUP' } as never);
  assert.equal((await container.inspect()).State.ExitCode, 6);
});

// [what, exit code or undefined for one that goes on, whether it says unpause]
const paused: [string, (container: Docker.Container) => Promise<unknown>, number | undefined, object][] = [
  ['stop', (c) => c.stop(), 5, {}],
  ['kill TERM', (c) => c.kill({ signal: 'TERM' }), 5, {}],
  ['kill HUP', (c) => c.kill({ signal: 'HUP' }), 6, {}],
  ['kill USR1', (c) => c.kill({ signal: 'WINCH' }), undefined, {}],
  ['kill HUP, its stop signal', (c) => c.kill({ signal: 'HUP' }), 6, { StopSignal: 'HUP' }],
];
for (const [name, act, code, more] of paused)
  test(`${name} of a paused container: it goes on, the signal reaches it`, async () => {
    const container = await trapping(more);
    const events = await followEvents(container.id);
    await container.pause();
    await act(container);
    await events.until(({ Action }) => Action === 'unpause');
    if (code !== undefined) await events.until(({ Action }) => Action === 'die');
    const { State } = await container.inspect();
    assert.deepEqual([State.Status, State.ExitCode], code === undefined ? ['running', 0] : ['exited', code]);
    assert.deepEqual(actionsOf(events.seen).slice(0, 1), ['pause']);
    events.close();
    if (code === undefined) await container.kill();
  });

test('a signal that is not to end a paused container waits for its end', async () => {
  const container = await trapping({ StopSignal: 'TERM' });
  await container.pause();
  await container.kill({ signal: 'HUP' });
  assert.equal((await container.inspect()).State.Status, 'paused');
  const ended = container.wait() as Promise<{ StatusCode: number }>;
  await container.unpause();
  assert.equal((await ended).StatusCode, 6);
});

test('a paused container: killed and removed by force, not started, removed, or run in', async () => {
  const container = await trapping();
  await container.pause();
  await assert.rejects(container.start(), { statusCode: 409 });
  await assert.rejects(container.pause(), { statusCode: 409 });
  await assert.rejects(container.remove(), { statusCode: 409 });
  await assert.rejects(container.exec({ Cmd: ['true'] }), { statusCode: 409 });
  await container.rename({ name: containerName('renamed') });
  const { Processes } = (await container.top()) as { Processes: string[][] };
  assert.ok(Processes.length >= 1);
  await container.remove({ force: true });
  await assert.rejects(container.inspect(), { statusCode: 404 });
  const killed = await trapping();
  await killed.pause();
  await killed.kill();
  assert.equal((await killed.inspect()).State.ExitCode, 137);
});
