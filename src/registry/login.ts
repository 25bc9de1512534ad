import { internal, unauthenticated } from '../errors.ts';
import { parseChallenge } from './challenge.ts';
import { endpointsOf, registryHost } from './endpoint.ts';
import { httpRequest } from './http.ts';
import { goNetworkError } from './network-error.ts';

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
  let failure: unknown;
  for (const endpoint of endpointsOf(host, insecure)) {
    try {
      return await tryLogin(`${endpoint}/v2/`, credentials, signal);
    } catch (error) {
      failure = error;
      if (!(error instanceof NoAnswer)) break;
    }
  }
  throw failure instanceof NoAnswer ? internal(failure.message, failure) : failure;
}

/** The registry did not answer: another scheme may. */
class NoAnswer extends Error {}

async function tryLogin(url: string, credentials: Credentials, signal: AbortSignal): Promise<LoginResult> {
  const first = await ask(url, undefined, signal);
  const accepted = { status: 'Login Succeeded', identityToken: '' };
  if (first.status === 200) return accepted;
  const { kind, fields } = parseChallenge(first.challenge);
  const basic = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  if (kind === 'basic') {
    const second = await ask(url, basic, signal);
    if (second.status === 200) return accepted;
    throw refusal(url, second);
  }
  if (kind !== 'bearer') throw refusal(url, first);
  return bearerLogin(url, fields, credentials, basic, signal);
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
  const {
    token,
    access_token: accessToken,
    refresh_token: refreshToken,
  } = JSON.parse(answer.body) as Record<string, string>;
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
    const { statusCode, headers, body } = await httpRequest(url, {
      method: 'GET',
      signal: AbortSignal.any([signal, AbortSignal.timeout(15_000)]),
      timeoutMs: 15_000,
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

function refusal(url: string, { status, body }: Answer): Error {
  if (status !== 401 && status !== 403)
    return internal(`login attempt to ${url} failed with status: ${status}`);
  let reason = 'incorrect username or password';
  try {
    const { errors, details } = JSON.parse(body) as { errors?: { message?: string }[]; details?: string };
    reason = errors?.[0]?.message ?? details ?? reason;
  } catch {
    // Not every registry explains itself.
  }
  return unauthenticated(`Get ${JSON.stringify(url)}: unauthorized: ${reason}`);
}
