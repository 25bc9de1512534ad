import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { bundle, sourceHash } from '../.setup/generate.mjs';
import { resolveSchema, routesOf } from './document.ts';
import type { ApiDocument, Schema } from './document.ts';
import { loadDocument, loadDocumentText } from './load.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const document = JSON.parse(loadDocumentText()) as ApiDocument;
const routes = routesOf(document);

test('bundle.json and generated.ts are made of the present sources (else: npm run generate)', () => {
  assert.deepEqual(JSON.parse(loadDocumentText()), bundle());
  assert.equal(/^\/\/ sources: (\w+)$/m.exec(read('generated.ts'))?.[1], sourceHash());
});

test('every reference leads somewhere', () => {
  const broken: string[] = [];
  visit(document, (node) => {
    if (typeof node.$ref !== 'string') return;
    const [, ...steps] = node.$ref.split('/');
    const target = steps.reduce<unknown>(
      (at, step) => (at as Record<string, unknown> | undefined)?.[step],
      document,
    );
    if (!node.$ref.startsWith('#/') || target === undefined) broken.push(node.$ref);
  });
  assert.deepEqual(broken, []);
});

test("all of Docker's 107 operations are there under their own names", () => {
  const wanted = read('official.txt').trimEnd().split('\n');
  assert.equal(wanted.length, 107);
  const described = routes
    .filter(({ operation }) => !operation['x-berth-extra'])
    .map(
      ({ method, path, operation }) => `${method.toUpperCase().padEnd(6)} ${path} ${operation.operationId}`,
    );
  assert.deepEqual(described.sort(), wanted.sort());
});

test('every operation has an id of its own, a summary of its own and one known tag', () => {
  const ids = routes.map(({ operation }) => operation.operationId);
  assert.equal(new Set(ids).size, ids.length);
  const tags = new Set(document.tags.map(({ name }) => name));
  for (const { operation } of routes) {
    assert.ok(
      operation.summary && operation.summary !== operation.operationId,
      `${operation.operationId}: summary`,
    );
    assert.equal(operation.tags.length, 1, operation.operationId);
    assert.ok(tags.has(operation.tags[0] ?? ''), operation.operationId);
  }
});

test('every path parameter is described, and no parameter twice', () => {
  for (const { path, parameters } of routes) {
    const placeholders = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    const named = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
    assert.deepEqual(named.sort(), placeholders, path);
    const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    assert.equal(new Set(keys).size, keys.length, path);
  }
});

test('every tag, parameter, body, answer and schema field says what it is', () => {
  const silent: string[] = document.tags.filter((tag) => !tag.description).map(({ name }) => name);
  for (const { operation, parameters } of routes) {
    const { operationId: id, requestBody, responses } = operation;
    for (const parameter of parameters) if (!parameter.description) silent.push(`${id} ${parameter.name}`);
    if (requestBody && !requestBody.description) silent.push(`${id} body`);
    for (const [code, response] of Object.entries(responses))
      if (!response.description && !response.$ref) silent.push(`${id} ${code}`);
  }
  for (const [name, schema] of Object.entries(document.components.schemas))
    fields(schema, name, (at, field) => {
      if (!field.description) silent.push(at);
    });
  assert.deepEqual(silent, []);
});

test('a body is read leniently: nothing is required, nothing unknown is refused, lists and maps may be null', () => {
  const strict: string[] = [];
  const seen = new Set<Schema>();
  const check = (at: string, schema: Schema): void => {
    if (schema.required) strict.push(`${at}: required`);
    if (schema.additionalProperties === false) strict.push(`${at}: closed`);
    const collection = typesOf(schema).includes('array') || schema.additionalProperties !== undefined;
    if (collection && !typesOf(schema).includes('null')) strict.push(`${at}: not null`);
  };
  const walk = (schema: Schema, at: string): void => {
    const target = resolveSchema(document, schema);
    if (seen.has(target)) return;
    seen.add(target);
    check(at, target);
    for (const [key, child] of childrenOf(target)) walk(child, at + key);
  };
  for (const { operation } of routes)
    for (const { schema } of Object.values(operation.requestBody?.content ?? {}))
      walk(schema, operation.operationId);
  assert.ok(seen.size > 300);
  assert.deepEqual(strict, []);
});

test('the document for routing has no prose, but keeps fields that are called like prose', () => {
  const routing = loadDocument();
  const item = routing.components.schemas.ImageSearchResponseItem?.properties;
  assert.equal(item?.description?.type, 'string');
  assert.equal(item?.description?.description, undefined);
  assert.equal(routesOf(routing).length, routes.length);
  assert.ok(JSON.stringify(routing).length < loadDocumentText().length / 1.5);
});

function visit(node: unknown, look: (node: Record<string, unknown>) => void): void {
  if (node === null || typeof node !== 'object') return;
  if (!Array.isArray(node)) look(node as Record<string, unknown>);
  for (const child of Object.values(node)) visit(child, look);
}

/** Calls `look` for each field below a schema, not following references. */
function fields(schema: Schema, at: string, look: (at: string, field: Schema) => void): void {
  for (const [key, child] of childrenOf(schema)) {
    if (key.startsWith('.')) look(at + key, child);
    fields(child, at + key, look);
  }
}

/** Direct children of a schema: `.name` for fields, `[]` and `{}` for elements, nothing for alternatives. */
function childrenOf(schema: Schema): [string, Schema][] {
  const children: [string, Schema][] = Object.entries(schema.properties ?? {}).map(([name, child]) => [
    `.${name}`,
    child,
  ]);
  if (schema.items) children.push(['[]', schema.items]);
  if (typeof schema.additionalProperties === 'object') children.push(['{}', schema.additionalProperties]);
  for (const part of [...(schema.allOf ?? []), ...(schema.oneOf ?? [])]) children.push(['', part]);
  return children;
}

function typesOf(schema: Schema): readonly string[] {
  return typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
}
