import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import request from 'supertest';
import { loadDocument } from '../openapi/load.ts';
import type { Engine } from '../src/engine.ts';
import { conflict, internal, notModified } from '../src/errors.ts';
import { createApp } from './app.ts';
import { created, json, noContent, stream, type Handlers } from './handler.ts';
import { systemPing, systemPingHead } from './handlers/system/ping.ts';
import { openListeners, type Listeners } from './listeners.ts';
import { Router, type Served } from './router.ts';

/** Stand-ins for services: what is tested is everything before and after a handler. */
let aborted = Promise.withResolvers<void>();
const handlers: Handlers = {
  ContainerInspect: ({ params, version }) => json({ Id: params.id, Version: version.text }),
  ContainerList: ({ query }) => json({ all: query.all, limit: query.limit }),
  ContainerCreate: ({ body, query }) => created({ body, name: query.name }),
  ContainerStart: () => {
    throw notModified('already running');
  },
  ContainerStop: noContent,
  ContainerRename: () => {
    throw conflict('name in use');
  },
  ImageList: () => json(['x'.repeat(3000)]),
  ImageHistory: () => {
    throw new TypeError('a fault of ours');
  },
  SystemEvents: ({ signal }) =>
    stream('application/json', async (out) => {
      await out.record({ first: true });
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      aborted.resolve();
    }),
  ContainerExport: () =>
    stream('application/octet-stream', async (out) => {
      await out.write('part');
      throw internal('disk gone');
    }),
  ImageLoad: () =>
    stream('application/json', async (out) => {
      await out.record({ stream: 'Loading' });
      throw internal('broken archive');
    }),
};
const ready = Promise.withResolvers<Served>();
const early = { SystemPing: systemPing, SystemPingHead: systemPingHead };
const app = createApp({
  router: new Router(loadDocument(), early, ready.promise),
  serverVersion: '1.2.3',
  experimental: false,
});
const directory = mkdtempSync('/tmp/berth-app-test-');
const socketPath = `${directory}/s.sock`;
let listeners: Listeners;
before(async () => {
  const config = { hosts: [`unix://${socketPath}`], group: '0', tls: undefined, allowInsecureTcp: false };
  listeners = await openListeners(config, app);
});
after(async () => {
  await listeners.close(100);
  rmSync(directory, { recursive: true });
});

const identity = {
  'api-version': '1.51',
  'docker-experimental': 'false',
  ostype: 'linux',
  server: 'Docker/1.2.3 (linux)',
};

test('until the engine is ready pings are answered and everything else waits', async () => {
  const waiting = request(app)
    .get('/containers/abc/json')
    .then(({ status }) => status);
  assert.equal((await request(app).get('/_ping')).status, 200);
  ready.resolve({ engine: {} as Engine, handlers });
  assert.equal(await waiting, 200);
});

test('an answer carries the headers of the engine and no others of ours', async () => {
  const { headers, text } = await request(app).get('/v1.40/containers/abc/json');
  assert.equal(text, '{"Id":"abc","Version":"1.40"}\n');
  const {
    date,
    'content-length': length,
    'content-type': type,
    connection: _,
    ...rest
  } = headers as Record<string, string>;
  assert.ok(date);
  assert.equal(length, String(text.length));
  assert.equal(type, 'application/json');
  assert.deepEqual(rest, identity);
});

test('keep-alive is not announced, a wish to close is answered', async () => {
  const kept = await raw('GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n', (text) => text.endsWith('OK'));
  assert.doesNotMatch(kept, /keep-alive/i);
  const closed = await raw('GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(closed, /Connection: close/i);
});

test('bodies above two KiB go out in chunks', async () => {
  const text = await raw('GET /images/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(text, /Transfer-Encoding: chunked/i);
  assert.doesNotMatch(text, /Content-Length/i);
});

test('versions too old are refused in text, too new in JSON, paths unknown before either', async () => {
  const old = await request(app).get('/v1.23/containers/json');
  assert.equal(old.status, 400);
  assert.equal(old.headers['content-type'], 'text/plain; charset=utf-8');
  const next = await request(app).get('/v1.52/containers/json').expect(400);
  assert.deepEqual(next.body, {
    message: 'client version 1.52 is too new. Maximum supported API version is 1.51',
  });
  await request(app).get('/v1.52/nowhere').expect(404, { message: 'page not found' });
});

test('what is not found does not say which engine this is', async () => {
  const { status, headers } = await request(app).post('/containers/json');
  assert.equal(status, 404);
  assert.equal(headers['api-version'], undefined);
});

test('unclean paths are redirected with their query', async () => {
  const { status, headers } = await request(app).get('/v1.51//containers/json?all=1').redirects(0);
  assert.equal(status, 301);
  assert.equal(headers['location'], '/v1.51/containers/json?all=1');
});

test('errors become JSON with the status of their kind', async () => {
  await request(app).post('/containers/a/rename').expect(409, { message: 'name in use' });
  await request(app).get('/images/a/history').expect(500, { message: 'a fault of ours' });
  const same = await request(app).post('/containers/a/start');
  assert.equal(same.status, 304);
  assert.equal(same.text, '');
  await request(app)
    .get('/containers/json?limit=x')
    .expect(500, { message: 'strconv.Atoi: parsing "x": invalid syntax' });
  await request(app).get('/containers/json?limit=%zz').expect(400, { message: 'invalid URL escape "%zz"' });
});

test('an operation without handler is answered 501 by name', async () => {
  const { status, body } = await request(app).post('/build/prune');
  assert.equal(status, 501);
  assert.deepEqual(body, { message: 'BuildPrune is not implemented by this engine yet' });
});

test('bodies are decoded, and refused when their type is not JSON', async () => {
  const made = await request(app).post('/containers/create?name=n').send({ IMAGE: 'x', Unknown: 1 });
  assert.equal(made.status, 201);
  assert.deepEqual(made.body, { body: { Image: 'x' }, name: 'n' });
  const post = (type: string): request.Test =>
    request(app).post('/containers/create').set('Content-Type', type).send('{}');
  await post('text/plain').expect(400, {
    message: "unsupported Content-Type header (text/plain): must be 'application/json'",
  });
  await post(';;').expect(400, { message: 'malformed Content-Type header (;;): mime: no media type' });
});

test('a body without end is refused, one without length is read', async () => {
  const huge = 'x'.repeat(17 * 1024 * 1024);
  const { status, body } = await request(app)
    .post('/containers/create')
    .set('Content-Type', 'application/json')
    .send(`"${huge}"`);
  assert.equal(status, 400);
  assert.deepEqual(body, { message: 'http: request body too large' });
});

test('an error after the head ends a JSON stream with a record and cuts off any other', async () => {
  const text = await raw('POST /images/load HTTP/1.0\r\n\r\n');
  assert.equal(
    text.slice(text.indexOf('{')),
    '{"stream":"Loading"}\r\n{"errorDetail":{"message":"broken archive"},"error":"broken archive"}\r\n',
  );
  await assert.rejects(request(app).get('/containers/a/export').then());
});

test('a client that leaves a stream is noticed, also by closing only its side', async () => {
  for (const leave of ['end', 'destroy'] as const) {
    aborted = Promise.withResolvers<void>();
    const socket = connect(socketPath);
    socket.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket[leave]();
    await aborted.promise;
    socket.destroy();
  }
});

test('what is no HTTP gets the words of Go servers', async () => {
  assert.match(await raw('hello\r\n\r\n'), /^HTTP\/1.1 400 Bad Request\r\n.*\r\n\r\n400 Bad Request$/s);
  assert.match(await raw('GET /_ping HTTP/1.1\r\n\r\n'), /400 Bad Request: missing required Host header$/);
  assert.match(
    await raw('BREW /_ping HTTP/1.1\r\nHost: x\r\n\r\n'),
    /^HTTP\/1.1 404 Not Found\r\n.*page not found/s,
  );
  assert.match(
    await raw(`GET /_ping HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(2 ** 21)}\r\n\r\n`),
    /^HTTP\/1.1 431 /,
  );
});

test('HTTP/1.0 is served and closed', async () => {
  assert.match(await raw('GET /_ping HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200 OK\r\n.*OK$/s);
});

test('an expected 100 is sent before the body is read', async () => {
  const text = await raw(
    'POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n{',
  );
  assert.match(text, /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 400 .*invalid JSON: unexpected EOF/s);
});

test('requests on one connection are answered in order', async () => {
  const text = await raw(
    'GET /_ping HTTP/1.1\r\nHost: x\r\n\r\nGET /containers/b/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  assert.ok(text.indexOf('OK') < text.indexOf('"Id":"b"'), text);
});

test('HEAD answers ping and nothing else', async () => {
  const { status, headers } = await request(app).head('/_ping');
  assert.equal(status, 200);
  assert.equal(headers['builder-version'], '2');
  await request(app).head('/containers/json').expect(404);
});

test('any path answers OPTIONS', async () => {
  await request(app).options('/nowhere').expect(200);
});

test('the socket is for its owner and group only', async () => {
  assert.equal(statSync(socketPath).mode & 0o777, 0o660);
});

test('TCP without TLS is refused unless allowed', async () => {
  const config = { hosts: ['tcp://127.0.0.1:0'], group: '0', tls: undefined };
  await assert.rejects(openListeners({ ...config, allowInsecureTcp: false }, app), {
    kind: 'invalid-argument',
  });
  await (await openListeners({ ...config, allowInsecureTcp: true }, app)).close(0);
});

test('the socket of a living process is refused, a dead one replaced, another file left alone', async () => {
  const config = { group: '0', tls: undefined, allowInsecureTcp: false };
  await assert.rejects(
    openListeners({ ...config, hosts: [`unix://${socketPath}`] }, app),
    /another process listens there/,
  );
  const dead = `${directory}/dead.sock`;
  const dying = `require('net').createServer().listen('${dead}', () => process.kill(process.pid, 'SIGKILL'))`;
  assert.equal(spawnSync(process.execPath, ['-e', dying]).signal, 'SIGKILL');
  await (await openListeners({ ...config, hosts: [`unix://${dead}`] }, app)).close(0);
  const file = `${directory}/file`;
  writeFileSync(file, 'kept');
  await assert.rejects(openListeners({ ...config, hosts: [`unix://${file}`] }, app), /is no socket/);
});

/** Sends `text` as it is and returns all that comes back until the end, or until `done`. */
function raw(text: string, done?: (text: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath, () => socket.write(text));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      answer += String(chunk);
      if (done?.(answer)) socket.destroy();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EPIPE' || error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    );
  });
}
