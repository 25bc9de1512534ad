import { internal } from '../errors.ts';

/** What `State.Status` shows. */
export type Status = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

/**
 * The table of allowed moves. `restarting` is the wait between two runs of a restart policy. A move to itself changes what
 * goes with the status: a start that failed leaves an exit code and an error, a stop is noted before it has worked.
 */
const moves: Readonly<Record<Status, readonly Status[]>> = {
  created: ['created', 'running', 'removing'],
  running: ['running', 'paused', 'exited', 'created', 'restarting', 'removing'],
  paused: ['paused', 'running', 'exited', 'restarting', 'removing'],
  restarting: ['running', 'exited', 'restarting', 'removing'],
  exited: ['exited', 'running', 'restarting', 'removing'],
  removing: ['dead', 'removing'],
  dead: ['removing', 'dead'],
};

/** The changing part of a container, stored at each move. Times are RFC 3339 with nanoseconds. */
export interface ContainerState {
  status: Status;
  /** Host pid of init; 0 when not running. */
  pid: number;
  exitCode: number;
  error: string;
  oomKilled: boolean;
  /** Zero time when never started. */
  startedAt: string;
  finishedAt: string;
  /** Runs the restart policy has made since the last start by a user. */
  restartCount: number;
  /** A user stopped it: `unless-stopped` and `always` heed it. */
  manuallyStopped: boolean;
}

/** Go's zero time, which stands for "never". */
export const zeroTime = '0001-01-01T00:00:00Z';

export function initialState(): ContainerState {
  return {
    status: 'created',
    pid: 0,
    exitCode: 0,
    error: '',
    oomKilled: false,
    startedAt: zeroTime,
    finishedAt: zeroTime,
    restartCount: 0,
    manuallyStopped: false,
  };
}

/** True for the states in which a process of the container exists. */
export function isRunning({ status }: Pick<ContainerState, 'status'>): boolean {
  return status === 'running' || status === 'paused';
}

/** Throws internal when the move is not in the table: a fault of the engine, never of a client. */
export function assertMove(from: Status, to: Status): void {
  if (!moves[from].includes(to)) throw internal(`a container cannot go from ${from} to ${to}`);
}
