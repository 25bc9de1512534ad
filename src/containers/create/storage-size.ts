import { basename, dirname } from 'node:path';
import { parseSize } from '../../config/values.ts';
import { internal, messageOf } from '../../errors.ts';
import { ExecutorError, type Executor } from '../../host/executor.ts';
import type { HostConfig } from '../../runtime/config.ts';
import type { Rootfs } from '../../snapshots/snapshotter.ts';

/** Project numbers of snapshots begin here, above those an administrator gives by hand. */
const firstProject = 0x4000_0000;

/**
 * Keeps what a container writes to the size its `StorageOpt` says, by a project quota on the directories of its snapshot, which
 * must be empty yet.
 * @throws internal with the reference's text where the file system keeps no such quotas
 */
export async function limitStorage(
  { StorageOpt }: Pick<HostConfig, 'StorageOpt'>,
  rootfs: Rootfs,
  executor: Pick<Executor, 'request'>,
): Promise<void> {
  const size = StorageOpt?.['size'];
  if (size === undefined || rootfs.type !== 'overlay') return;
  const bytes = sizeOf(size);
  if (bytes === 0) return;
  const { upper, work } = rootfs;
  const project = firstProject + Number(basename(dirname(upper)));
  try {
    await executor.request('tree.quota', { paths: [upper, work], project, bytes });
  } catch (error) {
    if (!(error instanceof ExecutorError) || error.stage !== 'quota') throw error;
    throw internal("--storage-opt is supported only for overlay over xfs with 'pquota' mount option", error);
  }
}

function sizeOf(text: string): number {
  try {
    return parseSize(text);
  } catch (error) {
    throw internal(messageOf(error), error);
  }
}
