import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routesOf } from '../openapi/document.ts';
import { loadDocument } from '../openapi/load.ts';
import { RouteTable } from './route-table.ts';

// OPTIONS is answered for any path, before a route is looked for.
const routes = routesOf(loadDocument())
  .filter(({ method }) => method !== 'options')
  .map(({ method, path, operation }) => ({ method, path, id: operation.operationId }));
const table = new RouteTable(routes);
const find = (method: string, path: string): string | undefined => {
  const match = table.find(method, path);
  return match && `${match.route.id} ${JSON.stringify(match.params)}`;
};

test('every operation of the description is found by its own path', () => {
  for (const { method, path, id } of routes)
    assert.equal(table.find(method, path.replace(/\{[^}]+\}/g, 'x1'))?.route.id, id, `${method} ${path}`);
});

test('names may hold slashes', () => {
  assert.equal(find('get', '/images/library/alpine:3/json'), 'ImageInspect {"name":"library/alpine:3"}');
  assert.equal(find('delete', '/images/a/b/c'), 'ImageDelete {"name":"a/b/c"}');
});

test('a name may be empty, or the word another path ends with', () => {
  assert.equal(find('delete', '/images/'), 'ImageDelete {"name":""}');
  assert.equal(find('delete', '/containers/json'), 'ContainerDelete {"id":"json"}');
  assert.equal(find('get', '/containers/json/json'), 'ContainerInspect {"id":"json"}');
});

test('fixed paths win over parameters, longer paths over shorter ones', () => {
  assert.equal(find('get', '/images/json'), 'ImageList {}');
  assert.equal(find('get', '/containers/c/attach/ws'), 'ContainerAttachWebsocket {"id":"c"}');
  assert.equal(
    find('delete', '/containers/c/checkpoints/one'),
    'CheckpointDelete {"id":"c","checkpoint":"one"}',
  );
});

test('a name with line breaks is still one name', () => {
  assert.equal(find('get', '/containers/a\nb/json'), 'ContainerInspect {"id":"a\\nb"}');
});

test('other methods and endings are not found', () => {
  for (const [method, path] of [
    ['post', '/containers/json'],
    ['get', '/containers/json/'],
    ['get', '/containers'],
    ['get', '/CONTAINERS/json'],
    ['head', '/images/json'],
  ] as const)
    assert.equal(find(method, path), undefined, `${method} ${path}`);
});
