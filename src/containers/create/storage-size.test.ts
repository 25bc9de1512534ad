import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ExecutorError } from '../../host/executor.ts';
import type { HostConfig } from '../../runtime/config.ts';
import type { Rootfs } from '../../snapshots/snapshotter.ts';
import { limitStorage } from './storage-size.ts';

const rootfs: Rootfs = {
  type: 'overlay',
  lower: ['/data/snapshots/6/fs'],
  upper: '/data/snapshots/7/fs',
  work: '/data/snapshots/7/work',
  readonly: false,
};
const sized = (size?: string): Pick<HostConfig, 'StorageOpt'> =>
  size === undefined ? {} : { StorageOpt: { size } };

/** An executor that notes what it is asked, and answers with `error` if there is one. */
function executorWith(error?: Error): {
  asked: unknown[];
  request<T>(op: string, more?: object): Promise<T>;
} {
  const asked: unknown[] = [];
  return {
    asked,
    request<T>(op: string, more?: object): Promise<T> {
      asked.push([op, more]);
      return error ? Promise.reject(error) : Promise.resolve({} as T);
    },
  };
}

test('a size is a quota on both directories of the snapshot, under a number of its own', async () => {
  const executor = executorWith();
  await limitStorage(sized('64m'), rootfs, executor);
  const request = { paths: [rootfs.upper, rootfs.work], project: 0x4000_0007, bytes: 64 * 1024 * 1024 };
  assert.deepEqual(executor.asked, [['tree.quota', request]]);
});

test('without a size nothing is asked', async () => {
  const executor = executorWith();
  await limitStorage(sized(), rootfs, executor);
  await limitStorage(sized('0'), rootfs, executor);
  assert.deepEqual(executor.asked, []);
});

test('a file system without quotas is told of in the words of the reference, other failures in their own', async () => {
  const refused = (stage: string): Promise<void> =>
    limitStorage(sized('1g'), rootfs, executorWith(new ExecutorError('internal', 'set a quota', 38, stage)));
  await assert.rejects(refused('quota'), {
    kind: 'internal',
    message: "--storage-opt is supported only for overlay over xfs with 'pquota' mount option",
  });
  await assert.rejects(refused(''), { message: 'set a quota' });
  await assert.rejects(limitStorage(sized('x'), rootfs, executorWith()), { message: "invalid size: 'x'" });
});
