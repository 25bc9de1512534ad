import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { isKind } from '../errors.ts';
import { ShimClient, ShimError, openShimStream } from './shim-client.ts';
import { encodeValue, formatRequest, parseLine } from './shim-line.ts';

let directory: string;
let path: string;
let server: Server | undefined;
let peers: Socket[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'berth-shim-'));
  path = join(directory, 'shim.sock');
  peers = [];
});

afterEach(() => {
  for (const peer of peers) peer.destroy();
  server?.close();
  server = undefined;
  rmSync(directory, { recursive: true });
});

/** A peer that answers each line with what `answer` gives for it. */
async function shim(answer: (line: string, peer: Socket) => string | undefined): Promise<void> {
  server = createServer({ allowHalfOpen: true }, (peer) => {
    peers.push(peer);
    peer.on('data', (data) => {
      for (const line of data.toString().trimEnd().split('\n')) {
        const text = answer(line, peer);
        if (text !== undefined) peer.write(text);
      }
    });
  });
  server.listen(path);
  await once(server, 'listening');
}

test('values are percent-encoded but for the safe characters and come back as they were', () => {
  assert.equal(encodeValue('a b=c%/.:,-_'), 'a%20b%3Dc%25/.:,-_');
  const line = parseLine(`1 ok text=${encodeValue('häß\n')} empty= bytes=%FF`);
  assert.deepEqual(line, { kind: 'ok', seq: 1, values: { text: 'häß\n', empty: '', bytes: '\uFFFD' } });
});

test('requests leave out what is undefined or false', () => {
  assert.equal(
    formatRequest('attach', { exec: undefined, stdin: false, stdout: true, h: 3 }),
    'attach stdout=1 h=3',
  );
});

test('a line that is no answer is refused', () => {
  assert.throws(() => parseLine('HTTP/1.1 400 Bad Request'), { kind: 'internal' });
});

test('answers are matched by sequence number whatever their order', async () => {
  await shim((line) => (line.startsWith('1 ') ? undefined : '2 ok n=two\n1 ok n=one\n'));
  const client = await ShimClient.connect(path);
  const [one, two] = await Promise.all([client.request('first'), client.request('second')]);
  assert.equal(one['n'], 'one');
  assert.equal(two['n'], 'two');
  client.close();
});

test('an err answer is a ShimError with errno, stage and text', async () => {
  await shim(() => '1 err errno=2 stage=exec msg=no%20such%20file\n');
  const client = await ShimClient.connect(path);
  await assert.rejects(client.start(), (error) => {
    assert.ok(error instanceof ShimError);
    assert.deepEqual([error.errno, error.stage, error.message], [2, 'exec', 'no such file']);
    return true;
  });
  client.close();
});

test('events split over several packets are emitted once each', async () => {
  await shim((_, peer) => {
    peer.write('1 ok\nevent exi');
    setImmediate(() => peer.write('t code=137 signal=9 at=1700000000000000123 oom=1\n'));
    return undefined;
  });
  const client = await ShimClient.connect(path);
  const exit = once(client, 'exit');
  await client.subscribe();
  assert.deepEqual(await exit, [{ code: 137, at: 1700000000000000123n, oomKilled: true }]);
  client.close();
});

test('hello reads state and live execs', async () => {
  await shim(() => '1 ok version=1 pid=42 state=running execs=aa:7,bb:8\n');
  const client = await ShimClient.connect(path);
  assert.deepEqual(await client.hello(), {
    version: '1',
    pid: 42,
    state: 'running',
    execs: new Map([
      ['aa', 7],
      ['bb', 8],
    ]),
  });
  client.close();
});

test('a shim that dies fails what is pending as unavailable', async () => {
  await shim((_, peer) => void peer.destroy());
  const client = await ShimClient.connect(path);
  await assert.rejects(client.request('kill', { signal: 9 }), (error) => isKind(error, 'unavailable'));
  assert.equal(client.connected, false);
});

test('a request given up by its signal leaves the connection usable', async () => {
  await shim((line) => (line.includes('slow') ? undefined : '2 ok\n'));
  const client = await ShimClient.connect(path);
  const controller = new AbortController();
  const slow = client.request('slow', {}, { signal: controller.signal });
  controller.abort();
  await assert.rejects(slow, (error) => isKind(error, 'cancelled'));
  await client.request('quick');
  client.close();
});

test('a shim that does not answer is given up at the deadline', async () => {
  await shim(() => undefined);
  const client = await ShimClient.connect(path);
  await assert.rejects(client.request('hello', {}, { deadlineMs: 20 }), (error) =>
    isKind(error, 'unavailable'),
  );
  client.close();
});

test('connecting to nobody is unavailable', async () => {
  await shim(() => undefined);
  await assert.rejects(ShimClient.connect(join(directory, 'none.sock')), (error) =>
    isKind(error, 'unavailable'),
  );
});

test('a stream starts with the first byte after the answer', async () => {
  await shim((line) => (line === '1 attach stdout=1' ? '1 ok\nfirst bytes' : '1 err msg=what\n'));
  const stream = await openShimStream(path, 'attach', { stdout: true });
  assert.equal(stream.read().toString(), 'first bytes');
  stream.destroy();
  await assert.rejects(openShimStream(path, 'attach', {}), /what/);
});
