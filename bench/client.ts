import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DaemonTest } from './cpu.ts';

/** A minimal Engine API client: one keep-alive agent, no per-call set-up, so that what is measured is the engine. */
export class EngineClient {
  readonly #agent: Agent;
  readonly #socketPath: string;
  /** Recognises the engine's daemons among the machine's processes. */
  readonly isDaemon: DaemonTest;

  constructor(socketPath: string, isDaemon: DaemonTest) {
    this.isDaemon = isDaemon;
    this.#socketPath = socketPath;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 256 });
  }

  /** Sends a request and reads the whole answer; a status of 400 or more is an error. */
  async call(method: string, path: string, body?: unknown): Promise<Buffer> {
    const answer = await this.open(method, path, body);
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks);
    if ((answer.statusCode ?? 500) >= 400)
      throw new Error(`${method} ${path}: ${answer.statusCode} ${text.toString()}`);
    return text;
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return JSON.parse((await this.call(method, path, body)).toString()) as T;
  }

  /** Sends a request and resolves at the answer's headers. */
  open(method: string, path: string, body?: unknown): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const sent = request(
        {
          socketPath: this.#socketPath,
          agent: this.#agent,
          method,
          path: `/v1.47${path}`,
          headers: payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {},
        },
        resolve,
      );
      sent.on('error', reject);
      sent.end(payload);
    });
  }

  /**
   * Fetches a body on a connection of its own and counts its bytes, head and all, without looking at them: a client that parses
   * would be measured with the engine.
   */
  download(path: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    let bytes = 0;
    let head = '';
    const socket = connect({
      path: this.#socketPath,
      onread: {
        buffer: Buffer.alloc(1024 * 1024),
        callback: (size, buffer) => {
          if (bytes === 0) head = Buffer.from(buffer.buffer, buffer.byteOffset, 12).toString('latin1');
          bytes += size;
          return true;
        },
      },
    });
    socket.once('error', reject);
    socket.once('close', () =>
      head === 'HTTP/1.1 200' ? resolve(bytes) : reject(new Error(`GET ${path}: ${head}`)),
    );
    socket.write(`GET /v1.47${path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n`);
    return promise;
  }

  /** Sends a body piece by piece. */
  upload(path: string, pieces: Iterable<Buffer>, length: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request({
        socketPath: this.#socketPath,
        agent: false,
        method: 'PUT',
        path: `/v1.47${path}`,
        headers: { 'content-type': 'application/x-tar', 'content-length': length },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        answer.resume();
        if (answer.statusCode === 200) answer.once('end', resolve);
        else reject(new Error(`PUT ${path}: ${answer.statusCode}`));
      });
      void pipeline(Readable.from(pieces), sent).catch(reject);
    });
  }

  /** Opens a hijacked stream (attach, exec start). */
  hijack(path: string, body?: unknown): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const sent = request({
        socketPath: this.#socketPath,
        agent: false,
        method: 'POST',
        path: `/v1.47${path}`,
        headers: {
          connection: 'Upgrade',
          upgrade: 'tcp',
          ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
        },
      });
      sent.on('error', reject);
      sent.on('response', (answer) => reject(new Error(`${path}: not upgraded: ${answer.statusCode}`)));
      sent.on('upgrade', (_answer, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      sent.end(payload);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
