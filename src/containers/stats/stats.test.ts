import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { Container } from '../container.ts';
import { Sampler } from './sampler.ts';
import { ContainerStats } from './service.ts';

interface Question {
  containers: { cgroup: string; pid: number; interfaces: string[] }[];
}

function container(id: string, running = true): Container {
  const fields = { id, name: id, running, hostConfig: { CgroupParent: '' }, state: { pid: 7 } };
  return Object.assign(new EventEmitter(), fields) as unknown as Container;
}

function sampling(intervalMs = 5): { sampler: Sampler; asked: Question[]; stats: ContainerStats } {
  const asked: Question[] = [];
  const request = async <T>(_op: string, params?: object): Promise<T> => {
    const question = params as Question;
    asked.push(question);
    const samples = question.containers.map(({ cgroup }) =>
      cgroup === '/docker/gone' ? null : { at: String(asked.length) },
    );
    return { machineTime: 1, processors: 2, samples } as T;
  };
  const sampler = new Sampler({
    executor: { request },
    cgroupParent: '/docker',
    interfacesOf: () => ['eth0'],
    intervalMs,
  });
  const containers = { get: () => container('a') };
  return { sampler, asked, stats: new ContainerStats({ containers, sampler }) };
}

test('what is asked for in one turn is one request, without those that do not run', async () => {
  const { sampler, asked } = sampling();
  const all = [container('a'), container('stopped', false), container('b'), container('gone')];
  const readings = await Promise.all(all.map((each) => sampler.once(each)));
  assert.deepEqual(
    readings.map((reading) => reading?.at),
    ['1', undefined, '1', undefined],
  );
  assert.deepEqual(asked, [
    {
      containers: ['a', 'b', 'gone'].map((id) => ({
        cgroup: `/docker/${id}`,
        pid: 7,
        interfaces: ['eth0'],
      })),
    },
  ]);
});

test('a container is read once a tick however many watch, and not at all when nobody does', async () => {
  const { sampler, asked } = sampling();
  const one = container('a');
  const { promise, resolve } = Promise.withResolvers<void>();
  const seen: string[] = [];
  const first = sampler.watch(one, (reading) => seen.push(`first ${reading?.at}`));
  const second = sampler.watch(one, (reading) => {
    seen.push(`second ${reading?.at}`);
    if (seen.length === 4) resolve();
  });
  await promise;
  first();
  second();
  assert.deepEqual(seen, ['first 1', 'second 1', 'first 2', 'second 2']);
  assert.deepEqual(
    asked.map(({ containers }) => containers.length),
    [1, 1],
  );
});

test('following gives the reading before with each, and ends with the container', async () => {
  const { stats } = sampling();
  const one = container('a');
  const seen: (string | undefined)[][] = [];
  for await (const { reading, previous } of stats.follow(one, new AbortController().signal)) {
    seen.push([previous?.at, reading?.at]);
    if (seen.length === 2) one.emit('removed');
  }
  assert.deepEqual(seen, [
    [undefined, '1'],
    ['1', '2'],
  ]);
  assert.equal(one.listenerCount('removed'), 0);
});

test('a client that goes ends the following', async () => {
  const { stats } = sampling(60_000);
  const client = new AbortController();
  let records = 0;
  for await (const _record of stats.follow(container('a'), client.signal)) {
    records++;
    client.abort();
  }
  assert.equal(records, 1);
});

test('one reading to compare with another waits for the second, of what runs only', async () => {
  const { stats } = sampling();
  const { signal } = new AbortController();
  const compared = await stats.once(container('a'), { compared: true, signal });
  assert.deepEqual([compared.previous?.at, compared.reading?.at], ['1', '2']);
  const stopped = await stats.once(container('a', false), { compared: true, signal });
  assert.equal(stopped.reading, undefined);
});

test('a stream of one shot is refused', () => {
  assert.throws(
    () => sampling().stats.find('a', { stream: true, oneShot: true }),
    /^EngineError: cannot have stream=true and one-shot=true|cannot have stream/,
  );
});
