import { nowNano } from '../../events/bus.ts';
import { ShimError } from '../../runtime/shim-client.ts';
import type { Container } from '../container.ts';
import type { ExecService } from '../exec/service.ts';
import { formatTime } from '../times.ts';

/** One check of a container's health, as inspect shows it. */
export interface ProbeResult {
  /** RFC 3339 with nanoseconds. */
  Start: string;
  End: string;
  /** 0 healthy; -1 when it took too long or could not be started. */
  ExitCode: number;
  Output: string;
}

/** More of a probe's output is cut. */
const limitBytes = 4096;

/** How the shim begins the words for a program that cannot be run. */
const notStarted = 'OCI runtime exec failed';

/**
 * Runs one command in the container and reports how it ended; one that takes longer than `timeoutMs` is killed.
 * @throws conflict when the container does not run or is paused; cancelled when `signal` fires; unavailable when it has ended
 */
export async function probe(
  exec: Pick<ExecService, 'probe'>,
  container: Container,
  command: readonly string[],
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<ProbeResult> {
  const Start = formatTime(nowNano());
  const result = (ExitCode: number, Output: string): ProbeResult => ({
    Start,
    End: formatTime(nowNano()),
    ExitCode,
    Output,
  });
  try {
    const answer = await exec.probe(container, command, { timeoutMs, limitBytes, signal });
    const output = answer.cut ? `${answer.output}...` : answer.output;
    if (!answer.late) return result(answer.exitCode, output);
    const late = `Health check exceeded timeout (${formatDuration(timeoutMs)})`;
    return result(-1, output === '' ? late : `${late}: ${output}`);
  } catch (error) {
    if (error instanceof ShimError && error.message.startsWith(notStarted)) return result(-1, error.message);
    throw error;
  }
}

/** `1m30s`, `200ms`: as Go writes a length of time. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  const tail = `${seconds}s`;
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}
