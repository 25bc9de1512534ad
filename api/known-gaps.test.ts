import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { routesOf } from '../openapi/document.ts';
import { loadDocument } from '../openapi/load.ts';
import { loadHandlers } from './router.ts';

const operations = routesOf(loadDocument())
  // OPTIONS is answered for every path before a handler is looked for.
  .filter(({ method }) => method !== 'options')
  .map(({ operation }) => operation.operationId);

test('the operations without handler are those that known-gaps.md lists', async () => {
  const handlers = await loadHandlers();
  const missing = operations.filter((operationId) => !Object.hasOwn(handlers, operationId));
  const file = readFileSync(new URL('../compat-tests/known-gaps.md', import.meta.url), 'utf8');
  const listed = [...file.matchAll(/^- `(\w+)`: [A-Z]+ \//gm)].map(([, operationId]) => operationId);
  assert.deepEqual(listed.sort(), missing.sort());
});

test('every handler belongs to an operation of the description', async () => {
  for (const operationId of Object.keys(await loadHandlers()))
    assert.ok(operations.includes(operationId), operationId);
});
