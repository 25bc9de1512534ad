import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { EngineError, dataLoss, internal, messageOf, notFound, unauthenticated } from '../errors.ts';
import { isDigest, sha256Digest, type Digest } from '../oci/digest.ts';
import { manifestSizeMax, mediaTypes } from '../oci/manifest.ts';
import { parseChallenge } from './challenge.ts';
import { endpointsOf, mayBeInsecure, registryHost } from './endpoint.ts';
import { httpRequest } from './http.ts';
import { goNetworkError } from './network-error.ts';

/** What a client gave us to show to a registry; all of it may be missing. */
export interface RegistryCredentials {
  username?: string;
  password?: string;
  identityToken?: string;
  /** A token to be used as it is. */
  registryToken?: string;
}

export interface RepositoryOptions {
  /** Registry host as in a normalised reference (`docker.io`). */
  domain: string;
  /** Repository in the registry: `library/busybox`. */
  path: string;
  credentials: RegistryCredentials | undefined;
  /** What will be done: tokens are asked for no more. */
  access: 'pull' | 'pull,push';
  insecure: readonly string[];
  /** Base addresses to try before Docker Hub. */
  mirrors: readonly string[];
  signal: AbortSignal;
}

/** A manifest or index as the registry has it: these bytes are what the digest is of. */
export interface FetchedManifest {
  digest: Digest;
  mediaType: string;
  bytes: Buffer;
}

/** An answer of a registry that says no. `code` is the distribution specification's. */
export class RegistryError extends EngineError {
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(status === 401 ? 'unauthenticated' : status === 404 ? 'not-found' : 'internal', message);
    this.code = code;
  }
}

const acceptedManifests = [
  mediaTypes.ociIndex,
  mediaTypes.ociManifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
].join(', ');

const redirectMax = 10;
const answerTimeoutMs = 60_000;

interface Call {
  headers?: Record<string, string>;
  body?: Readable | Buffer;
  /** Statuses that are an answer and no failure. */
  expected: readonly number[];
  signal: AbortSignal;
}

/**
 * One repository of a registry, by the OCI distribution specification. Authorises itself when the registry asks: by a token of
 * the server it names, or by name and password.
 */
export class Repository {
  readonly #base: string;
  readonly #options: RepositoryOptions;
  #authorization: string | undefined;

  private constructor(base: string, options: RepositoryOptions) {
    this.#base = base;
    this.#options = options;
    const { registryToken } = options.credentials ?? {};
    if (registryToken) this.#authorization = `Bearer ${registryToken}`;
  }

  /**
   * Finds out where the registry answers.
   * @throws internal with Go's words when nobody answers
   */
  static async open(options: RepositoryOptions): Promise<Repository> {
    const host = registryHost(options.domain);
    const mirrors =
      options.domain === 'docker.io' ? options.mirrors.map((mirror) => mirror.replace(/\/$/, '')) : [];
    let failure: unknown;
    for (const base of [...mirrors, ...endpointsOf(host, options.insecure)]) {
      try {
        const repository = new Repository(base, options);
        await repository.#ping(options.signal);
        return repository;
      } catch (error) {
        options.signal.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  }

  /** A manifest by tag or digest, checked against the digest. @throws RegistryError, data-loss */
  async manifest(reference: string, signal: AbortSignal): Promise<FetchedManifest> {
    const { headers, body } = await this.#call('GET', `manifests/${reference}`, {
      headers: { accept: acceptedManifests },
      expected: [200],
      signal,
    });
    const bytes = await readAll(body, manifestSizeMax);
    const digest = sha256Digest(createHash('sha256').update(bytes).digest('hex'));
    if (isDigest(reference) && reference !== digest)
      throw dataLoss(`manifest verification failed for digest ${reference}`);
    return { digest, mediaType: mediaTypeOf(headers['content-type'], bytes), bytes };
  }

  /** A blob as it comes; the reader checks the digest. @throws RegistryError */
  async blob(digest: Digest, signal: AbortSignal): Promise<Readable> {
    const { body } = await this.#call('GET', `blobs/${digest}`, { expected: [200], signal });
    // It may break before anybody reads; the reader is told when it does.
    body.on('error', () => {});
    return body;
  }

  async hasBlob(digest: Digest, signal: AbortSignal): Promise<boolean> {
    const { statusCode, body } = await this.#call('HEAD', `blobs/${digest}`, {
      expected: [200, 404],
      signal,
    });
    await body.dump();
    return statusCode === 200;
  }

  /** Uploads a blob in one piece. `source` is read once, so a registry that asks for a login must have asked before. */
  async putBlob(digest: Digest, sizeBytes: number, source: Readable, signal: AbortSignal): Promise<void> {
    const started = await this.#call('POST', 'blobs/uploads/', {
      headers: { 'content-length': '0' },
      expected: [202],
      signal,
    });
    await started.body.dump();
    const location = new URL(String(started.headers['location'] ?? ''), `${this.#base}/v2/`);
    location.searchParams.set('digest', digest);
    const ended = await this.#send('PUT', location.href, {
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(sizeBytes) },
      body: source,
      expected: [201],
      signal,
    });
    await ended.body.dump();
  }

  async putManifest(reference: string, mediaType: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const { body } = await this.#call('PUT', `manifests/${reference}`, {
      headers: { 'content-type': mediaType },
      body: bytes,
      expected: [201],
      signal,
    });
    await body.dump();
  }

  /** All tags of the repository. */
  async tags(signal: AbortSignal): Promise<string[]> {
    const { body } = await this.#call('GET', 'tags/list', { expected: [200], signal });
    const { tags } = JSON.parse((await readAll(body, manifestSizeMax)).toString()) as {
      tags?: string[] | null;
    };
    return tags ?? [];
  }

  async #ping(signal: AbortSignal): Promise<void> {
    const url = `${this.#base}/v2/`;
    const { statusCode, headers, body } = await this.#send('GET', url, { expected: [200, 401], signal });
    await body.dump();
    if (statusCode === 401) await this.#authorise(String(headers['www-authenticate'] ?? ''), signal);
  }

  async #call(method: Dispatcher.HttpMethod, path: string, call: Call): Promise<Dispatcher.ResponseData> {
    const url = `${this.#base}/v2/${this.#options.path}/${path}`;
    const first = await this.#send(method, url, { ...call, expected: [...call.expected, 401] });
    if (first.statusCode !== 401 || call.expected.includes(401)) return first;
    const challenge = String(first.headers['www-authenticate'] ?? '');
    if (challenge === '') throw await refusal(first, method, url);
    await first.body.dump();
    await this.#authorise(challenge, call.signal);
    return await this.#send(method, url, call);
  }

  /** One request, with redirects followed: our authorisation goes no further than the registry itself. */
  async #send(method: Dispatcher.HttpMethod, url: string, call: Call): Promise<Dispatcher.ResponseData> {
    let target = url;
    for (let hop = 0; hop <= redirectMax; hop++) {
      const own = new URL(target).host === new URL(this.#base).host;
      const headers = {
        'user-agent': 'berth',
        ...call.headers,
        ...(own && this.#authorization !== undefined ? { authorization: this.#authorization } : {}),
      };
      const answer = await this.#dispatch(method, target, headers, call);
      const { statusCode } = answer;
      const location = answer.headers['location'];
      if (
        [301, 302, 303, 307, 308].includes(statusCode) &&
        typeof location === 'string' &&
        method !== 'PUT'
      ) {
        await answer.body.dump();
        target = new URL(location, target).href;
        continue;
      }
      if (call.expected.includes(statusCode)) return answer;
      throw await refusal(answer, method, target);
    }
    throw internal(`${method} ${JSON.stringify(url)}: stopped after ${redirectMax} redirects`);
  }

  async #dispatch(
    method: Dispatcher.HttpMethod,
    url: string,
    headers: Record<string, string>,
    { body, signal }: Call,
  ): Promise<Dispatcher.ResponseData> {
    const host = new URL(url).host;
    try {
      return await httpRequest(url, {
        method,
        headers,
        signal,
        timeoutMs: answerTimeoutMs,
        trusting: mayBeInsecure(host, this.#options.insecure),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      signal.throwIfAborted();
      const verb = `${method[0]}${method.slice(1).toLowerCase()}`;
      throw internal(`${verb} ${JSON.stringify(url)}: ${goNetworkError(url, error)}`, error);
    }
  }

  async #authorise(header: string, signal: AbortSignal): Promise<void> {
    const { kind, fields } = parseChallenge(header);
    const { username, password, identityToken } = this.#options.credentials ?? {};
    const basic = username
      ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
      : undefined;
    if (kind === 'basic') {
      if (basic === undefined) throw unauthenticated('no basic auth credentials');
      this.#authorization = basic;
      return;
    }
    if (kind !== 'bearer') throw unauthenticated(`unsupported authentication scheme: ${kind}`);
    const realm = tokenAddress(fields['realm']);
    if (fields['service']) realm.searchParams.set('service', fields['service']);
    realm.searchParams.set('scope', `repository:${this.#options.path}:${this.#options.access}`);
    if (username) realm.searchParams.set('account', username);
    this.#authorization = undefined;
    const headers: Record<string, string> = {};
    if (identityToken) headers['authorization'] = `Bearer ${identityToken}`;
    else if (basic !== undefined) headers['authorization'] = basic;
    const answer = await this.#dispatch('GET', realm.href, headers, { expected: [200], signal });
    if (answer.statusCode !== 200) throw await refusal(answer, 'GET', realm.href);
    const text = (await readAll(answer.body, manifestSizeMax)).toString();
    const { token, access_token: accessToken } = JSON.parse(text) as {
      token?: string;
      access_token?: string;
    };
    this.#authorization = `Bearer ${token ?? accessToken ?? ''}`;
  }
}

function tokenAddress(realm: string | undefined): URL {
  try {
    return new URL(realm ?? '');
  } catch (error) {
    throw unauthenticated(`invalid token address: ${realm ?? ''}`, error);
  }
}

/** What a registry said when it refused, in the form that clients know: `manifest unknown: manifest unknown`. */
async function refusal(
  { statusCode, body }: Dispatcher.ResponseData,
  method: string,
  url: string,
): Promise<Error> {
  const text = (await readAll(body, 64 * 1024).catch(() => Buffer.alloc(0))).toString();
  try {
    const { errors } = JSON.parse(text) as { errors?: { code?: string; message?: string }[] };
    const { code, message } = errors?.[0] ?? {};
    if (typeof code === 'string')
      return new RegistryError(
        statusCode,
        code,
        `${code.toLowerCase().replaceAll('_', ' ')}: ${message ?? ''}`,
      );
  } catch (error) {
    if (!(error instanceof SyntaxError)) return internal(messageOf(error), error);
  }
  if (statusCode === 404) return notFound(`${method} ${JSON.stringify(url)}: not found`);
  return internal(`received unexpected HTTP status: ${statusCode}`);
}

async function readAll(body: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limitBytes) throw dataLoss(`the registry's answer is larger than ${limitBytes} bytes`);
  }
  return Buffer.concat(chunks);
}

function mediaTypeOf(header: unknown, bytes: Buffer): string {
  const said = typeof header === 'string' ? (header.split(';', 1)[0] ?? '').trim() : '';
  if (said !== '' && said !== 'application/json' && said !== 'text/plain') return said;
  try {
    const { mediaType } = JSON.parse(bytes.toString()) as { mediaType?: unknown };
    return typeof mediaType === 'string' ? mediaType : said;
  } catch {
    return said;
  }
}
