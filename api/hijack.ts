import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import { Socket, type SocketConstructorOpts } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { invalidArgument } from '../src/errors.ts';
import { giveBack, takeOver } from '../src/host/executor.ts';

/** A connection that is no longer HTTP. */
export interface Hijacked {
  socket: Duplex;
  /** Bytes of the stream that were read together with the request. */
  head: Buffer;
}

/** What a request with an `Upgrade` left unread when its headers ended. */
interface Upgrade extends Hijacked {
  bodyTaken: boolean;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** Connections that are to be given away, and what had been read of the request's body. */
const owned = new WeakMap<IncomingMessage, { socket: Socket; head: Buffer }>();

/** How long a client may go on sending after it has been refused, so that it sees the answer. */
const lingerMs = 1000;

/** Requests whose body or answer is an archive, which another process reads or writes on the connection itself. */
function movesArchive({ method, url }: IncomingMessage): boolean {
  return (
    (method === 'GET' || method === 'PUT') &&
    /^[^?]*\/containers\/[^/?]+\/(archive|export)(\?|$)/.test(url ?? '')
  );
}

/**
 * Whether an `Upgrade` header of this request means anything: only where a stream can follow. Elsewhere it is ignored and
 * the request is served as HTTP, as some clients offer h2c with every request.
 */
export function mayUpgrade(request: IncomingMessage): boolean {
  const path = request.url?.split('?', 1)[0] ?? '';
  return movesArchive(request) || /\/(attach|attach\/ws|exec\/[^/]+\/start|session|grpc)$/.test(path);
}

/**
 * Hands requests that ask for an upgrade to `application` like all others. Answered as HTTP, such a connection closes
 * after the answer; otherwise the handler calls `hijack`. The server must have been made with
 * `shouldUpgradeCallback: mayUpgrade`.
 */
export function routeUpgrades(
  server: Server,
  application: (request: IncomingMessage, response: ServerResponse) => void,
): void {
  server.on('connection', leaveArchives);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => response.emit('close'));
    if (movesArchive(request)) {
      own(request, socket as Socket, head);
      response.once('finish', () => linger(socket as Socket));
    } else {
      // Go says nothing of the connection in such an answer.
      response.removeHeader('connection');
      upgrades.set(request, { socket, head, bodyTaken: false });
      response.once('finish', () => (socket as Socket).destroySoon());
    }
    application(request, response);
  });
}

/**
 * Makes Node's parser stop after the head of a request that moves an archive, as it does for an upgrade. A TLS connection cannot be
 * given away, and is left alone.
 */
function leaveArchives(socket: Socket): void {
  const { parser } = socket as unknown as { parser?: Parser | null };
  if (!parser || socket instanceof TLSSocket) return;
  const { onIncoming } = parser;
  parser.onIncoming = function (request, keepAlive) {
    if (movesArchive(request)) (request as { upgrade?: boolean }).upgrade = true;
    return onIncoming.call(this, request, keepAlive);
  };
}

interface Parser {
  onIncoming(request: IncomingMessage, keepAlive: boolean): number;
}

function own(request: IncomingMessage, socket: Socket, head: Buffer): void {
  if (request.headers.expect?.toLowerCase() === '100-continue') socket.write('HTTP/1.1 100 Continue\r\n\r\n');
  owned.set(request, { socket, head: Buffer.concat([head, takeOver(socket)]) });
}

/** The connection of a request that moves an archive, to be given to another process. Undefined where that cannot be done. */
export function ownConnection(request: IncomingMessage): { socket: Socket; head: Buffer } | undefined {
  return owned.get(request);
}

/** Closes after the answer. What the client still sends is dropped: closing on it could cost the client the answer. */
function linger(socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMs);
  socket.once('close', () => clearTimeout(timer));
  socket.once('end', () => socket.destroy());
  socket.end();
  giveBack(socket);
  socket.resume();
}

/**
 * True when the request asked for an upgrade that `hijack` will carry out. `Upgrade` alone asks for it: proxies take away
 * `Connection`, without which Node knows of none, and the reference does not look at that.
 */
export function asksForUpgrade(request: IncomingMessage): boolean {
  return upgrades.has(request) || request.headers.upgrade !== undefined;
}

/**
 * The body of a request, also of one that asks for an upgrade: that one Node leaves in the connection, from where it is
 * read by its Content-Length (the one form clients send; without it there is no body).
 * @throws invalid-argument for a chunked one
 */
export function bodyOf(request: IncomingMessage): AsyncIterable<Buffer> {
  const upgrade = upgrades.get(request);
  return upgrade && !upgrade.bodyTaken ? upgradeBody(request, upgrade) : request;
}

/**
 * Reads past a body that means nothing: some clients repeat the query in one, and it must not become the stream. One without
 * a length is the stream.
 */
export async function skipBody(request: IncomingMessage): Promise<void> {
  if (!(Number(request.headers['content-length']) > 0)) return;
  for await (const _ of bodyOf(request));
}

async function* upgradeBody(request: IncomingMessage, upgrade: Upgrade): AsyncGenerator<Buffer> {
  upgrade.bodyTaken = true;
  if (request.headers['transfer-encoding'] !== undefined)
    throw invalidArgument('a request with an upgrade cannot have a chunked body');
  let missing = Number(request.headers['content-length'] ?? 0);
  while (missing > 0) {
    const chunk = upgrade.head.length > 0 ? upgrade.head : await nextChunk(upgrade.socket);
    if (!chunk) throw invalidArgument('unexpected EOF');
    upgrade.head = chunk.subarray(missing);
    missing -= Math.min(missing, chunk.length);
    yield chunk.subarray(0, chunk.length - upgrade.head.length);
  }
}

/** The next bytes of a paused stream; undefined at its end. */
async function nextChunk(socket: Duplex): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk) return chunk;
    if (socket.readableEnded || socket.destroyed) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const events = ['readable', 'end', 'close'] as const;
    for (const event of events) socket.once(event, resolve);
    await promise;
    for (const event of events) socket.off(event, resolve);
  }
}

/**
 * Takes the connection away from HTTP, with or without an upgrade. The request's body must have been read. Nothing has been
 * answered; the caller writes the head of the answer itself. The stream is held: nothing is read from it until
 * its new owner does.
 */
export function hijack(request: IncomingMessage, response: ServerResponse): Hijacked {
  const upgrade = upgrades.get(request);
  const socket = request.socket;
  response.removeAllListeners('finish');
  response.detachSocket(socket);
  if (upgrade) return { socket: upgrade.socket, head: upgrade.head };
  return {
    socket: socket instanceof TLSSocket ? withoutParser(socket) : rewrapped(socket),
    head: Buffer.alloc(0),
  };
}

interface Handle {
  reading: boolean;
  readStop(): void;
}

/**
 * A new socket on the same connection. Node parses what comes after a request as the next one and has no way to
 * stop that in the old socket, so that one is left behind empty.
 */
function rewrapped(socket: Socket): Socket {
  const inner = socket as unknown as { _handle: Handle | null };
  const handle = inner._handle;
  if (!handle) return socket;
  // Listening for data makes the HTTP server give up reading from the handle natively.
  socket.on('data', () => {});
  handle.readStop();
  handle.reading = false;
  inner._handle = null;
  socket.destroy();
  return new Socket({ handle, allowHalfOpen: true } as unknown as SocketConstructorOpts);
}

/** A TLS connection keeps its socket, whose data goes to us instead of the parser. */
function withoutParser(socket: TLSSocket): Duplex {
  const input = new PassThrough();
  for (const event of ['data', 'end', 'drain', 'timeout', 'error']) socket.removeAllListeners(event);
  socket.on('error', () => socket.destroy());
  socket.pipe(input);
  const stream = Duplex.from({ readable: input, writable: socket });
  socket.once('close', () => stream.destroy());
  stream.once('close', () => socket.destroy());
  return stream;
}
