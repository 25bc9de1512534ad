import type { Progress } from '../src/images/service.ts';
import type { StreamOut } from './handler.ts';

/**
 * Runs `work` with a sink of progress records that leave in order on `out`. The work waits for none of them; the last one has left
 * when this returns or throws.
 */
export async function withProgress(
  out: StreamOut,
  work: (progress: Progress) => Promise<void>,
): Promise<void> {
  let sent = Promise.resolve();
  const progress: Progress = (record) => {
    sent = sent.then(() => out.record(record));
    sent.catch(() => {});
  };
  try {
    await work(progress);
  } finally {
    await sent;
  }
}
