import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { ArchiveConnection } from '../src/containers/files/archive.ts';
import { messageOf } from '../src/errors.ts';
import { ExecutorEnded, ExecutorError } from '../src/host/executor.ts';
import { socketPair } from '../src/host/socket-pair.ts';
import { logger } from '../src/log.ts';
import { stream, taken, type Reply } from './handler.ts';
import { bodyOf, ownConnection } from './hijack.ts';

const log = logger('http');

const statHeader = 'X-Docker-Container-Path-Stat';

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  signal: AbortSignal;
  /** Where sockets may be made for clients whose own connection cannot be given away. */
  directory: string;
}

/**
 * Answers with an archive that `copy` writes. The client's connection goes to the native program that writes it, head and
 * all, and closes with the archive; where it cannot (TLS), bytes are relayed.
 * @param stat  describes the path for the header; undefined when there is none to describe
 * @throws what `copy` threw, as long as nothing has been sent
 */
export async function sendArchive(
  { req, res, signal, directory }: Exchange,
  contentType: string,
  stat: (() => Promise<string>) | undefined,
  copy: (to: ArchiveConnection) => Promise<void>,
): Promise<Reply> {
  const own = ownConnection(req);
  if (!own) return relayed(directory, signal, contentType, stat, copy);
  const chunked = req.httpVersion !== '1.0';
  const headers = {
    ...res.getHeaders(),
    'Content-Type': contentType,
    ...(stat && { [statHeader]: '{stat}' }),
    Date: new Date().toUTCString(),
    Connection: 'close',
    ...(chunked && { 'Transfer-Encoding': 'chunked' }),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  const head = `HTTP/1.1 200 ${STATUS_CODES[200]}\r\n${lines.join('')}\r\n`;
  try {
    await copy({ socket: own.socket, framing: chunked ? 'chunked' : 'none', head });
    // Only now, so that whoever has all of it finds the event, too.
    own.socket.end(chunked ? '0\r\n\r\n' : '', () => own.socket.destroy());
  } catch (error) {
    if (!mayHaveBegun(error)) throw error;
    log.debug('archive cut off', { path: req.url, error: messageOf(error) });
    own.socket.destroy();
  }
  return taken();
}

/** Whether part of the answer may have been sent. */
function mayHaveBegun(error: unknown): boolean {
  return error instanceof ExecutorEnded || (error instanceof ExecutorError && error.stage === 'stream');
}

async function relayed(
  directory: string,
  signal: AbortSignal,
  contentType: string,
  stat: (() => Promise<string>) | undefined,
  copy: (to: ArchiveConnection) => Promise<void>,
): Promise<Reply> {
  const headers = stat ? { [statHeader]: await stat() } : {};
  const { near, far } = await socketPair(directory);
  const copying = copy({ socket: far, framing: 'none' }).finally(() => far.destroy());
  // Looked at once the head has gone.
  copying.catch(() => undefined);
  return stream(
    contentType,
    async (out) => {
      await pipeline(near, out.body, { end: false, signal });
      await copying;
    },
    headers,
  );
}

/** Gives the body of a request to `copy`: the client's connection itself, or, where it cannot be given away, a relay. */
export async function receiveArchive(
  { req, directory }: Pick<Exchange, 'req' | 'directory'>,
  copy: (from: ArchiveConnection) => Promise<void>,
): Promise<void> {
  const own = ownConnection(req);
  if (own) return await copy({ socket: own.socket, preread: own.head, ...framingOf(req) });
  const { near, far } = await socketPair(directory);
  try {
    // Its failure is the end of the archive for who reads it.
    void pipeline(bodyOf(req), near).catch(() => near.destroy());
    await copy({ socket: far, framing: 'none' });
  } finally {
    far.destroy();
    near.destroy();
  }
}

function framingOf({ headers }: IncomingMessage): Pick<ArchiveConnection, 'framing' | 'length'> {
  if (headers['transfer-encoding'] !== undefined) return { framing: 'chunked' };
  return { framing: 'length', length: Number(headers['content-length'] ?? 0) };
}
