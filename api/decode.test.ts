import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestBody } from '../openapi/document.ts';
import { routesOf } from '../openapi/document.ts';
import { loadDocument } from '../openapi/load.ts';
import { decodeBody } from './decode.ts';

const document = loadDocument();
const create = routesOf(document).find(({ operation }) => operation.operationId === 'ContainerCreate')
  ?.operation.requestBody as RequestBody;
const decode = (source: string): unknown => decodeBody(document, create, source);

// Asked of Docker Engine 28.5.2.
const refused: [string, string][] = [
  ['', 'invalid JSON: got EOF while reading request body'],
  ['{"Image": ', 'invalid JSON: unexpected EOF'],
  ['{"Image" 5}', "invalid JSON: invalid character '5' after object key"],
  ['[1,2', 'invalid JSON: unexpected EOF'],
  ['abc', "invalid JSON: invalid character 'a' looking for beginning of value"],
  ['{"a":tru}', "invalid JSON: invalid character '}' in literal true (expecting 'e')"],
  ['{"a":1,}', "invalid JSON: invalid character '}' looking for beginning of object key string"],
  ['{"Image":"x"} y', 'unexpected content after JSON'],
  ['5', 'invalid JSON: json: cannot unmarshal number into Go value of type container.CreateRequest'],
  ['"x"', 'invalid JSON: json: cannot unmarshal string into Go value of type container.CreateRequest'],
  ['{"Image":"a\nb"}', "invalid JSON: invalid character '\\n' in string"],
  ['{"a":01}', "invalid JSON: invalid character '1' after object key:value pair"],
  ['{a:1}', "invalid JSON: invalid character 'a' looking for beginning of object key string"],
  ['{"a":"\\x"}', 'invalid JSON: invalid escape sequence `\\x` in string'],
  ['{"a":1 "b":2}', `invalid JSON: invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid JSON: invalid character '2' after array element"],
  ['{"Image":1.5}', 'invalid JSON: json: cannot unmarshal number into Go struct field .Image of type string'],
  [
    '{"HostConfig":{"Memory":1.5}}',
    'invalid JSON: json: cannot unmarshal number 1.5 into Go struct field .HostConfig.Memory of type int64',
  ],
  [
    '{"HostConfig":{"Memory":99999999999999999999}}',
    'invalid JSON: json: cannot unmarshal number 99999999999999999999 into Go struct field .HostConfig.Memory of type int64',
  ],
  [
    '{"StopTimeout":"a"}',
    'invalid JSON: json: cannot unmarshal string into Go struct field .StopTimeout of type int',
  ],
];
for (const [source, message] of refused) {
  test(`${source || 'nothing'} is refused in Go's words`, () => {
    assert.throws(() => decode(source), { kind: 'invalid-argument', message });
  });
}

test('keys match in any case, unknown fields and nulls go, a string stands for a list', () => {
  assert.deepEqual(
    decode('{"image":"x","CMD":"ls","Env":null,"nosuch":1,"hostconfig":{"memory":5,"Binds":null}}'),
    {
      Image: 'x',
      Cmd: ['ls'],
      HostConfig: { Memory: 5 },
    },
  );
});

test('null is no body', () => {
  assert.equal(decode('null'), undefined);
});

test('a key called __proto__ is a key', () => {
  const { Labels } = decode('{"Labels":{"__proto__":"x"}}') as { Labels: Record<string, string> };
  assert.deepEqual(Object.entries(Labels), [['__proto__', 'x']]);
});

test('a text nested more deeply than 10000 is refused, one below is walked', () => {
  const nested = (depth: number): string => `{"nosuch":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  assert.throws(() => decode('['.repeat(20_000)), { message: 'invalid JSON: exceeded max depth' });
  assert.throws(() => decode(nested(10_000)), { message: 'invalid JSON: exceeded max depth' });
  assert.deepEqual(decode(nested(9_999)), {});
  assert.throws(() => decode('['.repeat(9_000)), { message: 'invalid JSON: unexpected EOF' });
});

test('the greatest int64 is taken, one more refused', () => {
  assert.deepEqual(decode('{"HostConfig":{"Memory":9223372036854775807}}'), {
    HostConfig: { Memory: 2 ** 63 },
  });
  assert.throws(() => decode('{"HostConfig":{"Memory":9223372036854775808}}'), {
    message: /number 9223372036854775808 into/,
  });
});
