import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBus, nowNano, type EngineEvent } from './bus.ts';
import { matchesEvent } from './filter.ts';
import { followEvents, type FollowOptions } from './follow.ts';

const busybox = { image: 'busybox:1.36', name: 'web-1', tier: 'front' };
const event = (
  type: string,
  action: string,
  id: string,
  attributes: Record<string, string> = {},
): EngineEvent => ({
  type,
  action,
  actor: { id, attributes },
  scope: 'local',
  timeNano: 1n,
});
const died = event('container', 'die', 'abcdef', busybox);

test('filters of one name are alternatives, those of different names must all pass', () => {
  assert.ok(matchesEvent(died, { event: ['start', 'die'], type: ['container'] }));
  assert.ok(!matchesEvent(died, { event: ['die'], type: ['image'] }));
});

test('objects are found by the beginning of their id or name', () => {
  for (const value of ['abcdef', 'abc', 'web-1', 'web'])
    assert.ok(matchesEvent(died, { container: [value] }), value);
  assert.ok(!matchesEvent(died, { container: ['bcd'] }));
});

test('images match by name with or without tag, of the container events too', () => {
  for (const value of ['busybox:1.36', 'busybox']) assert.ok(matchesEvent(died, { image: [value] }), value);
  assert.ok(!matchesEvent(died, { image: ['busy'] }));
  assert.ok(matchesEvent(event('image', 'tag', 'sha256:1', { name: 'a/b:c' }), { image: ['a/b'] }));
});

test('all labels must be there', () => {
  assert.ok(matchesEvent(died, { label: ['tier', 'tier=front'] }));
  assert.ok(!matchesEvent(died, { label: ['tier=front', 'stage'] }));
});

test('actions that go on after a colon are matched by their beginning', () => {
  const made = event('container', 'exec_create: sh -c ls', 'abc');
  assert.ok(matchesEvent(made, { event: ['exec_create'] }));
  assert.ok(!matchesEvent(made, { event: ['exec'] }));
});

test('unknown and empty filters let everything pass', () => {
  assert.ok(matchesEvent(died, { colour: ['red'], type: [] }));
});

test('past events come first and none is lost or repeated at the seam', async () => {
  const bus = new EventBus();
  const since = nowNano();
  const { follow, stop } = open(bus, { since });
  bus.publish('container', 'create', 'one');
  const first = follow.next();
  bus.publish('container', 'start', 'one');
  assert.equal((await first).value?.action, 'create');
  assert.equal((await follow.next()).value?.action, 'start');
  const waiting = follow.next();
  bus.publish('container', 'die', 'one');
  assert.equal((await waiting).value?.action, 'die');
  stop.abort();
  assert.equal((await follow.next()).done, true);
  assert.equal(bus.listenerCount, 0);
});

test('without since or until nothing past is given', async () => {
  const bus = new EventBus();
  bus.publish('container', 'create', 'old');
  const { follow } = open(bus, {});
  const waiting = follow.next();
  bus.publish('container', 'create', 'new');
  assert.equal((await waiting).value?.actor.id, 'new');
  await follow.return(undefined);
  assert.equal(bus.listenerCount, 0);
});

test('an end in the past ends after what is remembered, one to come when it has come', async () => {
  const bus = new EventBus();
  bus.publish('container', 'create', 'one');
  const past = open(bus, { until: nowNano() }).follow;
  assert.equal((await past.next()).value?.actor.id, 'one');
  assert.equal((await past.next()).done, true);
  const soon = open(bus, { since: nowNano(), until: nowNano() + 30_000_000n }).follow;
  assert.equal((await soon.next()).done, true);
});

test('a reader that falls too far behind is given up', async () => {
  const bus = new EventBus();
  const { follow } = open(bus, {});
  const first = follow.next();
  for (let count = 0; count < 65_540; count++) bus.publish('container', 'create', 'x');
  await assert.rejects(first, { kind: 'unavailable' });
  assert.equal(bus.listenerCount, 0);
});

test('one that takes nothing at all holds no memory without end', async () => {
  const bus = new EventBus();
  const { follow } = open(bus, {});
  const first = follow.next();
  bus.publish('container', 'create', 'x');
  assert.equal((await first).done, false);
  for (let count = 0; count < 65_540; count++) bus.publish('container', 'create', 'x');
  assert.equal(bus.listenerCount, 0);
  await assert.rejects(follow.next(), { kind: 'unavailable' });
});

function open(
  bus: EventBus,
  options: Partial<FollowOptions>,
): { follow: AsyncGenerator<EngineEvent>; stop: AbortController } {
  const stop = new AbortController();
  const follow = followEvents(bus, {
    since: undefined,
    until: undefined,
    filters: {},
    signal: stop.signal,
    ...options,
  });
  return { follow, stop };
}
