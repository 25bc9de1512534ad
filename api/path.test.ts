import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanPath, encodePath, parseTarget } from './path.ts';

test('the version is cut off, the query kept as sent', () => {
  assert.deepEqual(parseTarget('/v1.51/images/json?a=%20b'), {
    full: '/v1.51/images/json',
    path: '/images/json',
    version: '1.51',
    query: 'a=%20b',
  });
});

test('what only looks like a version is part of the path', () => {
  for (const path of ['/vx/version', '/v1.51', '/v1.-1/version', '/version'])
    assert.equal(parseTarget(path)?.version, undefined, path);
});

test('the path is decoded as a whole, encoded slashes too', () => {
  assert.equal(parseTarget('/images/library%2Falpine/json')?.path, '/images/library/alpine/json');
});

test('a broken escape is no path', () => {
  assert.equal(parseTarget('/containers/%zz/json'), undefined);
  assert.equal(parseTarget('/containers/%ff/json'), undefined);
});

test('paths are cleaned as Go does', () => {
  const clean = {
    '//containers/json': '/containers/json',
    '/containers//json': '/containers/json',
    '/containers/../json': '/json',
    '/a/./b/': '/a/b/',
    '/': '/',
    '/..': '/',
    '/a/b': '/a/b',
  };
  for (const [path, expected] of Object.entries(clean)) assert.equal(cleanPath(path), expected, path);
});

test('a location is encoded so that it cannot break out of its header', () => {
  assert.equal(encodePath('/a\r\nX: y/ü?#'), '/a%0D%0AX:%20y/%C3%BC%3F%23');
});
