import { readdirSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { OpenAPIBackend } from 'openapi-backend';
import {
  routesOf,
  type ApiDocument,
  type Method,
  type Operation,
  type Route as DescribedRoute,
} from '../openapi/document.ts';
import type { Engine } from '../src/engine.ts';
import { unimplemented } from '../src/errors.ts';
import { jsonBody, takesJson } from './body.ts';
import { clientSignal } from './client.ts';
import type { Context, Handler, Handlers, OperationId, Reply } from './handler.ts';
import { queryReader, type QueryReader } from './query.ts';
import { RouteTable, type Match, type Place } from './route-table.ts';
import type { ApiVersion } from './versions.ts';

/** An operation with what is needed to carry it out. */
export interface Route extends Place {
  readonly operation: Operation;
  readonly readQuery: QueryReader;
  readonly takesJson: boolean;
}

/** What most operations need. */
export interface Served {
  readonly engine: Engine;
  readonly handlers: Handlers;
}

/** One request on its way to a handler. */
export interface Call {
  readonly match: Match<Route>;
  readonly search: URLSearchParams;
  readonly version: ApiVersion;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
}

type AnyHandler = (context: Context<OperationId>) => Promise<Reply> | Reply;

/**
 * The operations of the description with their handlers. openapi-backend reads the description and holds the handlers by
 * operationId; which operation a path means is decided here (see RouteTable).
 */
export class Router {
  readonly #document: ApiDocument;
  readonly #backend: OpenAPIBackend;
  readonly #table: RouteTable<Route>;
  readonly #ready: Promise<Served>;
  #engine: Engine | undefined;

  /**
   * @param early handlers that need no engine: they answer at once, calls of all others wait for `ready`
   */
  constructor(document: ApiDocument, early: Handlers, ready: Promise<Served>) {
    this.#document = document;
    const described = new Map(routesOf(document).map((route) => [route.operation.operationId, route]));
    this.#backend = new OpenAPIBackend({ definition: skeletonOf(document), quick: true, validate: false });
    void this.#backend.init();
    const operations = this.#backend.router.getOperations().flatMap(({ operationId, method, path }) => {
      const route = described.get(operationId ?? '');
      return route && operationId !== 'Options'
        ? [routeOf({ ...route, method: method as Method, path })]
        : [];
    });
    this.#table = new RouteTable(operations);
    this.#register(early);
    this.#ready = ready.then((served) => {
      this.#register(served.handlers);
      this.#engine = served.engine;
      return served;
    });
    // Each call that waits hears of a failure, and so does who made the promise.
    this.#ready.catch(() => undefined);
  }

  find(method: string, path: string): Match<Route> | undefined {
    return this.#table.find(method.toLowerCase(), path);
  }

  /** Carries out a call. Throws what the handler throws; unimplemented when the operation has none. */
  async run({ match: { route, params }, search, version, req, res }: Call): Promise<Reply> {
    const { operation, readQuery } = route;
    const body = route.takesJson ? await jsonBody(this.#document, operation, req) : undefined;
    if (!this.#engine && !this.#handler(operation)) await this.#ready;
    const handler = this.#handler(operation);
    if (!handler) throw unimplemented(`${operation.operationId} is not implemented by this engine yet`);
    const context = new RequestContext(
      this.#engine,
      params,
      readQuery(search),
      body,
      version,
      search,
      req,
      res,
    );
    return handler(context as Context<OperationId>);
  }

  #handler({ operationId }: Operation): AnyHandler | undefined {
    return this.#backend.handlers[operationId] as unknown as AnyHandler | undefined;
  }

  #register(handlers: Handlers): void {
    for (const [operationId, handler] of Object.entries(handlers))
      this.#backend.register(operationId, handler as never);
  }
}

/** A class, so that all contexts have one hidden shape. What it is a context of, the types of the handler say. */
class RequestContext {
  /** Undefined only for early handlers, which do not look. */
  readonly engine: Engine | undefined;
  readonly params: never;
  readonly query: never;
  readonly body: never;
  readonly version: ApiVersion;
  readonly search: URLSearchParams;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;

  constructor(
    engine: Engine | undefined,
    params: object,
    query: object,
    body: unknown,
    version: ApiVersion,
    search: URLSearchParams,
    req: IncomingMessage,
    res: ServerResponse,
  ) {
    this.engine = engine;
    this.params = params as never;
    this.query = query as never;
    this.body = body as never;
    this.version = version;
    this.search = search;
    this.req = req;
    this.res = res;
  }

  get signal(): AbortSignal {
    return clientSignal(this.req, this.res);
  }
}

/**
 * What routing takes of the description. openapi-backend copies and resolves all it is given, and the bodies of the
 * description are of no use to it: with them it would take 50 ms and 5 MB more.
 */
function skeletonOf(document: ApiDocument): Definition {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, path, operation } of routesOf(document))
    (paths[path] ??= {})[method] = { operationId: operation.operationId, responses: {} };
  return { openapi: document.openapi, info: { ...document.info }, paths };
}

type Definition = Extract<ConstructorParameters<typeof OpenAPIBackend>[0]['definition'], object>;

function routeOf({ method, path, operation, parameters }: DescribedRoute): Route {
  return { method, path, operation, readQuery: queryReader(parameters), takesJson: takesJson(operation) };
}

/** All handlers there are: each folder below `handlers/` exports its own from `index.ts`. */
export async function loadHandlers(): Promise<Handlers> {
  const folder = new URL('handlers/', import.meta.url);
  const tags = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const modules = await Promise.all(
    tags.map(
      async ({ name }) => (await import(new URL(`${name}/index.ts`, folder).href)) as { handlers: Handlers },
    ),
  );
  const all: Record<string, Handler<OperationId>> = {};
  for (const { handlers } of modules) Object.assign(all, handlers);
  return all;
}
