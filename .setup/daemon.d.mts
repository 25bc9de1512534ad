/** A Berth of one's own; see daemon.mjs. */
export interface TestDaemon {
  socket: string;
  host: string;
  root: string;
  bridge: string;
  pid: number;
  firstAnswerMs: number;
  log(): string;
  /** Resolves when the process has ended, by whatever. */
  exited: Promise<void>;
  /** Sends a signal and waits for the end of the process. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends the daemon and removes all it kept. */
  stop(): Promise<void>;
}

export function startDaemon(options?: {
  flags?: string[];
  root?: string;
  bridge?: string;
  env?: Record<string, string>;
  /** A command that executes the words after its own, in surroundings of its making. */
  under?: string[];
}): Promise<TestDaemon>;
export function get(socketPath: string, path: string): Promise<{ status: number; body: string }>;
