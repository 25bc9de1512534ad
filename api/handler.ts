import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { operations } from '../openapi/generated.ts';
import type { Engine } from '../src/engine.ts';
import type { ApiVersion } from './versions.ts';

/** The operations of the description, by operationId. */
export type OperationId = keyof operations;

/** What the path of an operation names, decoded: `params.id`. */
export type PathOf<Op extends OperationId> = Present<operations[Op]['parameters']['path']>;

/**
 * The query of an operation. Booleans are read as Docker reads them: '', 0, no, false, none are false, anything else is
 * true, absent is undefined. Integers are numbers; what is no number was answered already. A parameter given several
 * times is an array only where the description says array.
 */
export type QueryOf<Op extends OperationId> = Partial<Present<operations[Op]['parameters']['query']>>;

/**
 * The JSON body of an operation: keys in their documented case, unknown fields and nulls left out. Undefined when the
 * request has none, or a bare `null`.
 */
export type BodyOf<Op extends OperationId> = JsonContent<NonNullable<operations[Op]['requestBody']>>;

/** What a handler may use of one request. */
export interface Context<Op extends OperationId> {
  readonly engine: Engine;
  readonly params: PathOf<Op>;
  readonly query: QueryOf<Op>;
  readonly body: BodyOf<Op> | undefined;
  /** The version the client speaks to us in. Differences between versions belong in `versions.ts`. */
  readonly version: ApiVersion;
  /** Fires when the client has gone before the answer was complete. */
  readonly signal: AbortSignal;
  /** The undecoded query, for what the description cannot say. */
  readonly search: URLSearchParams;
  /** For headers and bodies that are not JSON (`bodyOf(req)` of hijack.ts, which knows upgrades too). */
  readonly req: IncomingMessage;
  /** Only for what hijacks; everything else returns a Reply. */
  readonly res: ServerResponse;
}

/**
 * Carries out one operation: typed input, one call of a service, a value out. What it throws is answered by
 * `errors.ts` and nowhere else.
 */
export type Handler<Op extends OperationId> = (context: Context<Op>) => Promise<Reply> | Reply;

/** The handlers of one tag: `index.ts` of each folder below `handlers/` exports one as `handlers`. */
export type Handlers = { readonly [Op in OperationId]?: Handler<Op> };

/** An answer as data; `reply.ts` puts it on the wire. */
export type Reply =
  | { readonly kind: 'json'; readonly status: number; readonly value: unknown; readonly headers?: Headers }
  | { readonly kind: 'empty'; readonly status: number; readonly headers?: Headers }
  | {
      readonly kind: 'text';
      readonly status: number;
      readonly contentType: string;
      readonly text: string;
      readonly headers?: Headers;
    }
  | {
      readonly kind: 'stream';
      readonly status: number;
      readonly headers: Headers;
      readonly write: (out: StreamOut) => Promise<void>;
    }
  | { readonly kind: 'taken' };

export type Headers = Readonly<Record<string, string>>;

/** The body of a streamed answer. */
export interface StreamOut {
  /** Sends a chunk at once. Resolves when there is room for more; rejects as cancelled when the client has gone. */
  write(chunk: string | Uint8Array): Promise<void>;
  /** Sends one JSON record and a line end, likewise. */
  record(value: object): Promise<void>;
  /** The response, for `pipeline(source, out.body, { end: false })`. */
  readonly body: ServerResponse;
}

/** 200 with a JSON value; its line end and length follow dockerd's. */
export const json = (value: unknown, headers?: Headers): Reply => ({
  kind: 'json',
  status: 200,
  value,
  ...(headers && { headers }),
});

/** 201 with a JSON value. */
export const created = (value: unknown): Reply => ({ kind: 'json', status: 201, value });

/** 204. */
export const noContent = (): Reply => ({ kind: 'empty', status: 204 });

/** Nothing but a status and headers: 200 unless told otherwise. */
export const empty = (status = 200, headers?: Headers): Reply => ({
  kind: 'empty',
  status,
  ...(headers && { headers }),
});

/** Plain text, `text/plain; charset=utf-8`. */
export const text = (value: string, headers?: Headers): Reply => ({
  kind: 'text',
  status: 200,
  contentType: 'text/plain; charset=utf-8',
  text: value,
  ...(headers && { headers }),
});

/**
 * A 200 whose head leaves at once and whose body `write` sends piece by piece. The body ends when `write` resolves. An error
 * after the head ends a JSON stream with an `errorDetail` record and cuts off any other.
 */
export const stream = (
  contentType: string,
  write: (out: StreamOut) => Promise<void>,
  headers: Headers = {},
): Reply => ({
  kind: 'stream',
  status: 200,
  headers: { 'Content-Type': contentType, ...headers },
  write,
});

/** Progress records, one JSON object a line: `stream('application/json', ...)`. */
export const jsonStream = (write: (out: StreamOut) => Promise<void>): Reply =>
  stream('application/json', write);

/** The handler has hijacked the connection or answered by itself: nothing more is sent. */
export const taken = (): Reply => ({ kind: 'taken' });

/** A connection that stopped being HTTP: what `hijack.ts` gives. */
export type HijackedStream = Duplex;

type Present<T> = [Exclude<T, undefined>] extends [never] ? Record<never, never> : Exclude<T, undefined>;
type JsonContent<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;
