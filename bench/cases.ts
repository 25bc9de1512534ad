import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineClient } from './client.ts';
import { oneFile, put, tree, type Upload } from './copy.ts';
import { engineCpuMs } from './cpu.ts';

/** One measured thing. `run` returns its figure; smaller is better unless `higherIsBetter`. */
export interface Case {
  name: string;
  unit: 'ms' | 'MB/s' | '/s' | 'ms/s';
  higherIsBetter?: boolean;
  /** Most that Berth's figure may be of the reference's (for rates: least). */
  bar: number;
  /** Rounds on each engine in a full run. */
  rounds: number;
  prepare?(engine: EngineClient): Promise<void>;
  run(engine: EngineClient, round: number): Promise<number>;
  finish?(engine: EngineClient): Promise<void>;
}

const image = 'busybox:latest';

interface Created {
  Id: string;
}

async function create(engine: EngineClient, config: object, name?: string): Promise<string> {
  const query = name === undefined ? '' : `?name=${name}`;
  const { Id } = await engine.json<Created>('POST', `/containers/create${query}`, {
    Image: image,
    ...config,
  });
  return Id;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const remove = (engine: EngineClient, id: string): Promise<Buffer> =>
  engine.call('DELETE', `/containers/${id}?force=1&v=1`);

/** create, start, wait, remove: one container's whole life. */
function whole(name: string, bar: number, config: object): Case {
  return {
    name,
    unit: 'ms',
    bar,
    rounds: 40,
    run: (engine) =>
      timed(async () => {
        const id = await create(engine, { Cmd: ['true'], ...config });
        const waited = engine.json('POST', `/containers/${id}/wait?condition=next-exit`);
        await engine.call('POST', `/containers/${id}/start`);
        await waited;
        await remove(engine, id);
      }),
  };
}

/** A case that uses containers which run for its whole length. */
function withRunning(
  count: number,
  config: object,
  rest: Omit<Case, 'prepare' | 'finish' | 'run'>,
  run: (engine: EngineClient, ids: string[]) => Promise<number>,
): Case {
  const running = new Map<EngineClient, string[]>();
  return {
    ...rest,
    async prepare(engine) {
      const ids: string[] = [];
      running.set(engine, ids);
      for (let i = 0; i < count; i++) {
        const id = await create(engine, { Cmd: ['sleep', '3600'], StopSignal: 'SIGKILL', ...config });
        ids.push(id);
        await engine.call('POST', `/containers/${id}/start`);
      }
    },
    run: (engine) => run(engine, running.get(engine) as string[]),
    async finish(engine) {
      for (const id of running.get(engine) ?? []) await remove(engine, id);
    },
  };
}

/** CPU time an engine uses, in milliseconds for each second of the next `seconds`. */
async function cpuOver(engine: EngineClient, seconds: number): Promise<number> {
  const before = await engineCpuMs(engine);
  const began = performance.now();
  await pause(seconds * 1000);
  return ((await engineCpuMs(engine)) - before) / ((performance.now() - began) / 1000);
}

/**
 * Copies into a new container each round, so that nothing is replaced. One with few bytes is `kept` to the end: ext4 is slow to make
 * files where many have just been removed, and that would be measured. One with many goes at once, before the kernel writes it: the
 * disk would be measured.
 */
function copyIn(name: string, archive: () => Promise<Upload>, rounds: number, kept: boolean): Case {
  let upload: Promise<Upload> | undefined;
  const filled = new Map<EngineClient, string[]>();
  return {
    name,
    unit: 'ms',
    bar: 1 / 2,
    rounds,
    async prepare(engine) {
      await (upload ??= archive());
      filled.set(engine, []);
    },
    async run(engine) {
      const made = await (upload as Promise<Upload>);
      const id = await create(engine, { Cmd: ['true'] });
      const taken = await timed(() => put(engine, id, '/tmp', made));
      if (kept) filled.get(engine)?.push(id);
      else await remove(engine, id);
      return taken;
    },
    async finish(engine) {
      for (const id of filled.get(engine) ?? []) await remove(engine, id);
    },
  };
}

/** Fetches something of a container that an archive has been put into. */
function copyOut(
  name: string,
  archive: () => Promise<Upload>,
  rounds: number,
  work: (engine: EngineClient, id: string) => Promise<unknown>,
): Case {
  const filled = new Map<EngineClient, string>();
  return {
    name,
    unit: 'ms',
    bar: 1 / 2,
    rounds,
    async prepare(engine) {
      const id = await create(engine, { Cmd: ['true'] });
      filled.set(engine, id);
      await put(engine, id, '/tmp', await archive());
    },
    run: (engine) => timed(() => work(engine, filled.get(engine) as string)),
    finish: async (engine) => {
      await remove(engine, filled.get(engine) as string);
    },
  };
}

const file = (): Promise<Upload> => oneFile('file', 500);
const files = (): Promise<Upload> => tree('tree', 10_000);

const none = { HostConfig: { NetworkMode: 'none' } };

/** So many that the kernel's clock ticks, by which CPU time is counted, are fine enough. */
const statsSweeps = 20;

/** Asks for the statistics of all of them at once. */
const oneShots = (engine: EngineClient, ids: string[]): Promise<number> =>
  timed(() =>
    Promise.all(ids.map((id) => engine.call('GET', `/containers/${id}/stats?stream=false&one-shot=true`))),
  );

const parallel = 60;

/** For what takes less than a millisecond: enough that neither a compiler's first rounds nor a neighbour decide the median. */
const manyRounds = 1000;

export const cases: Case[] = [
  whole('create-start-wait-remove, no network', 1 / 5, none),
  whole('create-start-wait-remove, bridge', 1 / 6, {}),
  whole('create-start-wait-remove, one port', 1 / 6, {
    ExposedPorts: { '80/tcp': {} },
    HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } },
  }),
  withRunning(1, none, { name: 'exec true', unit: 'ms', bar: 1 / 4, rounds: 40 }, (engine, [id]) =>
    timed(async () => {
      const exec = await engine.json<Created>('POST', `/containers/${id}/exec`, {
        Cmd: ['true'],
        AttachStdout: true,
      });
      const stream = await engine.hijack(`/exec/${exec.Id}/start`, { Detach: false });
      stream.resume();
      await once(stream, 'end');
      stream.destroy();
      const { ExitCode } = await engine.json<{ ExitCode: number }>('GET', `/exec/${exec.Id}/json`);
      if (ExitCode !== 0) throw new Error(`exec ended with ${ExitCode}`);
    }),
  ),
  {
    name: `${parallel} parallel starts`,
    unit: '/s',
    higherIsBetter: true,
    bar: 5,
    rounds: 3,
    async run(engine) {
      const ids = await Promise.all(
        Array.from({ length: parallel }, () =>
          create(engine, { Cmd: ['sleep', '600'], StopSignal: 'SIGKILL', ...none }),
        ),
      );
      const ms = await timed(() =>
        Promise.all(ids.map((id) => engine.call('POST', `/containers/${id}/start`))),
      );
      for (const id of ids) await remove(engine, id);
      return parallel / (ms / 1000);
    },
  },
  {
    name: 'attach 200 MB',
    unit: 'MB/s',
    higherIsBetter: true,
    bar: 2,
    rounds: 3,
    async run(engine) {
      const id = await create(engine, {
        // Large writes: a producer that is slower than the engine would measure itself.
        Cmd: ['dd', 'if=/dev/zero', 'bs=64k', 'count=3052'],
        AttachStdout: true,
        HostConfig: { NetworkMode: 'none', LogConfig: { Type: 'none', Config: {} } },
      });
      const stream = await engine.hijack(`/containers/${id}/attach?stream=1&stdout=1`);
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => (bytes += chunk.length));
      const ended = once(stream, 'end');
      const ms = await timed(async () => {
        await engine.call('POST', `/containers/${id}/start`);
        await ended;
      });
      stream.destroy();
      if (bytes < 200_000_000) throw new Error(`only ${bytes} bytes arrived`);
      await remove(engine, id);
      return 200 / (ms / 1000);
    },
  },
  {
    name: 'logs, 500,000 lines written',
    unit: 'ms',
    bar: 1,
    rounds: 2,
    run: async (engine) => {
      const id = await create(engine, {
        Cmd: ['sh', '-c', 'yes "a line of a log, of ordinary length" | head -n 500000'],
        ...none,
      });
      const waited = engine.json('POST', `/containers/${id}/wait?condition=next-exit`);
      const ms = await timed(async () => {
        await engine.call('POST', `/containers/${id}/start`);
        await waited;
      });
      await remove(engine, id);
      return ms;
    },
  },
  (() => {
    const written = new Map<EngineClient, string>();
    return {
      name: 'logs, 500,000 lines read',
      unit: 'ms',
      bar: 1,
      rounds: 2,
      async prepare(engine) {
        const id = await create(engine, {
          Cmd: ['sh', '-c', 'yes "a line of a log, of ordinary length" | head -n 500000'],
          ...none,
        });
        written.set(engine, id);
        const waited = engine.json('POST', `/containers/${id}/wait?condition=next-exit`);
        await engine.call('POST', `/containers/${id}/start`);
        await waited;
      },
      run: (engine) =>
        timed(async () => {
          const answer = await engine.open('GET', `/containers/${written.get(engine)}/logs?stdout=1`);
          let bytes = 0;
          answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
          await once(answer, 'end');
          if (bytes !== 500_000 * 44) throw new Error(`${bytes} bytes of log`);
        }),
      finish: async (engine) => {
        await remove(engine, written.get(engine) as string);
      },
    } satisfies Case;
  })(),
  (() => {
    const all = new Map<EngineClient, string[]>();
    return {
      name: 'list of 200 containers',
      unit: 'ms',
      bar: 1,
      rounds: 20,
      async prepare(engine) {
        const ids: string[] = [];
        all.set(engine, ids);
        for (let i = 0; i < 200; i++) ids.push(await create(engine, { Cmd: ['true'], ...none }));
      },
      run: (engine) => timed(() => engine.call('GET', '/containers/json?all=1')),
      async finish(engine) {
        for (const id of all.get(engine) ?? []) await remove(engine, id);
      },
    } satisfies Case;
  })(),
  copyIn('cp, 500 MB in', file, 5, false),
  copyOut('cp, 500 MB out', file, 5, (engine, id) =>
    engine.download(`/containers/${id}/archive?path=/tmp/file`),
  ),
  copyIn('cp, 10,000 files in', files, 5, true),
  copyOut('cp, 10,000 files out', files, 5, (engine, id) =>
    engine.download(`/containers/${id}/archive?path=/tmp/tree`),
  ),
  copyOut('export, 10,000 files', files, 5, (engine, id) => engine.download(`/containers/${id}/export`)),
  copyOut('commit, 10,000 files', files, 3, async (engine, id) => {
    const { Id } = await engine.json<Created>('POST', `/commit?container=${id}&pause=0`);
    await engine.call('DELETE', `/images/${Id}?force=1`);
  }),
  withRunning(1, none, { name: 'inspect', unit: 'ms', bar: 1, rounds: manyRounds }, (engine, [id]) =>
    timed(() => engine.call('GET', `/containers/${id}/json`)),
  ),
  withRunning(
    100,
    { ...none, Healthcheck: { Test: ['CMD', 'true'], Interval: 1_000_000_000 } },
    { name: 'health of 100 containers each second, CPU', unit: 'ms/s', bar: 1 / 5, rounds: 2 },
    (engine) => cpuOver(engine, 20),
  ),
  withRunning(
    50,
    {},
    { name: 'stats of 50 containers, one shot', unit: 'ms', bar: 1 / 2, rounds: 20 },
    oneShots,
  ),
  withRunning(
    50,
    {},
    { name: 'stats of 50 containers, one shot, CPU', unit: 'ms', bar: 1 / 5, rounds: 4 },
    async (engine, ids) => {
      const before = await engineCpuMs(engine);
      for (let sweep = 0; sweep < statsSweeps; sweep++) await oneShots(engine, ids);
      return ((await engineCpuMs(engine)) - before) / statsSweeps;
    },
  ),
  (() => {
    let label = 0;
    return {
      name: 'prune of 200 stopped containers',
      unit: 'ms',
      bar: 1 / 3,
      rounds: 3,
      async run(engine) {
        const Labels = { 'bench.prune': String(++label) };
        for (let i = 0; i < 200; i++) {
          const id = await create(engine, { Cmd: ['true'], Labels, ...none });
          // What a prune finds in practice has run.
          const ended = engine.json('POST', `/containers/${id}/wait?condition=next-exit`);
          await engine.call('POST', `/containers/${id}/start`);
          await ended;
        }
        const filters = encodeURIComponent(JSON.stringify({ label: [`bench.prune=${label}`] }));
        let pruned: { ContainersDeleted: string[] } | undefined;
        const ms = await timed(async () => {
          pruned = await engine.json('POST', `/containers/prune?filters=${filters}`);
        });
        if (pruned?.ContainersDeleted.length !== 200) throw new Error('not all were pruned');
        return ms;
      },
    } satisfies Case;
  })(),
  {
    name: 'ping',
    unit: 'ms',
    bar: 1,
    rounds: manyRounds,
    run: (engine) => timed(() => engine.call('GET', '/_ping')),
  },
];
