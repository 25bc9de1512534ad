/** What a client asked to run. Names as in ExecConfig of the Docker API. */
export interface ExecConfig {
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  Tty: boolean;
  /** Program and arguments; never empty. */
  Cmd: readonly string[];
  Env: readonly string[];
  /** `user[:group]`; '' for the container's own. */
  User: string;
  /** '' for the container's own. */
  WorkingDir: string;
  Privileged: boolean;
  /** As the user wrote them; '' for the default. */
  DetachKeys: string;
  /** Rows, columns. */
  ConsoleSize: readonly [number, number] | undefined;
}

/** One process to be run in a container besides its own; it runs once at most. */
export class Exec {
  /** 64 hex digits. */
  readonly id: string;
  readonly containerId: string;
  readonly config: Readonly<ExecConfig>;
  /** The bytes of the detach keys; empty when the user named none. */
  readonly detachKeys: Buffer;
  running = false;
  /** Null until it has ended or failed to start. */
  exitCode: number | null = null;
  /** Host pid; 0 before the start, kept after the end. */
  pid = 0;
  readonly #settled = Promise.withResolvers<void>();

  constructor(id: string, containerId: string, config: ExecConfig, detachKeys: Buffer) {
    this.id = id;
    this.containerId = containerId;
    this.config = config;
    this.detachKeys = detachKeys;
  }

  /** Resolves when it has been started or has failed to. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Its process exists from now on. */
  started(pid: number): void {
    this.pid = pid;
    this.#settled.resolve();
  }

  /** It has ended or could not be started. Returns false when that was known. */
  ended(exitCode: number): boolean {
    this.#settled.resolve();
    if (this.exitCode !== null) return false;
    this.running = false;
    this.exitCode = exitCode;
    return true;
  }
}
