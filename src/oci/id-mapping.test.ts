import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIdMap, hostRoot, rootOwner } from './id-mapping.ts';

const range = (containerID: number, hostID: number, size: number) => ({ containerID, hostID, size });

test('root of containers has the ids that 0 is mapped to', () => {
  assert.deepEqual(rootOwner(undefined), hostRoot);
  assert.deepEqual(rootOwner({ uids: [range(5, 7, 1), range(0, 100000, 5)], gids: [range(0, 200000, 9)] }), {
    uid: 100000,
    gid: 200000,
  });
});

test('a map as text is what the kernel takes', () => {
  assert.equal(formatIdMap([range(0, 100000, 10), range(10, 500000, 5)]), '0 100000 10\n10 500000 5\n');
  assert.equal(formatIdMap([]), '');
});
