import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Container, type ContainerRecord } from './container.ts';
import { initialState, type ContainerState } from './state.ts';
import { waitForContainer } from './wait.ts';

const never = new AbortController().signal;

function container(state: Partial<ContainerState> = {}): Container {
  return new Container({ id: 'a'.repeat(64), name: 'a' } as ContainerRecord, { ...initialState(), ...state });
}

function exit(one: Container, exitCode: number): void {
  one.moved({ ...one.state, status: 'exited', exitCode });
  one.emit('exited', { code: exitCode, at: 0n, oomKilled: false });
}

test('a container that does not run is answered at once, with its start error', async () => {
  assert.deepEqual(await waitForContainer(container(), 'not-running', never), { exitCode: 0, error: '' });
  const failed = container({ exitCode: 127, error: 'no such program' });
  assert.deepEqual(await waitForContainer(failed, 'not-running', never), {
    exitCode: 127,
    error: 'no such program',
  });
});

test('a running container is waited for', async () => {
  const running = container({ status: 'running' });
  const waiting = waitForContainer(running, 'not-running', never);
  exit(running, 5);
  assert.equal((await waiting).exitCode, 5);
});

test('the next exit is waited for although the container does not run yet', async () => {
  const created = container();
  const waiting = waitForContainer(created, 'next-exit', never);
  created.moved({ ...created.state, status: 'running' });
  exit(created, 3);
  assert.equal((await waiting).exitCode, 3);
});

test('an exit does not end the wait for the removal, the removal ends every wait', async () => {
  const running = container({ status: 'running' });
  const removed = waitForContainer(running, 'removed', never);
  let done = false;
  void removed.then(() => (done = true));
  exit(running, 4);
  await new Promise(setImmediate);
  assert.equal(done, false);
  const next = waitForContainer(running, 'next-exit', never);
  running.emit('removed');
  assert.equal((await removed).exitCode, 4);
  assert.equal((await next).exitCode, 4);
});

test('a removal does not say why the container could not be started', async () => {
  const failed = container({ exitCode: 127, error: 'no such program' });
  const removed = waitForContainer(failed, 'removed', never);
  failed.emit('removed');
  assert.deepEqual(await removed, { exitCode: 127, error: '' });
});

test('a waiter that leaves is forgotten', async () => {
  const running = container({ status: 'running' });
  const client = new AbortController();
  const waiting = waitForContainer(running, 'not-running', client.signal);
  client.abort();
  await assert.rejects(waiting, { kind: 'cancelled', message: 'context canceled' });
  assert.equal(running.listenerCount('exited') + running.listenerCount('removed'), 0);
});
