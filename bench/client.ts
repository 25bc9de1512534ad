import { Agent, request, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
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
