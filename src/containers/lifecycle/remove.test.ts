import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventBus } from '../../events/bus.ts';
import { Database } from '../../metadata/database.ts';
import { Container, type ContainerRecord } from '../container.ts';
import type { ContainerDeps } from '../deps.ts';
import type { ContainerPaths } from '../paths.ts';
import { initialState } from '../state.ts';
import { ContainerStore } from '../store.ts';
import { ContainerRemover } from './remove.ts';
import { RestartTimers } from './restart-policy.ts';
import type { ContainerStopper } from './stop.ts';

test('of a container that was removed by force nothing is remembered', async () => {
  const store = new ContainerStore(new Database(':memory:'));
  const id = 'a'.repeat(64);
  const record = {
    id,
    name: 'one',
    config: { Labels: {} },
    hostConfig: {},
    mounts: [],
    anonymousVolumes: [],
  } as unknown as ContainerRecord;
  const container = new Container(record, { ...initialState(), status: 'running' });
  store.reserve('one', id);
  store.insert(container);
  const timers = new RestartTimers();
  const stopper = {
    async killNow() {
      timers.giveUp(id);
      store.move(container, { status: 'exited' });
    },
  } as unknown as ContainerStopper;
  const deps = {
    events: new EventBus(),
    networks: { forget() {} },
    snapshotter: { async remove() {} },
  } as unknown as ContainerDeps;
  const paths = { directory: () => '/nowhere/to/be/found' } as unknown as ContainerPaths;
  const remover = new ContainerRemover(deps, store, paths, { stopper, timers });
  await remover.remove(container, 'one', { force: true, volumes: false, link: false });
  assert.equal(store.find(id), undefined);
  assert.equal(timers.hasGivenUp(id), false);
  assert.equal(remover.isRemoving(id), false);
});
