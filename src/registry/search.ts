import { internal, invalidArgument } from '../errors.ts';
import { endpointsOf } from './endpoint.ts';
import { httpRequest } from './http.ts';
import { goNetworkError } from './network-error.ts';

/** A repository that a registry's search found. */
export interface SearchResult {
  name: string;
  description: string;
  stars: number;
  official: boolean;
  automated: boolean;
}

export interface SearchOptions {
  /** What to look for; a registry's host in front of it says where. */
  term: string;
  limit: number;
  insecure: readonly string[];
  signal: AbortSignal;
}

const answerTimeoutMs = 30_000;

/**
 * Asks a registry's search, which only the old v1 interface has. @throws invalid-argument when there is none, in dockerd's
 * words; internal
 */
export async function searchRegistry({
  term,
  limit,
  insecure,
  signal,
}: SearchOptions): Promise<SearchResult[]> {
  const slash = term.indexOf('/');
  const first = slash < 0 ? '' : term.slice(0, slash);
  const named = /[.:]/.test(first) || first === 'localhost';
  const host = named && first !== 'docker.io' ? first : 'index.docker.io';
  const query = named ? term.slice(slash + 1) : term;
  const base = host === 'index.docker.io' ? `https://${host}/v1/` : await answering(host, insecure, signal);
  const url = new URL(`${base}search`);
  url.searchParams.set('q', query.replace(/^library\//, ''));
  url.searchParams.set('n', String(limit));
  const { results = [] } = (await get(url.href, signal)) as { results?: Record<string, unknown>[] };
  return results.map((result) => ({
    name: String(result['name'] ?? ''),
    description: String(result['description'] ?? ''),
    stars: Number(result['star_count'] ?? 0),
    official: result['is_official'] === true,
    automated: result['is_automated'] === true,
  }));
}

/** The address at which a registry other than Docker Hub answers. */
async function answering(host: string, insecure: readonly string[], signal: AbortSignal): Promise<string> {
  const failures: string[] = [];
  for (const endpoint of endpointsOf(host, insecure)) {
    try {
      await get(`${endpoint}/v1/_ping`, signal);
      return `${endpoint}/v1/`;
    } catch (error) {
      signal.throwIfAborted();
      failures.push((error as Error).message);
    }
  }
  const [secure = '', plain] = failures;
  if (plain === undefined) throw invalidArgument(`invalid registry endpoint https://${host}/v1/: ${secure}`);
  throw invalidArgument(
    `invalid registry endpoint "http://${host}/v1/". HTTPS attempt: ${secure}. HTTP attempt: ${plain}`,
  );
}

async function get(url: string, signal: AbortSignal): Promise<unknown> {
  try {
    const options = { method: 'GET', headers: {}, signal, timeoutMs: answerTimeoutMs } as const;
    const { statusCode, body } = await httpRequest(url, options);
    const text = await body.text();
    if (statusCode !== 200) throw internal(`Unexpected status code ${statusCode}`);
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : {};
  } catch (error) {
    signal.throwIfAborted();
    throw internal(`Get ${JSON.stringify(url)}: ${goNetworkError(url, error)}`, error);
  }
}
