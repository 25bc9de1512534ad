import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import { EngineError, cancelled, internal, unavailable } from '../errors.ts';
import {
  formatRequest,
  maxLineBytes,
  parseLine,
  type ShimLine,
  type ShimParams,
  type ShimValues,
} from './shim-line.ts';

/** How a container ended. */
export interface ExitStatus {
  /** Docker's: 128 + signal when killed. */
  code: number;
  /** Nanoseconds since the epoch. */
  at: bigint;
  oomKilled: boolean;
}

/** What the shim says of itself. */
export interface ShimHello {
  version: string;
  /** Process id of the container's init, or 0 when it has ended. */
  pid: number;
  state: 'created' | 'running' | 'paused' | 'stopped';
  /** Live execs: id to process id. */
  execs: Map<string, number>;
}

interface ShimEvents {
  /** The container has ended, its output is written and flushed. */
  exit: [ExitStatus];
  'exec-exit': [{ id: string; code: number; at: bigint }];
  oom: [{ at: bigint }];
  /** A client has sent the detach keys, or its stdin ended in a way that detaches it. */
  detach: [{ exec: string | undefined }];
  /** All output of the container or an exec has been written and delivered. */
  closed: [{ exec: string | undefined }];
  /** The connection has ended: the shim is gone, or `close` was called. Nothing follows. */
  disconnect: [];
}

export interface ShimRequestOptions {
  signal?: AbortSignal;
  /** Default 10 s: a shim answers in well under a millisecond unless its work is what is asked. */
  deadlineMs?: number;
}

/** A failure the shim reported: where, and the errno of the system call. `message` is Docker's text for the client. */
export class ShimError extends EngineError {
  readonly errno: number;
  readonly stage: string;

  constructor(message: string, errno: number, stage: string) {
    super('internal', message);
    this.errno = errno;
    this.stage = stage;
  }
}

interface Pending {
  resolve(values: ShimValues): void;
  reject(error: unknown): void;
}

/**
 * A connection to the shim of one container (native/PROTOCOL.md, section 2): requests answered in any order, and
 * after `subscribe` its events. The shim holds all state; connections come and go with daemons.
 */
export class ShimClient extends EventEmitter<ShimEvents> {
  /** The socket's path, for `shim.attach` and `shim.exec` of the executor. */
  readonly path: string;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  #nextSeq = 1;
  #rest = '';
  #ended = false;

  private constructor(path: string, socket: Socket) {
    super();
    this.path = path;
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('end', () => socket.destroy());
    socket.on('close', () => this.#disconnected());
  }

  /** Connects. Throws unavailable when nobody listens: the shim has ended. */
  static async connect(
    path: string,
    { signal, deadlineMs = 10_000 }: ShimRequestOptions = {},
  ): Promise<ShimClient> {
    return new ShimClient(path, await open(path, signal, deadlineMs));
  }

  /** False once the connection has ended. */
  get connected(): boolean {
    return !this.#ended;
  }

  /**
   * Asks for one verb and returns the values of the answer.
   * @throws ShimError what the shim answered; unavailable when the connection ended or the deadline passed;
   *         cancelled when `signal` fired (the shim does the work nevertheless)
   */
  request(verb: string, params: ShimParams = {}, options: ShimRequestOptions = {}): Promise<ShimValues> {
    const { signal, deadlineMs = 10_000 } = options;
    if (this.#ended) return Promise.reject(unavailable('the connection to the shim has ended'));
    if (signal?.aborted) return Promise.reject(cancelled(`${verb} was cancelled`, signal.reason));
    const seq = this.#nextSeq++;
    const { promise, resolve, reject } = Promise.withResolvers<ShimValues>();
    const aborted = (): void => this.#settle(seq)?.reject(cancelled(`${verb} was cancelled`, signal?.reason));
    const late = (): void =>
      this.#settle(seq)?.reject(unavailable(`the shim did not answer ${verb} in ${deadlineMs} ms`));
    const timer = deadlineMs > 0 ? setTimeout(late, deadlineMs) : undefined;
    signal?.addEventListener('abort', aborted, { once: true });
    const settled = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
    };
    this.#pending.set(seq, {
      resolve: (values) => (settled(), resolve(values)),
      reject: (error) => (settled(), reject(error)),
    });
    this.#socket.write(`${seq} ${formatRequest(verb, params)}\n`);
    return promise;
  }

  async hello(options?: ShimRequestOptions): Promise<ShimHello> {
    const { version = '', pid = '0', state, execs = '' } = await this.request('hello', {}, options);
    const live = execs === '' ? [] : execs.split(',').map((entry) => entry.split(':'));
    return {
      version,
      pid: Number(pid),
      state: state as ShimHello['state'],
      execs: new Map(live.map(([id = '', execPid]) => [id, Number(execPid)])),
    };
  }

  /** From now on events are emitted, first of all `exit` and `exec-exit` of what has ended already. */
  async subscribe(options?: ShimRequestOptions): Promise<void> {
    await this.request('subscribe', {}, options);
  }

  /** Lets init exec. Throws ShimError with runc's text when it could not. */
  async start(options?: ShimRequestOptions): Promise<{ at: bigint; pid: number }> {
    const { at = '0', pid = '0' } = await this.request('start', {}, { deadlineMs: 60_000, ...options });
    return { at: BigInt(at), pid: Number(pid) };
  }

  /** Signals init (through its pidfd), or with `all` every process of the container. */
  async kill(
    signal: number,
    { all = false, ...options }: ShimRequestOptions & { all?: boolean } = {},
  ): Promise<void> {
    await this.request('kill', { signal, all }, options);
  }

  /** Returns when every process has stopped. */
  async pause(options?: ShimRequestOptions): Promise<void> {
    await this.request('pause', {}, options);
  }

  /**
   * Has CRIU write every process to a directory, which then is renamed to `into`; with `exit` the container ends with it, which
   * is told after the answer.
   * @throws ShimError with what CRIU says; the container goes on
   */
  async checkpoint(
    { directory: dir, ...params }: { criu: string; directory: string; into: string; exit: boolean },
    options?: ShimRequestOptions,
  ): Promise<void> {
    await this.request('checkpoint', { dir, ...params }, options);
  }

  async resume(options?: ShimRequestOptions): Promise<void> {
    await this.request('resume', {}, options);
  }

  /** The exit has been recorded: the shim may clean up and end. In state `created`: init is killed and all undone. */
  async forget(options?: ShimRequestOptions): Promise<void> {
    await this.request('forget', {}, options);
  }

  /** Ends the connection; pending requests fail as unavailable. The shim and its container go on. */
  close(): void {
    this.#socket.destroy();
    this.#disconnected();
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    try {
      if (this.#rest.length > maxLineBytes) throw internal('the shim sent an overlong line');
      for (const line of lines) this.#handle(parseLine(line));
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
  }

  #handle(line: ShimLine): void {
    if (line.kind === 'event') return this.#emit(line.name, line.values);
    const pending = this.#settle(line.seq);
    if (line.kind === 'ok') return pending?.resolve(line.values);
    const { msg = 'the shim gave no reason', errno = '0', stage = '' } = line.values;
    pending?.reject(new ShimError(msg, Number(errno), stage));
  }

  #emit(name: string, values: ShimValues): void {
    const { id = '', exec, code = '0', at = '0', oom } = values;
    if (name === 'exit') this.emit('exit', { code: Number(code), at: BigInt(at), oomKilled: oom === '1' });
    else if (name === 'exec-exit') this.emit('exec-exit', { id, code: Number(code), at: BigInt(at) });
    else if (name === 'oom') this.emit('oom', { at: BigInt(at) });
    else if (name === 'detach' || name === 'closed') this.emit(name, { exec });
  }

  #settle(seq: number): Pending | undefined {
    const pending = this.#pending.get(seq);
    this.#pending.delete(seq);
    return pending;
  }

  #disconnected(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const seq of this.#pending.keys())
      this.#settle(seq)?.reject(unavailable('the shim ended without an answer'));
    this.emit('disconnect');
  }
}

/**
 * Opens a connection whose first request is `verb` and which, when the shim says ok, *is* the byte stream of a
 * container or an exec. The caller owns the socket; it is paused.
 * Throws as `ShimClient.request`.
 */
export async function openShimStream(
  path: string,
  verb: string,
  params: ShimParams,
  { signal, deadlineMs = 10_000 }: ShimRequestOptions = {},
): Promise<Socket> {
  const socket = await open(path, signal, deadlineMs);
  try {
    socket.write(`1 ${formatRequest(verb, params)}\n`);
    const answer = await readAnswer(
      socket,
      AbortSignal.any([AbortSignal.timeout(deadlineMs), ...(signal ? [signal] : [])]),
    );
    if (answer.kind === 'ok') return socket;
    const { msg = 'the shim gave no reason', errno = '0', stage = '' } = answer.values;
    throw new ShimError(msg, Number(errno), stage);
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Reads the first line of `socket` and gives back the bytes that follow it. */
function readAnswer(socket: Socket, signal: AbortSignal): Promise<ShimLine> {
  const { promise, resolve, reject } = Promise.withResolvers<ShimLine>();
  let held = Buffer.alloc(0);
  const readable = (): void => {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) return;
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf(10);
    if (end < 0) return;
    // Before unshift, which would make the socket readable again and call this once more.
    socket.off('readable', readable);
    if (end + 1 < held.length) socket.unshift(held.subarray(end + 1));
    try {
      resolve(parseLine(held.toString('latin1', 0, end)));
    } catch (error) {
      reject(error as Error);
    }
  };
  const ended = (): void => reject(unavailable('the shim ended without an answer'));
  const aborted = (): void => reject(cancelled('cancelled while waiting for the shim', signal.reason));
  socket.on('readable', readable).on('close', ended).on('end', ended);
  signal.addEventListener('abort', aborted, { once: true });
  return promise.finally(() => {
    socket.off('readable', readable).off('close', ended).off('end', ended);
    signal.removeEventListener('abort', aborted);
  });
}

/** Connects. An error later on only closes the socket: whoever uses it hears `close`. */
function open(path: string, signal: AbortSignal | undefined, deadlineMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const socket = connect({ path, allowHalfOpen: true });
  const failed = (error: Error): void => {
    socket.destroy();
    reject(unavailable(`could not reach the shim: ${error.message}`, error));
  };
  const aborted = (): void => {
    socket.destroy();
    reject(cancelled('cancelled while connecting to the shim', signal?.reason));
  };
  const timer = setTimeout(() => failed(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs);
  signal?.addEventListener('abort', aborted, { once: true });
  socket.on('error', failed);
  socket.once('connect', () => resolve(socket));
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', aborted);
  });
}
