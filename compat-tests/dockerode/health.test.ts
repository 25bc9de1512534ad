import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, eventually } from '../support/engine.ts';
import { actionsOf, followEvents } from '../support/events.ts';

const ms = 1_000_000;

interface Health {
  Status: string;
  FailingStreak: number;
  Log: { Start: string; End: string; ExitCode: number; Output: string }[];
}

async function checked(
  Healthcheck: object,
  more: Docker.ContainerCreateOptions = {},
): Promise<Docker.Container> {
  const container = await dockerode.createContainer({
    name: containerName('health'),
    Image: 'busybox',
    Cmd: ['sleep', '600'],
    StopSignal: 'SIGKILL',
    ...more,
    Healthcheck,
    HostConfig: { NetworkMode: 'none' },
  } as Docker.ContainerCreateOptions);
  await container.start();
  return container;
}

async function execDetached(container: Docker.Container, Cmd: string[]): Promise<void> {
  const answer = await (await container.exec({ Cmd })).start({ Detach: true });
  // Even an answer without a body is to be read, or its connection stays.
  answer.resume();
}

async function healthOf(container: Docker.Container): Promise<Health> {
  const { State } = (await container.inspect()) as unknown as { State: { Health: Health } };
  return State.Health;
}

/** Waits for the first check and tells what it left. */
function firstResult(container: Docker.Container): Promise<Health['Log'][number]> {
  return eventually(async () => (await healthOf(container)).Log.at(-1));
}

test('a check makes a container healthy, failures make it unhealthy, a success heals it', async () => {
  const container = await checked({ Test: ['CMD', 'test', '-e', '/ok'], Interval: 100 * ms, Retries: 2 });
  const events = await followEvents(container.id);
  const run = async (...Cmd: string[]): Promise<void> => {
    await execDetached(container, Cmd);
  };
  const status = (action: string): Promise<unknown> => events.until(({ Action }) => Action === action);
  await status('health_status: unhealthy');
  const sick = await healthOf(container);
  assert.equal(sick.Status, 'unhealthy');
  assert.ok(sick.FailingStreak >= 2);
  assert.ok(sick.Log.length <= 5);
  assert.equal(sick.Log.at(-1)?.ExitCode, 1);
  await run('touch', '/ok');
  await status('health_status: healthy');
  const healthy = await healthOf(container);
  assert.deepEqual([healthy.Status, healthy.FailingStreak], ['healthy', 0]);
  events.close();
});

test('each check is an exec in the events, with its command and exit code', async () => {
  const container = await checked({ Test: ['CMD-SHELL', 'exit 3', 'word'], Interval: 100 * ms, Retries: 50 });
  const events = await followEvents(container.id);
  const died = await events.until(({ Action }) => Action === 'exec_die');
  assert.equal(died.Actor.Attributes['exitCode'], '3');
  const about = events.seen.filter(
    ({ Actor }) => Actor.Attributes['execID'] === died.Actor.Attributes['execID'],
  );
  const command = '/bin/sh -c exit 3 word';
  assert.deepEqual(actionsOf(about).slice(-2), [`exec_start: ${command}`, 'exec_die 3']);
  events.close();
});

test('the last five results are kept, with both streams, cut at 4096 bytes', async () => {
  const container = await checked({
    Test: ['CMD-SHELL', 'echo out; echo err >&2; sleep 0.2; yes 0123456 | head -c 10000'],
    Interval: 20 * ms,
  });
  const health = await eventually(async () => {
    const now = await healthOf(container);
    return now.Log.length === 5 ? now : undefined;
  }, 20_000);
  const { Output, Start, End } = health.Log[4] as Health['Log'][number];
  assert.equal(Output.length, 4096 + '...'.length);
  assert.match(Output, /^(out\nerr|err\nout)\n0123456\n/);
  assert.match(Output, /\.\.\.$/);
  assert.ok(Date.parse(Start) <= Date.parse(End));
});

test('a check that takes too long is killed and counts as failed', async () => {
  const container = await checked({
    Test: ['CMD-SHELL', 'echo begun; exec sleep 30'],
    Interval: 50 * ms,
    Timeout: 700 * ms,
    Retries: 1,
  });
  const { ExitCode, Output } = await firstResult(container);
  assert.equal(ExitCode, -1);
  assert.equal(Output, 'Health check exceeded timeout (700ms): begun\n');
  assert.equal((await healthOf(container)).Status, 'unhealthy');
});

test('a command that is not there counts as failed, with the runtime’s words', async () => {
  const container = await checked({ Test: ['CMD', 'nosuch'], Interval: 50 * ms, Retries: 1 });
  const { ExitCode, Output } = await firstResult(container);
  assert.equal(ExitCode, -1);
  assert.match(Output, /exec: "nosuch": executable file not found in \$PATH/);
});

test('a check runs as the container does: user, directory, environment, no input, no terminal', async () => {
  const container = await checked(
    { Test: ['CMD-SHELL', 'id -u; pwd; echo $FROM; cat; test -t 1 || echo plain'], Interval: 50 * ms },
    { User: '1000', WorkingDir: '/tmp', Env: ['FROM=config'] },
  );
  assert.equal((await firstResult(container)).Output, '1000\n/tmp\nconfig\nplain\n');
});

test('failures in the start period count for nothing; a success ends it', async () => {
  const container = await checked({
    Test: ['CMD', 'test', '-e', '/ok'],
    Interval: 60_000 * ms,
    StartPeriod: 60_000 * ms,
    StartInterval: 50 * ms,
    Retries: 1,
  });
  await firstResult(container);
  const early = await healthOf(container);
  assert.deepEqual([early.Status, early.FailingStreak, early.Log[0]?.ExitCode], ['starting', 0, 1]);
  await execDetached(container, ['touch', '/ok']);
  await eventually(async () => (await healthOf(container)).Status === 'healthy');
});

test('none and empty: no check, no health', async () => {
  for (const Test of [['NONE'], []]) {
    const container = await checked({ Test });
    assert.equal(await healthOf(container), undefined);
  }
});

test('who is not checked is unhealthy: a paused container and an ended one; a start begins anew', async () => {
  const container = await checked({ Test: ['CMD', 'true'], Interval: 100 * ms });
  const events = await followEvents(container.id);
  await eventually(async () => (await healthOf(container)).Status === 'healthy');
  await container.pause();
  assert.equal((await healthOf(container)).Status, 'unhealthy');
  await container.unpause();
  await eventually(async () => (await healthOf(container)).Status === 'healthy');
  await container.kill();
  const ended = await eventually(async () => {
    const { State } = (await container.inspect()) as unknown as {
      State: { Running: boolean; Health: Health };
    };
    return State.Running ? undefined : State.Health;
  });
  assert.equal(ended.Status, 'unhealthy');
  assert.ok(!events.seen.some(({ Action }) => Action === 'health_status: unhealthy'));
  await container.start();
  const again = await healthOf(container);
  assert.deepEqual([again.Status, again.FailingStreak], ['starting', 0]);
  events.close();
});

test('the list shows and filters health', async () => {
  const container = await checked({ Test: ['CMD', 'true'], Interval: 100 * ms });
  const found = async (health: string): Promise<string[]> => {
    const filters = JSON.stringify({ id: [container.id], health: [health] }) as never;
    return (await dockerode.listContainers({ filters })).map(({ Status }) => Status);
  };
  await eventually(async () => (await found('healthy')).length === 1);
  assert.match((await found('healthy'))[0] ?? '', /^Up .* \(healthy\)$/);
  assert.deepEqual(await found('unhealthy'), []);
});

test('times below a millisecond and negative retries are refused', async () => {
  for (const [field, value, message] of [
    ['Interval', 1000, 'Interval in Healthcheck cannot be less than 1ms'],
    ['Timeout', 1000, 'Timeout in Healthcheck cannot be less than 1ms'],
    ['StartPeriod', 1000, 'StartPeriod in Healthcheck cannot be less than 1ms'],
    ['StartInterval', 1000, 'StartInterval in Healthcheck cannot be less than 1ms'],
    ['Retries', -1, 'Retries in Healthcheck cannot be negative'],
  ] as const) {
    const created = dockerode.createContainer({
      Image: 'busybox',
      Healthcheck: { Test: ['CMD', 'true'], [field]: value },
    } as Docker.ContainerCreateOptions);
    await assert.rejects(created, (error: { statusCode: number; message: string }) => {
      assert.equal(error.statusCode, 400);
      assert.ok(error.message.includes(message), error.message);
      return true;
    });
  }
});
