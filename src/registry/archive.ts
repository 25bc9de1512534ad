import { internal } from '../errors.ts';
import { httpRequest } from './http.ts';
import { goNetworkError } from './network-error.ts';

const answerTimeoutMs = 60_000;

/**
 * Opens the archive at an address that a user gave to import; without a scheme it is http.
 * @throws internal in Go's words when it cannot be had
 */
export async function fetchArchive(
  address: string,
  signal: AbortSignal,
): Promise<{ url: string; body: AsyncIterable<Uint8Array> }> {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(text))
    throw internal(`Get ${JSON.stringify(text.replace(/\/\/$/, ''))}: http: no Host in request URL`);
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw internal(
      `Get ${JSON.stringify(text)}: unsupported protocol scheme ${JSON.stringify(url.protocol.slice(0, -1))}`,
    );
  try {
    const answer = await httpRequest(url.href, {
      method: 'GET',
      headers: {},
      signal,
      timeoutMs: answerTimeoutMs,
    });
    if (answer.statusCode < 300) return { url: url.href, body: answer.body };
    await answer.body.dump();
    throw internal(`failed to GET ${text} with status ${answer.statusCode}`);
  } catch (error) {
    signal.throwIfAborted();
    throw (error as Error).name === 'EngineError'
      ? error
      : internal(`Get ${JSON.stringify(text)}: ${goNetworkError(url.href, error)}`, error);
  }
}
