import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { EngineError, cancelled, unavailable, type ErrorKind } from '../errors.ts';
import { logger } from '../log.ts';

const log = logger('executor');

/** What the executor found on this machine when it started (`hello`). */
export interface ExecutorHello {
  pid: number;
  version: string;
  cgroup: { version: 1 | 2; hybrid: boolean; controllers: string[] };
  seccomp: boolean;
  apparmor: boolean;
  selinux: boolean;
}

export interface ExecutorOptions {
  /** Path of `berth-executor`. */
  path: string;
  dataRoot: string;
  execRoot: string;
  /** Further arguments of the program. */
  args?: readonly string[];
  /** Further fields of the `hello` request: facts of this daemon the executor needs once. */
  hello?: Record<string, unknown>;
  /** How long a request may take when it names no deadline of its own. */
  deadlineMs?: number;
}

export interface RequestOptions {
  signal?: AbortSignal;
  /** Overrides the default; 0 for none (a layer may take as long as it takes). */
  deadlineMs?: number;
  /** A client's socket whose descriptor goes with the request. See `takeOver`. */
  socket?: Socket;
}

/** A failure the executor reported: the kind, and where in the work it happened. */
export class ExecutorError extends EngineError {
  /** errno of the system call that failed, or 0. */
  readonly errno: number;
  /** The named step that failed (`user`, `seccomp`, `bind`...). */
  readonly stage: string;

  constructor(kind: ErrorKind, message: string, errno: number, stage: string) {
    super(kind, message);
    this.errno = errno;
    this.stage = stage;
  }
}

/** The request never left this process. */
class NotDelivered extends Error {}

/** The executor ended while it was asked: what it had begun may be half done. The next request has a new one. */
export class ExecutorEnded extends EngineError {
  constructor(reason: string, cause?: unknown) {
    super('unavailable', reason, { cause });
  }
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Answer {
  /** Something nobody asked for, by name. */
  event?: string;
  id?: number;
  result?: unknown;
  error?: { kind?: ErrorKind; errno?: number; stage?: string; message?: string };
}

/**
 * The one native helper of the daemon: a long-lived child asked over its IPC channel, so that no request
 * ever forks the daemon. It is stateless; when it dies, pending requests fail as unavailable and the
 * next request starts another.
 */
export class Executor implements AsyncDisposable {
  readonly #options: Required<ExecutorOptions>;
  readonly #pending = new Map<number, Pending>();
  readonly #restarted = new Set<(hello: ExecutorHello) => void>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #child: ChildProcess | undefined;
  #ready: Promise<ExecutorHello> | undefined;
  #nextId = 1;
  #closed = false;
  #starts = 0;
  #earliestStart = 0;

  constructor(options: ExecutorOptions) {
    this.#options = { args: [], hello: {}, deadlineMs: 30_000, ...options };
  }

  /** Starts the program unless it runs, and returns what it said of itself. Throws unavailable. */
  ready(): Promise<ExecutorHello> {
    if (this.#closed) return Promise.reject(unavailable('the executor has been closed'));
    this.#ready ??= this.#start();
    return this.#ready;
  }

  /** Calls `listener` after each start but the first; what lived in the executor must be given again. */
  onRestart(listener: (hello: ExecutorHello) => void): () => void {
    this.#restarted.add(listener);
    return () => this.#restarted.delete(listener);
  }

  /** Calls `listener` whenever the executor reports `event` by itself (`net.flushed`). */
  onEvent(event: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /**
   * Asks for one operation (native/PROTOCOL.md). Throws ExecutorError with the executor's kind, unavailable
   * when it died or missed the deadline, cancelled when `signal` fired; the work is then cancelled there too.
   */
  async request<T = unknown>(op: string, params: object = {}, options: RequestOptions = {}): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      await this.ready();
      const child = this.#child;
      if (options.signal?.aborted) throw cancelled(`${op} was cancelled`, options.signal.reason);
      try {
        if (!child?.connected) throw new NotDelivered('the executor ended');
        return (await this.#ask(child, op, params, options)) as T;
      } catch (error) {
        if (!(error instanceof NotDelivered)) throw error;
        // It died while nobody looked; its successor has not heard of the request, so asking again is safe.
        if (child) this.#ended(child, error.message);
        if (attempt > 0) throw unavailable(error.message, error);
      }
    }
  }

  /** Process id of the running executor, if one runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Ends the executor. Requests still pending fail as unavailable; shims and containers live on. */
  async close(): Promise<void> {
    this.#closed = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    child.once('exit', () => resolve());
    if (child.connected) child.disconnect();
    const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await promise;
    clearTimeout(kill);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #start(): Promise<ExecutorHello> {
    await this.#holdOff();
    const { path, args, dataRoot, execRoot, hello } = this.#options;
    const child = spawn(path, [...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      detached: true,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    });
    this.#child = child;
    child.on('message', (message) => this.#receive(message as Answer));
    child.on('error', (error) => this.#ended(child, `could not start ${path}: ${error.message}`));
    child.on('exit', (code, signal) =>
      this.#ended(child, `the executor ended (${signal ?? `code ${code}`})`),
    );
    child.on('disconnect', () => this.#ended(child, 'the executor closed its channel'));
    const answer = (await this.#ask(child, 'hello', { dataRoot, execRoot, ...hello }, {})) as ExecutorHello;
    child.channel?.unref();
    child.unref();
    if (this.#starts++ > 0) for (const listener of this.#restarted) listener(answer);
    return answer;
  }

  /** An executor that dies at once is not restarted in a tight loop. */
  async #holdOff(): Promise<void> {
    const wait = this.#earliestStart - Date.now();
    this.#earliestStart = Math.max(Date.now(), this.#earliestStart) + 250;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }

  #ask(child: ChildProcess, op: string, params: object, options: RequestOptions): Promise<unknown> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { signal, socket, deadlineMs = this.#options.deadlineMs } = options;
    const giveUp = (error: unknown): void => {
      if (!this.#pending.has(id)) return;
      if (child.connected) child.send({ op: 'cancel', id });
      this.#settle(id)?.reject(error);
    };
    const aborted = (): void => giveUp(cancelled(`${op} was cancelled`, signal?.reason));
    const timer =
      deadlineMs > 0
        ? setTimeout(() => giveUp(unavailable(`${op} took longer than ${deadlineMs} ms`)), deadlineMs)
        : undefined;
    signal?.addEventListener('abort', aborted, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      if (this.#pending.size === 0) child.channel?.unref();
    };
    this.#pending.set(id, {
      resolve: (result) => (settled(), resolve(result)),
      reject: (error) => (settled(), reject(error)),
    });
    child.channel?.ref();
    child.send({ ...params, op, id }, handleOf(socket), { keepOpen: true }, (error) => {
      if (error) this.#settle(id)?.reject(new NotDelivered(`could not ask the executor: ${error.message}`));
    });
    return promise;
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #receive({ event, id, result, error }: Answer): void {
    if (event !== undefined) {
      for (const listener of this.#listeners.get(event) ?? []) listener();
      return;
    }
    const pending = id === undefined ? undefined : this.#settle(id);
    if (!pending) return;
    if (!error) return pending.resolve(result);
    const { kind = 'internal', message = 'the executor gave no reason', errno = 0, stage = '' } = error;
    pending.reject(new ExecutorError(kind, message, errno, stage));
  }

  #ended(child: ChildProcess, reason: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#ready = undefined;
    if (!this.#closed) log.error('executor ended', { reason, pending: this.#pending.size });
    for (const id of this.#pending.keys()) this.#settle(id)?.reject(new ExecutorEnded(reason));
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}

/**
 * Stops reading `socket` for good and returns the bytes that had already been read from it, so that another
 * process can go on with its descriptor where Node stopped. Send it with `request(..., { socket })`, then
 * `socket.destroy()`: closing our descriptor ends nothing for the peer. Only for plain sockets, never TLS.
 */
export function takeOver(socket: Socket): Buffer {
  socket.pause();
  // A pending nextTick of the stream calls _read, which would start the handle again.
  socket._read = () => {};
  handleOf(socket)?.readStop?.();
  return (socket.read() as Buffer | null) ?? Buffer.alloc(0);
}

/** Lets a socket that was taken over be read from again: what comes from now on. */
export function giveBack(socket: Socket): void {
  // Uncovers the stream's own.
  delete (socket as { _read?: unknown })._read;
  (handleOf(socket) as { readStart?(): void } | undefined)?.readStart?.();
}

/**
 * The native handle of a socket. Sent instead of the socket itself because Node tracks sent sockets of a
 * server through messages to a Node child, and the executor is none.
 */
function handleOf(socket: Socket | undefined): (Socket & { readStop?(): void }) | undefined {
  return socket && (socket as unknown as { _handle?: Socket & { readStop?(): void } })._handle;
}
