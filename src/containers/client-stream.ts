import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { messageOf } from '../errors.ts';
import { takeOver, type Executor } from '../host/executor.ts';
import { logger } from '../log.ts';
import { openShimStream } from '../runtime/shim-client.ts';
import { formatRequest, type ShimParams } from '../runtime/shim-line.ts';

const log = logger('client-stream');

/** The shim's lines end at 64 KiB; base64 and the rest of the line need room. */
const MAX_PREREAD_BYTES = 32 * 1024;
/** How long a client may take to read the end of its stream and close. */
const LINGER_MS = 1000;

/** A connection that is no longer HTTP. */
export interface Connection {
  socket: Duplex;
  /** Bytes of the stream that were read together with the request. */
  head: Buffer;
}

/**
 * The client's end of a hijacked connection: no longer HTTP, held still until somebody serves it. What the client
 * sends meanwhile stays in the kernel or in `head`, so that nothing is lost whoever reads it later.
 */
export class ClientStream {
  readonly #socket: Duplex;
  readonly #head: Buffer;
  readonly #executor: Pick<Executor, 'request'>;

  constructor({ socket, head }: Connection, executor: Pick<Executor, 'request'>) {
    this.#socket = socket;
    this.#head = head;
    this.#executor = executor;
    hold(socket);
    // A client may vanish at any time; whoever writes next finds out.
    socket.on('error', (error) => log.debug('client stream failed', { error: messageOf(error) }));
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Calls `listener` once when the connection is known to be gone. Returns the function that takes it off. */
  onClose(listener: () => void): () => void {
    this.#socket.once('close', listener);
    return () => this.#socket.off('close', listener);
  }

  /**
   * Finds out whether a client that is only held has gone: nothing is read from it, but on a unix socket the kernel refuses
   * even an empty write once the peer has closed both halves. The connection then closes.
   */
  probe(): void {
    if (this.#isPlain()) void this.write('');
  }

  /** Writes and waits until the client has taken it into its socket. False when the client has gone. */
  write(bytes: Buffer | string): Promise<boolean> {
    if (this.#socket.destroyed || this.#socket.writableEnded) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const closed = (): void => resolve(false);
    this.#socket.once('close', closed);
    this.#socket.write(bytes, (error) => resolve(!error));
    return promise.finally(() => this.#socket.off('close', closed));
  }

  /** Ends the stream after what was written; what the client still sends is dropped. */
  end(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    unhold(socket);
    socket.end();
    // Closing with unread bytes would reset the connection and could cost the client the last bytes.
    socket.resume();
    socket.once('finish', () => {
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once('close', () => clearTimeout(timer));
    });
  }

  /**
   * Lets the shim at `path` serve the client: by its descriptor when it is a plain socket, so that no byte passes through
   * this process, otherwise by relaying. Returns when the shim has the client; this object is then done with.
   * @param params of the shim's `attach`
   * @throws ShimError, ExecutorError, unavailable; the client is then still here to be told
   */
  async serveBy(path: string, params: ShimParams): Promise<void> {
    if (!this.#canHandOver()) return (await this.openRelay(path, params))();
    // What was written to the client before has to be in its socket first.
    if (await this.write('')) await this.#handOver(path, params);
  }

  /**
   * Attaches to the shim without letting anything flow yet: output waits there. The function returned lets it flow, after
   * which this object is done with. Throws as `serveBy`.
   */
  async openRelay(path: string, params: ShimParams): Promise<() => void> {
    const shim = await openShimStream(path, 'attach', params);
    const client = this.#socket;
    shim.on('error', () => client.destroy());
    client.once('close', () => shim.destroy());
    if (client.destroyed) shim.destroy();
    return () => {
      if (this.#head.length > 0) shim.write(this.#head);
      unhold(client);
      client.pipe(shim);
      shim.pipe(client, { end: false });
      shim.once('end', () => {
        client.unpipe(shim);
        this.end();
        shim.destroy();
      });
    };
  }

  #canHandOver(): boolean {
    return this.#isPlain() && this.#head.length + this.#socket.readableLength <= MAX_PREREAD_BYTES;
  }

  #isPlain(): boolean {
    return this.#socket instanceof Socket && !(this.#socket instanceof TLSSocket);
  }

  async #handOver(path: string, params: ShimParams): Promise<void> {
    const socket = this.#socket as Socket;
    const preread = Buffer.concat([this.#head, takeOver(socket)]);
    const line = formatRequest('attach', {
      ...params,
      preread: preread.length > 0 ? preread.toString('base64') : undefined,
    });
    await this.#executor.request('shim.attach', { socket: path, line }, { socket });
    // Closes our copy of the descriptor only: the peer notices nothing.
    socket.destroy();
  }
}

interface Handle {
  reading: boolean;
  readStop(): void;
  readStart(): void;
}

/**
 * Stops reading. Pausing alone would let Node read on until its buffer is full, which is too much to be handed over. The
 * stream believes that it still reads, so it has to be told to go on by `unhold`.
 */
function hold(socket: Duplex): void {
  socket.pause();
  const handle = handleOf(socket);
  handle?.readStop();
  if (handle) handle.reading = false;
}

/** Lets a held stream read again when it is asked for data. */
function unhold(socket: Duplex): void {
  const handle = handleOf(socket);
  if (!handle || handle.reading) return;
  handle.reading = true;
  handle.readStart();
}

function handleOf(socket: Duplex): Handle | undefined {
  return socket instanceof Socket
    ? ((socket as unknown as { _handle?: Handle | null })._handle ?? undefined)
    : undefined;
}
