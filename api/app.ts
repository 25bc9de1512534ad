import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { ServerResponse } from 'node:http';
import { EngineError, invalidArgument, messageOf } from '../src/errors.ts';
import { logger } from '../src/log.ts';
import { docsRouter } from './docs.ts';
import { answerOf, isServerFault } from './errors.ts';
import { cleanPath, encodePath, parseTarget } from './path.ts';
import { send, sendBody, sendEmpty, sendError } from './reply.ts';
import type { Router } from './router.ts';
import { askedVersion, newest } from './versions.ts';

const log = logger('http');

export interface AppOptions {
  router: Router;
  /** `28.5.2`: goes into the Server header. */
  serverVersion: string;
  /** What `Docker-Experimental` says. */
  experimental: boolean;
}

/** The order in which a request passes through: fixed answers, operation or description, errors. */
export function createApp({ router, serverVersion, experimental }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(
    operations(router, { server: `Docker/${serverVersion} (linux)`, experimental }, docsRouter()),
    errors,
  );
  return app;
}

/** What answers say of this engine. */
interface Identity {
  server: string;
  experimental: boolean;
}

function operations(router: Router, identity: Identity, docs: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    if (req.url.startsWith('/docs'))
      return docs(req, res, (error?: unknown) => (error ? next(error) : notFound(res)));
    const target = parseTarget(req.url);
    if (!target) return notFound(res);
    const clean = cleanPath(target.full);
    if (clean !== target.full) return redirect(res, clean, target.query);
    if (req.method === 'OPTIONS') return (identify(res, identity), sendEmpty(res, 200));
    if (target.path === '/debug/vars' && req.method === 'GET')
      return (identify(res, identity), sendVariables(res));
    const match = router.find(req.method, target.path);
    if (!match) return notFound(res);
    const asked = target.version === undefined ? { ok: newest } : askedVersion(target.version);
    if ('refused' in asked) {
      identify(res, identity, false);
      if (asked.refused === 'too new') return sendError(res, 400, asked.message);
      return sendBody(res, 400, 'text/plain; charset=utf-8', `${asked.message}\n`, {
        'X-Content-Type-Options': 'nosniff',
      });
    }
    identify(res, identity);
    const search = new URLSearchParams(checkedQuery(target.query));
    await send(res, await router.run({ match, search, version: asked.ok, req, res }));
  };
}

/** What every answer of an operation says of this engine. */
function identify(response: ServerResponse, { server, experimental }: Identity, complete = true): void {
  response.setHeader('Api-Version', newest.text);
  if (complete) response.setHeader('Docker-Experimental', String(experimental));
  response.setHeader('Ostype', 'linux');
  response.setHeader('Server', server);
}

function notFound(response: ServerResponse): void {
  sendError(response, 404, 'page not found');
}

function redirect(response: ServerResponse, path: string, query: string): void {
  sendEmpty(response, 301, { Location: encodePath(path) + (query === '' ? '' : `?${query}`) });
}

/** The process's own figures, under the path of Go's expvar. */
function sendVariables(response: ServerResponse): void {
  const variables = {
    cmdline: process.argv,
    memstats: process.memoryUsage(),
    resources: process.resourceUsage(),
  };
  sendBody(response, 200, 'application/json; charset=utf-8', `${JSON.stringify(variables)}\n`);
}

/** Throws invalid-argument for a broken escape, as Go's parser does; URLSearchParams would let it pass. */
function checkedQuery(query: string): string {
  const broken = query.includes('%') ? /%(?![0-9a-fA-F]{2}).{0,2}/.exec(query) : null;
  if (broken) throw invalidArgument(`invalid URL escape ${JSON.stringify(broken[0])}`);
  return query;
}

const errors: ErrorRequestHandler = (error: unknown, req, res, _next) => {
  const { status, message } = answerOf(error);
  const fields = { method: req.method, path: req.path, status, error: messageOf(error) };
  // What a service threw on purpose says where it went wrong; anything else is a bug.
  const bug = error instanceof EngineError ? {} : { stack: (error as Error | undefined)?.stack };
  if (isServerFault(error)) log.error('request failed', { ...fields, ...bug });
  else log.debug('request refused', fields);
  if (res.headersSent || res.socket?.destroyed || res.destroyed) res.destroy();
  else sendError(res, status, message);
};
