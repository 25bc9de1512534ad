import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { after } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { eventually } from './engine.ts';

/** A log server on loopback that keeps what it is sent. Closed when the test file has run. */
export interface LogServer {
  port: number;
  /** Datagrams, chunks of streams, or bodies of requests. */
  received: Buffer[];
  /** Everything received, one byte a character. */
  text(): string;
  /** Resolves once `what` has been received. */
  has(what: string | RegExp): Promise<string>;
  close(): void;
}

const servers: LogServer[] = [];
after(() => servers.forEach((server) => server.close()));

function keeping(port: number, received: Buffer[], close: () => void): LogServer {
  const text = (): string => Buffer.concat(received).toString('latin1');
  const has = async (what: string | RegExp): Promise<string> => {
    await eventually(
      () => (typeof what === 'string' ? text().includes(what) : what.test(text())),
      20_000,
    ).catch((error: unknown) => {
      throw new Error(`${String(what)} was not received, but ${JSON.stringify(text().slice(0, 500))}`, {
        cause: error,
      });
    });
    return text();
  };
  const server = { port, received, text, has, close };
  servers.push(server);
  return server;
}

/** A UDP server. */
export async function udpServer(): Promise<LogServer> {
  const received: Buffer[] = [];
  const socket = createSocket('udp4').on('message', (message) => received.push(message));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return keeping(socket.address().port, received, () => socket.close());
}

/** A TCP server, or with `tls` one of TLS. */
export async function tcpServer(
  options: {
    port?: number;
    tls?: { cert: string | Buffer; key: string | Buffer };
    onSocket?: (socket: Socket) => void;
  } = {},
): Promise<LogServer> {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('data', (chunk) => received.push(chunk)).on('error', () => {});
    options.onSocket?.(socket);
  };
  const server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  server.on('tlsClientError', () => {});
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  return keeping((server.address() as AddressInfo).port, received, () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
}

export interface HttpRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

/** An HTTP server that answers everything with `status`. */
export async function httpServer(status = 200): Promise<LogServer & { requests: HttpRequest[] }> {
  const received: Buffer[] = [];
  const requests: HttpRequest[] = [];
  const server = createHttpServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers });
      received.push(Buffer.concat(body));
      response.statusCode = status;
      response.end('{"text":"No","code":2}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kept = keeping((server.address() as AddressInfo).port, received, () => {
    server.close();
    server.closeAllConnections();
  });
  return { ...kept, requests };
}
