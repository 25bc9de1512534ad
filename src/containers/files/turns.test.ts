import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CopyTurns } from './turns.ts';

/** Copies that end when they are told, and the order in which they began and ended. */
function copies(patienceMs = 60_000) {
  const turns = new CopyTurns(patienceMs);
  const log: string[] = [];
  const begin = (name: string, own: boolean, id = 'c') => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = turns.take(id, own, async () => {
      log.push(`+${name}`);
      await promise;
      log.push(`-${name}`);
    });
    return { end: resolve, over };
  };
  return { begin, log };
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('copies through the mount of the container go on at once', async () => {
  const { begin, log } = copies();
  const all = [begin('a', false), begin('b', false), begin('other', true, 'd')];
  await soon();
  assert.deepEqual(log, ['+a', '+b', '+other']);
  for (const each of all) each.end();
  await Promise.all(all.map(({ over }) => over));
});

test('a copy with a mount of its own waits for those before it, and is waited for', async () => {
  const { begin, log } = copies();
  const running = begin('running', false);
  const own = begin('own', true);
  const next = begin('next', false);
  await soon();
  assert.deepEqual(log, ['+running']);
  running.end();
  await running.over;
  await soon();
  assert.deepEqual(log, ['+running', '-running', '+own']);
  own.end();
  next.end();
  await Promise.all([own.over, next.over]);
  assert.deepEqual(log.slice(3), ['-own', '+next', '-next']);
});

test('a copy that does not end is not waited for longer than it may be', async () => {
  const { begin, log } = copies(20);
  const stuck = begin('stuck', false);
  const own = begin('own', true);
  own.end();
  await own.over;
  assert.deepEqual(log, ['+stuck', '+own', '-own']);
  stuck.end();
  await stuck.over;
});
