import type { Health } from '../../src/containers/health/monitor.ts';
import type { ContainerState } from '../../src/containers/state.ts';
import { humanDuration } from './duration.ts';

/** `State` of inspect. While a restart policy waits, the container counts as running. */
export function stateOf(state: Readonly<ContainerState>, health?: Health): object {
  const { status, pid, exitCode, error, oomKilled, startedAt, finishedAt } = state;
  return {
    Status: status,
    Running: status === 'running' || status === 'paused' || status === 'restarting',
    Paused: status === 'paused',
    Restarting: status === 'restarting',
    OOMKilled: oomKilled,
    Dead: status === 'dead',
    Pid: pid,
    ExitCode: exitCode,
    Error: error,
    StartedAt: startedAt,
    FinishedAt: finishedAt,
    ...(health && { Health: health }),
  };
}

/** `Status` of the list: `Up 3 seconds (Paused)`, `Exited (0) 2 minutes ago`. */
export function statusText(state: Readonly<ContainerState>, nowMs: number, health?: Health): string {
  const since = (time: string): string => humanDuration(nowMs - Date.parse(time));
  switch (state.status) {
    case 'running':
      return `Up ${since(state.startedAt)}${healthText(health)}`;
    case 'paused':
      return `Up ${since(state.startedAt)} (Paused)`;
    case 'restarting':
      return `Restarting (${state.exitCode}) ${since(state.finishedAt)} ago`;
    case 'exited':
      return state.finishedAt.startsWith('0001-')
        ? 'Created'
        : `Exited (${state.exitCode}) ${since(state.finishedAt)} ago`;
    case 'removing':
      return 'Removal In Progress';
    case 'dead':
      return 'Dead';
    case 'created':
      return 'Created';
  }
}

function healthText(health: Health | undefined): string {
  if (!health) return '';
  return health.Status === 'starting' ? ' (health: starting)' : ` (${health.Status})`;
}
