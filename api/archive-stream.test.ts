import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ArchiveConnection } from '../src/containers/files/archive.ts';
import { notFound } from '../src/errors.ts';
import { ExecutorError } from '../src/host/executor.ts';
import { receiveArchive, sendArchive } from './archive-stream.ts';
import { answerOf } from './errors.ts';
import { empty, type Reply } from './handler.ts';
import { mayUpgrade, routeUpgrades } from './hijack.ts';
import { send, sendError } from './reply.ts';

let directory: string;
let server: Server;
let work: (req: IncomingMessage, res: ServerResponse) => Promise<Reply>;

const application = (req: IncomingMessage, res: ServerResponse): void => {
  work(req, res).then(
    (reply) => send(res, reply),
    (error: unknown) => sendError(res, answerOf(error).status, answerOf(error).message),
  );
};

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-archive-stream-'));
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  rmSync(directory, { recursive: true });
});

/** With `own`, connections can be given away; otherwise bytes are relayed, as for a client over TLS. */
async function serve(own: boolean): Promise<void> {
  server = createServer(own ? { shouldUpgradeCallback: mayUpgrade } : {}, application);
  if (own) routeUpgrades(server, application);
  server.listen(join(directory, 's'));
  await once(server, 'listening');
}

/** A program that has the connection as its standard input and output. Resolves with what it says of it on descriptor 3. */
async function program({ socket }: ArchiveConnection, script: string): Promise<string> {
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  const child = spawn('sh', ['-c', script], { stdio: [fd, fd, 'inherit', 'pipe'] });
  const said = (child.stdio[3] as Socket).toArray() as Promise<Buffer[]>;
  await once(child, 'close');
  return Buffer.concat(await said).toString();
}

async function raw(text: string): Promise<string> {
  const socket = connect(join(directory, 's'));
  socket.write(text);
  return Buffer.concat(await socket.toArray()).toString();
}

const exchange = (req: IncomingMessage, res: ServerResponse) => ({
  req,
  res,
  signal: AbortSignal.timeout(10_000),
  directory: join(directory, 'relays'),
});

test('a body goes to the program as it stands on the connection, with what had been read of it', async () => {
  await serve(true);
  let seen = '';
  const begun = Promise.withResolvers<void>();
  work = async (req, res) => {
    begun.resolve();
    await receiveArchive(exchange(req, res), async (from) => {
      assert.equal(from.framing, 'chunked');
      const rest = await program(from, 'dd bs=1 count=6 2>/dev/null >&3');
      seen = `${from.preread?.toString()}${rest}`;
    });
    return empty(200);
  };
  const socket = connect(join(directory, 's'));
  socket.write(
    'PUT /containers/c/archive?path=/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel',
  );
  await begun.promise;
  socket.write('lo\r\n0\r');
  const answer = Buffer.concat(await socket.toArray()).toString();
  assert.equal(seen, '5\r\nhello\r\n0\r');
  assert.match(answer, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(answer, /connection: close/i);
});

test('a client that waits for a word before it sends gets it', async () => {
  await serve(true);
  work = async (req, res) => {
    await receiveArchive(exchange(req, res), async (from) => {
      assert.deepEqual([from.framing, from.length], ['length', 3]);
      assert.equal(
        `${from.preread?.toString()}${await program(from, 'dd bs=1 count=3 2>/dev/null >&3')}`,
        'abc',
      );
    });
    return empty(200);
  };
  const socket = connect(join(directory, 's'));
  socket.write(
    'PUT /containers/c/archive?path=/ HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n',
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  assert.match(first.toString(), /^HTTP\/1\.1 100 Continue\r\n\r\n/);
  socket.write('abc');
  assert.match(Buffer.concat(await socket.toArray()).toString(), /HTTP\/1\.1 200 OK/);
});

test("an answer is the program's from its head on, and ends only when all went well", async () => {
  await serve(true);
  work = (req, res) =>
    sendArchive(exchange(req, res), 'application/x-tar', undefined, async (to) => {
      assert.equal(to.framing, 'chunked');
      await program(to, `printf '%s' '${to.head}5\r\nhello\r\n'`);
    });
  assert.match(
    await raw('GET /containers/c/export HTTP/1.1\r\nHost: x\r\n\r\n'),
    /^HTTP\/1\.1 200 OK\r\n[\s\S]*Content-Type: application\/x-tar\r\n[\s\S]*\r\n\r\n5\r\nhello\r\n0\r\n\r\n$/,
  );
  work = (req, res) =>
    sendArchive(exchange(req, res), 'application/x-tar', undefined, async (to) => {
      await program(to, `printf '%s' '${to.head}5\r\nhello\r\n'`);
      throw new ExecutorError('internal', 'broken', 5, 'stream');
    });
  assert.match(await raw('GET /containers/c/export HTTP/1.1\r\nHost: x\r\n\r\n'), /hello\r\n$/);
});

test('what fails before anything was sent is an answer like any other', async () => {
  await serve(true);
  work = (req, res) =>
    sendArchive(exchange(req, res), 'application/x-tar', undefined, () =>
      Promise.reject(notFound('nothing there')),
    );
  assert.match(
    await raw('GET /v1.47/containers/c/archive?path=/x HTTP/1.1\r\nHost: x\r\n\r\n'),
    /^HTTP\/1\.1 404 Not Found\r\n[\s\S]*\{"message":"nothing there"\}\n$/,
  );
});

test('where the connection cannot be given away, bytes are relayed both ways', async () => {
  await serve(false);
  let seen = '';
  work = async (req, res) => {
    if (req.method === 'GET')
      return sendArchive(
        exchange(req, res),
        'application/x-tar',
        () => Promise.resolve('c3RhdA=='),
        async (to) => {
          assert.deepEqual([to.framing, to.head], ['none', undefined]);
          await program(to, 'head -c 300000 /dev/zero');
        },
      );
    await receiveArchive(exchange(req, res), async (from) => {
      assert.equal(from.framing, 'none');
      seen = await program(from, 'wc -c >&3');
    });
    return empty(200);
  };
  const socketPath = join(directory, 's');
  const get = request({ socketPath, path: '/containers/c/archive?path=/' }).end();
  const [answer] = (await once(get, 'response')) as [IncomingMessage];
  assert.equal(answer.headers['x-docker-container-path-stat'], 'c3RhdA==');
  assert.equal(Buffer.concat(await answer.toArray()).length, 300_000);
  const put = request({ socketPath, path: '/containers/c/archive?path=/', method: 'PUT' }).end(
    Buffer.alloc(200_000),
  );
  assert.equal(((await once(put, 'response')) as [IncomingMessage])[0].statusCode, 200);
  assert.equal(seen.trim(), '200000');
  assert.deepEqual(readdirSync(join(directory, 'relays')), []);
});
