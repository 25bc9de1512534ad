import type { Agent, Dispatcher } from 'undici';

type Undici = typeof import('undici');

let loaded: Promise<Undici> | undefined;
let trustingAgent: Agent | undefined;

export interface HttpRequest {
  method: Dispatcher.HttpMethod;
  headers: Record<string, string>;
  signal: AbortSignal;
  /** How long the head, and each piece of the body, may take to come. */
  timeoutMs: number;
  body?: import('node:stream').Readable | Buffer;
  /** Take any certificate. */
  trusting?: boolean;
}

/**
 * One HTTP request. The client library is loaded with the first one: most daemons never talk to a registry, and loading it
 * costs tens of milliseconds and megabytes. Throws what it throws.
 */
export async function httpRequest(url: string, options: HttpRequest): Promise<Dispatcher.ResponseData> {
  const { request, Agent } = await (loaded ??= import('undici'));
  const { method, headers, signal, timeoutMs, body, trusting = false } = options;
  if (trusting) trustingAgent ??= new Agent({ connect: { rejectUnauthorized: false } });
  return await request(url, {
    method,
    headers,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    ...(body === undefined ? {} : { body }),
    ...(trusting && trustingAgent ? { dispatcher: trustingAgent } : {}),
  });
}
