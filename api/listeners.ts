import { chownSync, chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type ListenOptions, type Socket } from 'node:net';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { invalidArgument, unavailable } from '../src/errors.ts';
import { logger } from '../src/log.ts';
import { mayUpgrade, routeUpgrades } from './hijack.ts';

const log = logger('listeners');

/** Where and how to listen. */
export interface ListenConfig {
  readonly hosts: readonly string[];
  /** Group of unix sockets, by name or number. */
  readonly group: string;
  readonly tls: TlsFiles | undefined;
  /** TCP without TLS: only when the user insists. */
  readonly allowInsecureTcp: boolean;
}

export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Ask clients for a certificate of `ca`. */
  readonly verify: boolean;
}

/** The open listeners of the daemon. */
export interface Listeners {
  /** Stops accepting; ends idle connections and streams at once, and after `graceMs` all others. */
  close(graceMs: number): Promise<void>;
}

/** The connections of each server with what was last asked on them. */
const underway = new WeakMap<Server, Map<Socket, ServerResponse | undefined>>();

const serverOptions = {
  // Go's limit; registry credentials of many registries travel in headers.
  maxHeaderSize: 1024 * 1024,
  headersTimeout: 60_000,
  // Bodies may take as long as they take: archives come through slow pipes. JSON ones have a deadline of their own.
  requestTimeout: 0,
  keepAliveTimeout: 0,
  connectionsCheckingInterval: 10_000,
  requireHostHeader: false,
  shouldUpgradeCallback: mayUpgrade,
};

/**
 * Opens all listeners; if one fails those already open are closed.
 * @throws invalid-argument for an address that is none, or TCP without TLS; unavailable when an address cannot be bound
 */
export async function openListeners(config: ListenConfig, application: RequestListener): Promise<Listeners> {
  const servers: Server[] = [];
  const close = async (graceMs: number): Promise<void> => {
    await Promise.all(servers.map((server) => closeServer(server, graceMs)));
  };
  try {
    for (const host of config.hosts) servers.push(...(await open(host, config, application)));
  } catch (error) {
    await close(0);
    throw error;
  }
  return { close };
}

async function open(host: string, config: ListenConfig, application: RequestListener): Promise<Server[]> {
  const [scheme, address] = split(host);
  if (scheme === 'fd')
    return Promise.all(inherited(address).map((fd) => listen(newServer(application), { fd }, host)));
  if (scheme === 'unix') return [await listenUnix(newServer(application), address, config.group, host)];
  if (!config.tls && !config.allowInsecureTcp)
    throw invalidArgument(
      `${host}: TCP without TLS gives root on this machine to whoever reaches it; use --tlsverify, or --allow-insecure-tcp if that is meant`,
    );
  if (!config.tls)
    log.warn('API on TCP without TLS: anyone who reaches it is root on this machine', { host });
  return [await listen(newServer(application, config.tls), tcpAddress(address), host)];
}

function split(host: string): [string, string] {
  const at = host.indexOf('://');
  return [host.slice(0, at), host.slice(at + 3)];
}

function tcpAddress(address: string): ListenOptions {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  return { port: Number(address.slice(colon + 1)), ...(host === '' ? {} : { host }) };
}

/** The sockets systemd passed (sd_listen_fds(3)): all of them, or the one named or numbered. */
function inherited(which: string): number[] {
  // oxlint-disable-next-line node/no-process-env
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES = '' } = process.env;
  const count = Number(LISTEN_PID) === process.pid ? Number(LISTEN_FDS ?? 0) : 0;
  if (!(count > 0))
    throw unavailable('no sockets found via socket activation: make sure the service was started by systemd');
  const all = Array.from({ length: count }, (_, at) => at + 3);
  if (which === '' || which === '*') return all;
  const names = LISTEN_FDNAMES.split(':');
  const chosen = all.filter((fd, at) => String(fd) === which || names[at] === which);
  if (chosen.length === 0) throw unavailable(`no such systemd socket: ${which}`);
  return chosen;
}

function newServer(application: RequestListener, tls?: TlsFiles): Server {
  const server = tls
    ? (createHttpsServer({ ...serverOptions, ...tlsOptions(tls), allowHalfOpen: true }) as unknown as Server)
    : createHttpServer(serverOptions);
  // Clients close their half when they have said everything; the answer still goes out.
  (server as Server & { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  const connections = new Map<Socket, ServerResponse | undefined>();
  underway.set(server, connections);
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections.set(socket, undefined);
    socket.once('close', () => connections.delete(socket));
  });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    connections.set(request.socket, response);
    if (request.headers.host === undefined && request.httpVersionMinor > 0)
      return refuse(request.socket, ': missing required Host header');
    application(request, response);
  };
  server.on('request', handle);
  routeUpgrades(server, handle);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    handle(request, response);
  });
  server.on('clientError', malformed);
  return server;
}

function tlsOptions({ ca, cert, key, verify }: TlsFiles): object {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    ...(verify && { ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }),
  };
}

/** What is no HTTP, in the words of Go's server. A request whose method is only unknown to Node's parser is a path not found. */
function malformed(error: Error & { code?: string; rawPacket?: Buffer }, connection: Duplex): void {
  const socket = connection as Socket;
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  if (error.code === 'HPE_HEADER_OVERFLOW') return refuse(socket, '', '431 Request Header Fields Too Large');
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return refuse(socket, '', '408 Request Timeout');
  const line = error.rawPacket?.subarray(0, 8192).toString('latin1').split('\r\n', 1)[0] ?? '';
  if (error.code === 'HPE_INVALID_METHOD' && /^[A-Z-]+ \/\S* HTTP\/1\.[01]$/i.test(line)) {
    const body = '{"message":"page not found"}\n';
    socket.end(
      `HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nDate: ${new Date().toUTCString()}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
    return;
  }
  refuse(socket, '');
}

function refuse(socket: Duplex, reason: string, status = '400 Bad Request'): void {
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}${reason}`,
  );
}

/** Listens at `path` with mode 0660, never for a moment with another. A socket nobody listens at any more is replaced. */
async function listenUnix(server: Server, path: string, group: string, host: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing && !existing.isSocket()) throw unavailable(`${path} exists and is no socket`);
  if (existing && (await answers(path)))
    throw unavailable(`failed to load listeners: ${host}: another process listens there`);
  if (existing) rmSync(path);
  const before = process.umask(0o777);
  let listening: Promise<Server>;
  try {
    // A unix socket is bound within this call, so the mask holds for it alone.
    listening = listen(server, { path }, host);
  } finally {
    process.umask(before);
  }
  await listening;
  chownSync(path, 0, groupId(group));
  chmodSync(path, 0o660);
  return server;
}

/** Whether some process listens at a unix socket. */
async function answers(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path, () => resolve(true)).on('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** Number of a group; root's when there is no such group, as on machines without a group `docker`. */
function groupId(group: string): number {
  if (/^\d+$/.test(group)) return Number(group);
  const entry = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${group}:`));
  if (!entry) log.warn('no such group; the socket is for root only', { group });
  return entry ? Number(entry.split(':')[2]) : 0;
}

async function listen(server: Server, where: ListenOptions | { fd: number }, host: string): Promise<Server> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const failed = (error: Error): void =>
    reject(unavailable(`failed to load listeners: ${host}: ${error.message}`, error));
  server.once('error', failed);
  server.listen({ ...where, backlog: 4096 }, resolve);
  await promise;
  server.off('error', failed);
  server.on('error', (error) => log.error('listener failed', { host, error: error.message }));
  log.info('API listens', { host });
  return server;
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  // Answers that are under way, such as events, would go on for ever; those not begun may still be given.
  for (const response of underway.get(server)?.values() ?? [])
    if (response?.headersSent && !response.writableEnded) response.destroy();
  const timer = setTimeout(() => {
    server.closeAllConnections();
    // Hijacked connections are no longer the server's: they end with this process.
    resolve();
  }, graceMs);
  await promise;
  clearTimeout(timer);
}
