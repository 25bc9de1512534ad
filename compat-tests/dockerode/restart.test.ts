import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, eventually } from '../support/engine.ts';
import { actionsOf, followEvents } from '../support/events.ts';

interface Made {
  container: Docker.Container;
  events: Awaited<ReturnType<typeof followEvents>>;
}

async function made(policy: string, Cmd: string[], more: object = {}, retries = 0): Promise<Made> {
  const container = await dockerode.createContainer({
    name: containerName('restart'),
    Image: 'busybox',
    Cmd,
    ...more,
    HostConfig: {
      NetworkMode: 'none',
      RestartPolicy: { Name: policy, MaximumRetryCount: retries },
    },
  });
  return { container, events: await followEvents(container.id) };
}

const fails = ['sh', '-c', 'exit 3'];
/** Ends by itself on HUP and TERM; says when it is ready. */
const traps = ['sh', '-c', 'trap "exit 5" TERM; trap "exit 6" HUP; echo up; while :; do sleep 0.02; done'];

async function startTrapping({ container }: Made): Promise<void> {
  await container.start();
  await eventually(async () => String(await container.logs({ stdout: true })).includes('up'));
}

/** Waits until the policy waits after at least `count` restarts: by then the waits are long. */
function inBackoff({ container }: Made, count = 5): Promise<unknown> {
  return eventually(async () => {
    const { RestartCount, State } = await container.inspect();
    return RestartCount >= count && State.Restarting;
  }, 20_000);
}

test('on-failure: as many times as it may, counted, every end told', async () => {
  const { container, events } = await made('on-failure', fails, {}, 3);
  const first = container.wait({ condition: 'next-exit' }) as Promise<{ StatusCode: number }>;
  await container.start();
  assert.equal((await first).StatusCode, 3);
  await eventually(async () => (await container.inspect()).State.Status === 'exited');
  const { RestartCount, State } = await container.inspect();
  assert.deepEqual([RestartCount, State.ExitCode], [3, 3]);
  const run = ['start', 'die 3'];
  await events.until((_, seen) => seen.length >= 8);
  assert.deepEqual(actionsOf(events.seen), [...run, ...run, ...run, ...run]);
  events.close();
});

test('on-failure leaves a success alone', async () => {
  const { container, events } = await made('on-failure', ['true']);
  await container.start();
  await events.until(({ Action }) => Action === 'die');
  assert.equal((await container.inspect()).State.Status, 'exited');
  events.close();
});

test('always: the wait doubles, and the container counts as running meanwhile', async () => {
  const one = await made('always', fails);
  await one.container.start();
  await inBackoff(one, 6);
  const { State } = await one.container.inspect();
  assert.deepEqual([State.Status, State.Running, State.Pid], ['restarting', true, 0]);
  const ends = one.events.seen.filter(({ Action }) => Action === 'die');
  const starts = one.events.seen.filter(({ Action }) => Action === 'start').slice(1);
  const waits = starts.map(({ timeNano }, i) => (timeNano - (ends[i]?.timeNano ?? 0)) / 1e6);
  for (const [i, wait] of waits.entries()) assert.ok(wait >= 95 * 2 ** i, `wait ${i}: ${waits.join()}`);
  one.events.close();
});

test('while it waits: stop ends it, start finds it started, most else is refused', async () => {
  const one = await made('always', fails);
  const { container } = one;
  await container.start();
  await inBackoff(one);
  await assert.rejects(container.start(), { statusCode: 304 });
  await assert.rejects(container.pause(), { statusCode: 409 });
  await assert.rejects(container.exec({ Cmd: ['true'] }), { statusCode: 409 });
  await assert.rejects(container.remove(), { statusCode: 409 });
  await inBackoff(one);
  const waited = container.wait() as Promise<{ StatusCode: number }>;
  await container.stop();
  assert.equal((await waited).StatusCode, 3);
  const { State } = await container.inspect();
  assert.deepEqual([State.Status, State.Running], ['exited', false]);
  await one.events.until(({ Action }) => Action === 'stop');
  one.events.close();
});

test('a kill while it waits ends it, whatever the signal', async () => {
  const one = await made('always', fails);
  await one.container.start();
  await inBackoff(one);
  await one.container.kill({ signal: 'HUP' });
  await eventually(async () => (await one.container.inspect()).State.Status === 'exited');
  await assert.rejects(one.container.kill(), { statusCode: 409 });
  one.events.close();
});

test('a restart while it waits begins the count anew', async () => {
  const one = await made('always', fails);
  await one.container.start();
  await inBackoff(one, 6);
  await one.container.restart();
  assert.ok((await one.container.inspect()).RestartCount < 4);
  one.events.close();
});

test('a removal by force while it waits removes it', async () => {
  const one = await made('always', fails);
  await one.container.start();
  await inBackoff(one, 4);
  const gone = one.container.wait({ condition: 'removed' }) as Promise<{ StatusCode: number }>;
  await one.container.remove({ force: true });
  assert.equal((await gone).StatusCode, 3);
  one.events.close();
});

// Which signals end a container for good: [policy, signal, its stop signal, is it run again?]
for (const [policy, signal, StopSignal, again] of [
  ['always', 'KILL', '', false],
  ['always', 'TERM', '', false],
  ['always', 'HUP', '', false],
  ['always', 'HUP', 'TERM', true],
  ['always', 'HUP', 'HUP', false],
  ['unless-stopped', 'HUP', 'TERM', false],
  ['on-failure', 'HUP', 'TERM', true],
  ['on-failure', 'TERM', '', false],
] as const)
  test(`${policy}, killed by ${signal}, stop signal '${StopSignal}': ${again ? 'runs again' : 'ends'}`, async () => {
    const one = await made(policy, traps, StopSignal ? { StopSignal } : {});
    await startTrapping(one);
    await one.container.kill({ signal });
    await one.events.until(({ Action }) => Action === 'die');
    if (again)
      await one.events.until((_, seen) => seen.filter(({ Action }) => Action === 'start').length === 2);
    else assert.equal((await one.container.inspect()).State.Status, 'exited');
    await one.container.kill().catch(() => {});
    one.events.close();
  });

test('a stop, and a start after it: stopped by hand, counted anew', async () => {
  const one = await made('always', traps);
  await startTrapping(one);
  await one.container.stop();
  assert.equal((await one.container.inspect()).State.Status, 'exited');
  await one.container.start();
  assert.equal((await one.container.inspect()).RestartCount, 0);
  await one.container.kill();
  one.events.close();
});

/** A running container whose network others share. */
async function networkOwner(): Promise<Docker.Container> {
  const owner = await dockerode.createContainer({
    name: containerName('owner'),
    Image: 'busybox',
    Cmd: ['sleep', '600'],
    HostConfig: { NetworkMode: 'none' },
  });
  await owner.start();
  return owner;
}

test('a policy whose run cannot start any more gives up, with the reason', async () => {
  const owner = await networkOwner();
  const container = await dockerode.createContainer({
    name: containerName('joined'),
    Image: 'busybox',
    Cmd: ['sh', '-c', 'sleep 1; exit 3'],
    HostConfig: { NetworkMode: `container:${owner.id}`, RestartPolicy: { Name: 'always' } },
  });
  await container.start();
  await owner.remove({ force: true });
  const { State } = await eventually(async () => {
    const info = await container.inspect();
    return info.State.Status === 'exited' && info.State.Error !== '' ? info : undefined;
  });
  assert.equal(State.ExitCode, 3);
  assert.match(State.Error, /No such container/);
});

test('a user’s restart that cannot start: an internal error, and what is to be removed at its end is', async () => {
  const owner = await networkOwner();
  const joined = async (AutoRemove: boolean): Promise<Docker.Container> => {
    const container = await dockerode.createContainer({
      name: containerName('joined'),
      Image: 'busybox',
      Cmd: ['sleep', '600'],
      HostConfig: { NetworkMode: `container:${owner.id}`, AutoRemove },
    });
    await container.start();
    return container;
  };
  const [stays, goes] = [await joined(false), await joined(true)];
  await owner.remove({ force: true });
  for (const container of [stays, goes])
    await assert.rejects(container.restart({ t: 0 }), {
      statusCode: 500,
      message: new RegExp(`Cannot restart container ${container.id}: .*No such container: ${owner.id}`),
    });
  assert.equal((await stays.inspect()).State.Status, 'exited');
  await eventually(() =>
    goes.inspect().then(
      () => false,
      ({ statusCode }: { statusCode: number }) => statusCode === 404,
    ),
  );
});
