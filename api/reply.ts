import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { cancelled, messageOf } from '../src/errors.ts';
import { logger } from '../src/log.ts';
import { answerOf } from './errors.ts';
import type { Headers, Reply, StreamOut } from './handler.ts';

const log = logger('http');

/** Up to here a body goes out with its length, beyond in chunks: what Go's server does without being told. */
const lengthLimitBytes = 2048;

/**
 * Puts a handler's answer on the wire. Resolves when all of it has been handed to the connection or the client has gone.
 */
export async function send(response: ServerResponse, reply: Reply): Promise<void> {
  switch (reply.kind) {
    case 'json':
      return sendBody(
        response,
        reply.status,
        'application/json',
        `${JSON.stringify(reply.value)}\n`,
        reply.headers,
      );
    case 'text':
      return sendBody(response, reply.status, reply.contentType, reply.text, reply.headers);
    case 'empty':
      return sendEmpty(response, reply.status, reply.headers);
    case 'stream':
      return sendStream(response, reply.status, reply.headers, reply.write);
    case 'taken':
      return;
  }
}

/** Answers with a body of known content. */
export function sendBody(
  response: ServerResponse,
  status: number,
  contentType: string,
  text: string,
  headers?: Headers,
): void {
  // A text goes out in one write with the head, a buffer would take two.
  const length = Buffer.byteLength(text);
  const chunked = length > lengthLimitBytes;
  writeHead(response, status, headers);
  response.setHeader('Content-Type', contentType);
  response.setHeader(chunked ? 'Transfer-Encoding' : 'Content-Length', chunked ? 'chunked' : length);
  response.end(text);
}

/** Answers with a status and headers only. */
export function sendEmpty(response: ServerResponse, status: number, headers?: Headers): void {
  writeHead(response, status, headers);
  if (status !== 204 && status !== 304) response.setHeader('Content-Length', 0);
  response.end();
}

/** An error as JSON, `{"message": ...}`. */
export function sendError(response: ServerResponse, status: number, message: string): void {
  if (status === 304) return sendEmpty(response, 304);
  sendBody(response, status, 'application/json', `${JSON.stringify({ message })}\n`);
}

async function sendStream(
  response: ServerResponse,
  status: number,
  headers: Headers,
  write: (out: StreamOut) => Promise<void>,
): Promise<void> {
  writeHead(response, status, headers);
  response.flushHeaders();
  // Each record leaves at once; small ones must not wait for the acknowledgement of the one before.
  response.socket?.setNoDelay?.(true);
  const out = streamOut(response);
  try {
    await write(out);
    response.end();
  } catch (error) {
    await endWithError(response, out, headers, error);
  }
}

/** A head that has been sent cannot be taken back: JSON streams say it in a last record, others are cut off. */
async function endWithError(
  response: ServerResponse,
  out: StreamOut,
  headers: Headers,
  error: unknown,
): Promise<void> {
  if (response.destroyed || response.socket?.destroyed) return;
  const { message } = answerOf(error);
  log.debug('stream failed', { error: messageOf(error) });
  if (headers['Content-Type'] !== 'application/json') {
    response.destroy();
    return;
  }
  await out.record({ errorDetail: { message }, error: message }).catch(() => undefined);
  response.end();
}

function streamOut(response: ServerResponse): StreamOut {
  const write = async (chunk: string | Uint8Array): Promise<void> => {
    if (response.destroyed) throw cancelled('context canceled');
    if (response.write(chunk) || !response.writableNeedDrain) return;
    const gone = new AbortController();
    const left = (): void => gone.abort();
    response.once('close', left);
    try {
      await once(response, 'drain', { signal: gone.signal });
    } catch (error) {
      throw cancelled('context canceled', error);
    } finally {
      response.off('close', left);
    }
  };
  return { write, record: (value) => write(`${JSON.stringify(value)}\r\n`), body: response };
}

/**
 * Node announces keep-alive, which Go's servers leave unsaid. What a client asked for (`Connection: close`) stays.
 */
function writeHead(response: ServerResponse, status: number, headers: Headers | undefined): void {
  if (response.shouldKeepAlive) response.removeHeader('connection');
  response.statusCode = status;
  for (const name in headers) response.setHeader(name, headers[name] as string);
}
