import express, {
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  type Router,
} from 'express';
import { loadDocumentText } from '../openapi/load.ts';

/** The page needs its own scripts and styles and calls this server; it loads nothing from elsewhere. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

/**
 * Serves Swagger UI below `/docs` and the description it shows as `/docs/engine.json`. To be asked before version
 * and path handling: these are not paths of the Engine API. "Try it out" talks to the origin the page came from, so it
 * works on any listener. Nothing is loaded or kept in memory until the first visit.
 */
export function docsRouter(): Router {
  const router = express.Router();
  const pages = once(loadPages);
  router.get('/docs/engine.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('json').send(loadDocumentText());
  });
  router.use('/docs', async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next();
    // The page names its files relative to /docs/.
    if (request.originalUrl.split('?')[0] === '/docs') return response.redirect(301, '/docs/');
    response.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    run(await pages(), request, response, next);
  });
  return router;
}

async function loadPages(): Promise<RequestHandler[]> {
  const { default: swaggerUi } = await import('swagger-ui-express');
  const options = {
    customSiteTitle: 'Berth Engine API',
    swaggerUrl: './engine.json',
    swaggerOptions: { docExpansion: 'none', defaultModelsExpandDepth: 0, validatorUrl: null },
  };
  return [...swaggerUi.serveFiles(undefined, options), page(swaggerUi.setup(undefined, options))];
}

/** Only the directory itself is the page; an unknown file below it is not found rather than the page again. */
function page(handler: RequestHandler): RequestHandler {
  return (request, response, next) => (request.path === '/' ? handler(request, response, next) : next());
}

/** Runs middleware in order until one answers. */
function run(
  handlers: readonly RequestHandler[],
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  const [first, ...rest] = handlers;
  if (!first) return next();
  void first(request, response, (error?: unknown) =>
    error === undefined ? run(rest, request, response, next) : next(error),
  );
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
