// Compiles the daemon's modules into Node's compile cache, so that no start has to: one without the cache takes longer
// and keeps the TypeScript compiler in memory.
import { globSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { project } from './machine.mjs';

const sources = globSync('{api,src,openapi}/**/*.ts', { cwd: project }).filter(
  (file) => !/\.test\.ts$|testsuite\.ts$|api\/main\.ts$/.test(file),
);
await Promise.all(sources.map((file) => import(join(project, file))));
flushCompileCache();
process.exit(0);
