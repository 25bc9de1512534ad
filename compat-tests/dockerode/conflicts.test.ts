import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, patience } from '../support/engine.ts';

const clients = 16;
const callsEach = 8;

/** Numbers below `limit`, the same for the same seed. */
function random(seed: number): (limit: number) => number {
  let state = seed % 2_147_483_648;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
}

/** Statuses with which Docker's engine refuses what the state does not allow. */
const refusals: ReadonlySet<number> = new Set([304, 400, 404, 409, 500]);

type Call = (container: Docker.Container, serial: number) => Promise<unknown>;

const calls: Record<string, Call> = {
  start: (c) => c.start(),
  stop: (c) => c.stop({ t: 0 }),
  kill: (c) => c.kill(),
  signal: (c) => c.kill({ signal: 'WINCH' }),
  restart: (c) => c.restart({ t: 0 }),
  pause: (c) => c.pause(),
  unpause: (c) => c.unpause(),
  rename: (c, serial) => c.rename({ name: containerName(`conflict-${serial}`) }),
  exec: async (c) => {
    const exec = await c.exec({ Cmd: ['true'] });
    (await exec.start({ Detach: true })).resume();
  },
  top: (c) => c.top(),
  inspect: (c) => c.inspect(),
};

/** A refusal is an answer; none in a minute is not. */
async function answered(name: string, call: Promise<unknown>): Promise<number> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${name} hangs`)), 30_000 * patience);
  try {
    await Promise.race([call, late.promise]);
    return 200;
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === undefined || !refusals.has(statusCode)) throw error;
    return statusCode;
  } finally {
    clearTimeout(timer);
  }
}

/** The fields of a state agree, and with what can be done. */
async function consistent(container: Docker.Container): Promise<void> {
  const { State } = await container.inspect();
  const { Status, Running, Paused, Restarting, Dead, Pid } = State;
  assert.ok(['created', 'running', 'paused', 'exited'].includes(Status), Status);
  assert.deepEqual(
    { Running, Paused, Restarting, Dead, alive: Pid > 0 },
    {
      Running: Status === 'running' || Status === 'paused',
      Paused: Status === 'paused',
      Restarting: false,
      Dead: false,
      alive: Status === 'running' || Status === 'paused',
    },
  );
  const top = await answered('top', container.top());
  assert.equal(top === 200, Running, `top answers ${top} in state ${Status}`);
}

for (const removing of [false, true])
  test(
    `${clients} clients at one container${removing ? ', some of which remove it' : ''}`,
    { timeout: 120_000 * patience },
    async (context) => {
      const seed = Number(process.env['BERTH_SEED'] ?? Date.now() % 1_000_000);
      context.diagnostic(`seed ${seed}`);
      const next = random(seed);
      const container = await dockerode.createContainer({
        name: containerName('conflict'),
        Image: 'busybox',
        Cmd: ['sleep', '600'],
        StopSignal: 'SIGKILL',
        HostConfig: { NetworkMode: 'none' },
      });
      const names = Object.keys(calls);
      let serial = 0;
      await Promise.all(
        Array.from({ length: clients }, async (_, client) => {
          for (let i = 0; i < callsEach; i++) {
            const name = names[next(names.length)] as string;
            await answered(name, (calls[name] as Call)(container, ++serial));
          }
          if (removing && client % 4 === 0) await answered('remove', container.remove({ force: true }));
        }),
      );
      if (removing) {
        await answered('remove', container.remove({ force: true }));
        assert.equal(await answered('inspect', container.inspect()), 404);
        return;
      }
      await consistent(container);
      // Whatever state it is in: it can be brought to run, end and go.
      await answered('unpause', container.unpause());
      await answered('start', container.start());
      await consistent(container);
      await container.stop({ t: 0 });
      await consistent(container);
      await container.remove();
    },
  );

test('a rename that a removal overtakes takes no name', async () => {
  const Volumes = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`/v${index}`, {}]));
  for (let round = 0; round < 5; round++) {
    const container = await dockerode.createContainer({
      name: containerName('overtaken'),
      Image: 'busybox',
      Cmd: ['true'],
      Volumes,
    });
    const name = containerName('overtaking');
    await Promise.all([
      answered('remove', container.remove({ v: true })),
      answered('rename', container.rename({ name })),
    ]);
    const next = await dockerode.createContainer({ name, Image: 'busybox', Cmd: ['true'] });
    await next.remove();
  }
});

test('a list with sizes does not fail for a container that goes meanwhile', async () => {
  let over = false;
  const lists = async (): Promise<void> => {
    while (!over) await dockerode.listContainers({ all: true, size: true });
  };
  const comings = async (): Promise<void> => {
    try {
      for (let round = 0; round < 20; round++) {
        const Image = 'busybox';
        const container = await dockerode.createContainer({ name: containerName('passing'), Image });
        await container.remove();
      }
    } finally {
      over = true;
    }
  };
  await Promise.all([lists(), lists(), comings()]);
});
