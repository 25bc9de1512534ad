import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameter } from '../openapi/document.ts';
import { parseBoolean, queryReader } from './query.ts';

const parameters: Parameter[] = [
  { name: 'all', in: 'query', schema: { type: 'boolean' } },
  { name: 'limit', in: 'query', schema: { type: 'integer' } },
  { name: 'names', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
  { name: 'filters', in: 'query', schema: { type: 'string' } },
];
const read = (source: string): Record<string, unknown> =>
  queryReader(parameters)(new URLSearchParams(source)) as never;

test('booleans are read as Docker reads them', () => {
  for (const text of ['1', 'true', 'True', 'yes', 'x', ' t ']) assert.equal(parseBoolean(text), true, text);
  for (const text of ['', '0', 'no', 'False', 'none', ' NONE '])
    assert.equal(parseBoolean(text), false, text);
});

test('absent parameters are undefined, several are a list only where described so', () => {
  const query = read('names=a&names=b&filters=x&filters=y');
  assert.equal(query['all'], undefined);
  assert.deepEqual(query['names'], ['a', 'b']);
  assert.equal(query['filters'], 'x');
});

test('a number that is none is refused when it is asked for, in Go words and as 500', () => {
  const query = read('all=1&limit=x');
  assert.equal(query['all'], true);
  assert.throws(() => query['limit'], {
    kind: 'internal',
    message: 'strconv.Atoi: parsing "x": invalid syntax',
  });
  assert.throws(() => read('limit=99999999999999999999')['limit'], { message: /value out of range$/ });
  assert.equal(read('limit=')['limit'], undefined);
  assert.equal(read('limit=-1')['limit'], -1);
});
