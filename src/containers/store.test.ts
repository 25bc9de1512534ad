import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Database } from '../metadata/database.ts';
import { Container, type ContainerRecord } from './container.ts';
import { initialState } from './state.ts';
import { ContainerStore } from './store.ts';

const idOf = (start: string): string => start.padEnd(64, '0');

function record(id: string, name: string, created = '2026-01-01T00:00:00Z'): ContainerRecord {
  return {
    id,
    name,
    created,
    config: {},
    hostConfig: {},
    endpoints: {},
    imageId: '',
    mounts: [],
    anonymousVolumes: [],
  } as unknown as ContainerRecord;
}

function storeWith(...entries: [id: string, name: string, created?: string][]): {
  store: ContainerStore;
  db: Database;
} {
  const db = new Database(':memory:');
  const store = new ContainerStore(db);
  for (const [id, name, created] of entries) {
    store.reserve(name, idOf(id));
    store.insert(new Container(record(idOf(id), name, created), initialState()));
  }
  return { store, db };
}

test('a container is found by id, name, name with a slash, and unique prefix', () => {
  const { store } = storeWith(['ab1', 'one'], ['ab2', 'two']);
  for (const given of [idOf('ab1'), 'one', '/one', 'ab1']) assert.equal(store.get(given).name, 'one');
});

test('a name wins over a prefix of an id', () => {
  const { store } = storeWith(['abc', 'one'], ['def', 'abc']);
  assert.equal(store.get('abc').id, idOf('def'));
});

test('an ambiguous prefix, a missing name and an empty one each have their error', () => {
  const { store } = storeWith(['ab1', 'one'], ['ab2', 'two']);
  assert.throws(() => store.get('ab'), {
    kind: 'invalid-argument',
    message: 'multiple IDs found with provided prefix: ab',
  });
  assert.throws(() => store.get('zz'), { kind: 'not-found', message: 'No such container: zz' });
  assert.throws(() => store.get(''), { kind: 'invalid-argument' });
});

test('a reserved name is taken before there is a row, and free after the reservation is given up', () => {
  const { store } = storeWith();
  store.reserve('x1', 'a');
  assert.throws(() => store.reserve('x1', 'b'), { kind: 'conflict' });
  store.unreserve('x1', 'b');
  assert.ok(store.hasName('x1'), 'only the holder gives a name up');
  store.unreserve('x1', 'a');
  assert.ok(!store.hasName('x1'));
});

test('moves, renames and deletions are what a new daemon reads', () => {
  const { store, db } = storeWith(['a', 'one', '2026-01-01T00:00:00Z'], ['b', 'two', '2026-01-02T00:00:00Z']);
  const one = store.get('one');
  store.move(one, { status: 'running', pid: 7 });
  store.reserve('uno', one.id);
  store.change(one, { name: 'uno' });
  store.delete(store.get('two'));
  const again = new ContainerStore(db);
  assert.deepEqual(
    again.all().map(({ name, state }) => [name, state.status, state.pid]),
    [['uno', 'running', 7]],
  );
  assert.ok(!again.hasName('one') && !again.hasName('two'));
});

test('a move the table does not have changes neither row nor memory', () => {
  const { store, db } = storeWith(['a', 'one']);
  assert.throws(() => store.move(store.get('one'), { status: 'paused' }), { kind: 'internal' });
  assert.equal(store.get('one').state.status, 'created');
  assert.equal(new ContainerStore(db).get('one').state.status, 'created');
});

test('the newest container is listed first', () => {
  const { store } = storeWith(['a', 'old', '2026-01-01T00:00:00Z'], ['b', 'new', '2026-01-02T00:00:00Z']);
  assert.deepEqual(
    store.all().map(({ name }) => name),
    ['new', 'old'],
  );
});

test('hooks run for each run, a failing one harms nobody, and one taken off is not called', async () => {
  const { store } = storeWith(['a', 'one']);
  const container = store.get('one');
  const calls: string[] = [];
  container.onPrepared(async () => {
    calls.push('kept');
    throw new Error('a client is gone');
  });
  container.onPrepared(async () => void calls.push('dropped'))();
  await container.prepared({} as never);
  assert.deepEqual(calls, ['kept']);
});

test('rows of before containers could be on several networks name the one of their mode', () => {
  const db = new Database(':memory:');
  db.migrate({
    owner: 'containers',
    steps: [
      'CREATE TABLE containers (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL, state TEXT NOT NULL) WITHOUT ROWID',
    ],
  });
  const insert = (id: string, NetworkMode: string): void =>
    void db.run(
      'INSERT INTO containers VALUES (?, ?, ?, ?)',
      idOf(id),
      id,
      JSON.stringify({ ...record(idOf(id), id), hostConfig: { NetworkMode } }),
      JSON.stringify(initialState()),
    );
  insert('a', 'default');
  insert('b', 'host');
  insert('c', 'container:x');
  const store = new ContainerStore(db);
  const networks = ['a', 'b', 'c'].map((name) => Object.keys(store.get(name).record.endpoints));
  assert.deepEqual(networks, [['bridge'], ['host'], []]);
});
