import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runsOrWill, withContainerLock } from './lock.ts';

test('a container that is being started counts as running once it is', async () => {
  const container = { id: 'starting', running: false };
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const { promise: written, resolve: write } = Promise.withResolvers<void>();
  const start = withContainerLock(container.id, async () => {
    begin();
    await written;
    container.running = true;
  });
  await begun;
  const asked = runsOrWill(container);
  write();
  assert.equal(await asked, true);
  await start;
});

test('a container without a move under way is what it is', async () => {
  assert.equal(await runsOrWill({ id: 'stopped', running: false }), false);
});
