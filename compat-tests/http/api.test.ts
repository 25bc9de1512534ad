import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { containerName, socketPath } from '../support/engine.ts';

const engine = request(`http+unix://${encodeURIComponent(socketPath)}`);

test('_ping answers with the headers every client reads', async () => {
  const { status, text, headers } = await engine.get('/_ping');
  assert.equal(status, 200);
  assert.equal(text, 'OK');
  assert.match(String(headers['api-version']), /^1\.51$/);
  assert.equal(headers.ostype, 'linux');
  const { body: info } = await engine.get('/info');
  assert.equal(headers['docker-experimental'], String(info.ExperimentalBuild));
  const { body: version } = await engine.get('/version');
  assert.equal(version.Experimental, info.ExperimentalBuild || undefined);
  assert.equal(version.Components[0].Details.Experimental, String(info.ExperimentalBuild));
  assert.equal(headers.swarm, 'inactive');
  assert.match(String(headers.server), /^Docker\/\S+ \(linux\)$/);
  assert.equal(headers['cache-control'], 'no-cache, no-store, must-revalidate');
  assert.equal((await engine.head('/_ping')).headers['content-length'], '0');
});

test('versions: from 1.24 to 1.51, older and newer are refused', async () => {
  for (const version of ['1.24', '1.41', '1.51'])
    assert.equal((await engine.get(`/v${version}/version`)).status, 200);
  const old = await engine.get('/v1.23/version');
  assert.equal(old.status, 400);
  const next = await engine.get('/v1.99/version');
  assert.equal(next.status, 400);
  assert.match(next.body.message, /client version 1\.99 is too new/);
});

test('an unknown path is a JSON 404, an unknown method too', async () => {
  const { status, body } = await engine.get('/nosuch');
  assert.deepEqual({ status, body }, { status: 404, body: { message: 'page not found' } });
  assert.equal((await engine.put('/containers/json')).status, 404);
});

const bad: [string, string, object | string, number, RegExp][] = [
  ['malformed JSON', '', '{"Image": ', 400, /invalid JSON: unexpected EOF|unexpected end/],
  ['trailing data', '', '{"Image":"busybox"} x', 400, /unexpected content after JSON/],
  [
    'a wrong type',
    '',
    { Image: 5 },
    400,
    /cannot unmarshal number into Go struct field \S*Image of type string/,
  ],
  [
    'a wrong type, deep',
    '',
    { Image: 'busybox', HostConfig: { Memory: 'much' } },
    400,
    /cannot unmarshal string into Go struct field .*Memory of type int64/,
  ],
  ['an unknown image', '', { Image: 'nosuchimage' }, 404, /No such image: nosuchimage:latest/],
  ['no command', '', { Image: 'busybox', Cmd: [], Entrypoint: [] }, 201, /^$/],
  [
    'a bad port',
    '',
    { Image: 'busybox', HostConfig: { PortBindings: { '99999/tcp': [{}] } } },
    400,
    /invalid port|invalid start port|range/i,
  ],
  [
    'a bad bind',
    '',
    { Image: 'busybox', HostConfig: { Binds: ['a:b:c:d'] } },
    500,
    /invalid volume specification/,
  ],
  [
    'a bad restart policy',
    '',
    { Image: 'busybox', HostConfig: { RestartPolicy: { Name: 'sometimes' } } },
    400,
    /restart policy/,
  ],
  ['an absurdly long name', `?name=${'n'.repeat(5000)}`, { Image: 'busybox', Cmd: ['true'] }, 201, /^$/],
];
for (const [what, query, body, expected, text] of bad) {
  test(`create with ${what} answers ${expected}`, async () => {
    const answer = await engine
      .post(`/containers/create${query}`)
      .set('Content-Type', 'application/json')
      .send(body as object);
    assert.equal(answer.status, expected, JSON.stringify(answer.body));
    if (expected === 201) await engine.delete(`/containers/${answer.body.Id}?force=1`);
    else assert.match(answer.body.message, text);
  });
}

test('unknown fields are ignored, keys match in any case, null means unset', async () => {
  const name = containerName();
  const { status, body } = await engine.post(`/v1.51/containers/create?name=${name}`).send({
    image: 'busybox',
    cmd: ['true'],
    nosuchfield: { deep: true },
    Env: null,
    hostconfig: { memory: 33554432, Binds: null },
  });
  assert.equal(status, 201, JSON.stringify(body));
  const info = await engine.get(`/containers/${body.Id}/json`);
  assert.equal(info.body.HostConfig.Memory, 33554432);
  assert.deepEqual(info.body.Config.Cmd, ['true']);
});

test('queries take booleans as Docker reads them', async () => {
  for (const value of ['1', 'true', 'True', 'yes', 'x'])
    assert.equal((await engine.get(`/containers/json?all=${value}`)).status, 200, value);
  assert.equal((await engine.get('/containers/json?limit=x')).status, 500);
});

test('small answers have a length, large ones are chunked, all JSON ends with a newline', async () => {
  const small = await engine
    .get('/nosuch')
    .buffer(true)
    .parse((stream, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => done(null, text));
    });
  assert.ok(Number(small.headers['content-length']) > 0);
  assert.match(small.body as string, /\}\n$/);
  const made = await engine
    .post('/containers/create')
    .send({ Image: 'busybox', Labels: { long: 'x'.repeat(5000) } });
  const large = await engine.get(`/containers/${made.body.Id}/json`);
  await engine.delete(`/containers/${made.body.Id}`);
  assert.equal(large.headers['transfer-encoding'], 'chunked');
});
