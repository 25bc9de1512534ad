import { BlockList, isIP } from 'node:net';
import { request } from 'undici';
import { internal, unauthenticated } from '../errors.ts';

/** Credentials for one registry. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly identityToken: string;
  /** `registry.example.org:5000`, with or without a scheme; '' is Docker Hub. */
  readonly serverAddress: string;
}

export interface LoginResult {
  readonly status: string;
  readonly identityToken: string;
}

/**
 * Tries credentials on a registry, as `docker login` asks: the registry's own challenge decides how.
 * @param insecure registries (host, or network with prefix length) that may be spoken to without TLS
 * @throws unauthenticated when the registry refuses them; internal when it cannot be asked, in Go's words
 */
export async function login(
  credentials: Credentials,
  insecure: readonly string[],
  signal: AbortSignal,
): Promise<LoginResult> {
  const host = registryHost(credentials.serverAddress);
  const schemes = mayBeInsecure(host, insecure) ? ['https', 'http'] : ['https'];
  let failure: unknown;
  for (const scheme of schemes) {
    try {
      return await tryLogin(`${scheme}://${host}/v2/`, credentials, signal);
    } catch (error) {
      failure = error;
      if (!(error instanceof NoAnswer)) break;
    }
  }
  throw failure instanceof NoAnswer ? internal(failure.message, failure) : failure;
}

/** The registry did not answer: another scheme may. */
class NoAnswer extends Error {}

/** Host and port of an address as users write it. */
function registryHost(address: string): string {
  const bare = address.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  return bare === '' || bare === 'index.docker.io' || bare === 'docker.io' ? 'registry-1.docker.io' : bare;
}

function mayBeInsecure(host: string, insecure: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (insecure.includes(host) || insecure.includes(name) || name === 'localhost') return true;
  const family = isIP(name);
  if (family === 0) return false;
  const networks = new BlockList();
  for (const network of ['127.0.0.0/8', '::1/128', ...insecure]) {
    const [base = '', length] = network.split('/');
    if (length !== undefined && isIP(base)) networks.addSubnet(base, Number(length), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return networks.check(name, family === 6 ? 'ipv6' : 'ipv4');
}

async function tryLogin(url: string, credentials: Credentials, signal: AbortSignal): Promise<LoginResult> {
  const first = await ask(url, undefined, signal);
  const accepted = { status: 'Login Succeeded', identityToken: '' };
  if (first.status === 200) return accepted;
  const [kind = '', rest = ''] = split(first.challenge);
  const basic = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (kind.toLowerCase() === 'basic') {
    const second = await ask(url, basic, signal);
    if (second.status === 200) return accepted;
    throw refusal(url, second);
  }
  if (kind.toLowerCase() !== 'bearer') throw refusal(url, first);
  return bearerLogin(url, challengeFields(rest), credentials, basic, signal);
}

/** Asks the token server of the challenge for a token, and the registry whether it takes it. */
async function bearerLogin(
  url: string,
  challenge: Readonly<Record<string, string>>,
  { username, identityToken }: Credentials,
  basic: string,
  signal: AbortSignal,
): Promise<LoginResult> {
  const realm = new URL(challenge['realm'] ?? '');
  realm.searchParams.set('account', username);
  realm.searchParams.set('client_id', 'docker');
  realm.searchParams.set('offline_token', 'true');
  if (challenge['service']) realm.searchParams.set('service', challenge['service']);
  const answer = await ask(realm.href, identityToken === '' ? basic : `Bearer ${identityToken}`, signal);
  if (answer.status !== 200) throw refusal(realm.href, answer);
  const { token, access_token: accessToken, refresh_token: refreshToken } = JSON.parse(answer.body) as Record<string, string>;
  const second = await ask(url, `Bearer ${token ?? accessToken ?? ''}`, signal);
  if (second.status !== 200) throw refusal(url, second);
  return { status: 'Login Succeeded', identityToken: refreshToken ?? '' };
}

interface Answer {
  readonly status: number;
  readonly challenge: string;
  readonly body: string;
}

const answerLimitBytes = 1024 * 1024;

async function ask(url: string, authorization: string | undefined, signal: AbortSignal): Promise<Answer> {
  try {
    const { statusCode, headers, body } = await request(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
      headers: authorization === undefined ? {} : { authorization },
    });
    let text = '';
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > answerLimitBytes) throw new Error('the answer is too long');
    }
    return { status: statusCode, challenge: String(headers['www-authenticate'] ?? ''), body: text };
  } catch (error) {
    throw new NoAnswer(`Get ${JSON.stringify(url)}: ${goNetworkError(url, error)}`, { cause: error });
  }
}

/** A network failure in Go's words, which clients show. */
function goNetworkError(url: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const { hostname, port, protocol } = new URL(url);
  const address = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  if (code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (code === 'ENOTFOUND') return `dial tcp: lookup ${hostname}: no such host`;
  if (code === 'EHOSTUNREACH') return `dial tcp ${address}: connect: no route to host`;
  if (code === 'ENETUNREACH') return `dial tcp ${address}: connect: network is unreachable`;
  return (error as Error).name === 'TimeoutError' ? 'context deadline exceeded' : message;
}

function refusal(url: string, { status, body }: Answer): Error {
  if (status !== 401 && status !== 403) return internal(`login attempt to ${url} failed with status: ${status}`);
  let reason = 'incorrect username or password';
  try {
    const { errors, details } = JSON.parse(body) as { errors?: { message?: string }[]; details?: string };
    reason = errors?.[0]?.message ?? details ?? reason;
  } catch {
    // Not every registry explains itself.
  }
  return unauthenticated(`Get ${JSON.stringify(url)}: unauthorized: ${reason}`);
}

function split(challenge: string): [string, string] {
  const at = challenge.indexOf(' ');
  return at < 0 ? [challenge, ''] : [challenge.slice(0, at), challenge.slice(at + 1)];
}

function challengeFields(source: string): Record<string, string> {
  const fields = [...source.matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value]));
}
