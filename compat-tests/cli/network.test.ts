import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { test } from 'node:test';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';

/** What a TCP server says before it closes. */
async function read(port: number, address = '127.0.0.1'): Promise<string> {
  const socket = connect(port, address);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const published = async (name: string, port: string): Promise<number> =>
  Number((await dockerOk('port', name, port)).split('\n')[0]?.split(':').at(-1));

const serve = (text: string): string[] => [
  'busybox',
  'sh',
  '-c',
  `while :; do echo ${text} | nc -l -p 80; done`,
];

test('a container on the default bridge has an address, a route and names', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '-h', 'inner', 'busybox', 'sleep', '600');
  const address = await dockerOk('inspect', '-f', '{{.NetworkSettings.Networks.bridge.IPAddress}}', name);
  const gateway = await dockerOk('inspect', '-f', '{{.NetworkSettings.Networks.bridge.Gateway}}', name);
  const mac = await dockerOk('inspect', '-f', '{{.NetworkSettings.Networks.bridge.MacAddress}}', name);
  const inside = await dockerOk(
    'exec',
    name,
    'sh',
    '-c',
    'ip -o -4 addr show eth0; ip route; cat /sys/class/net/eth0/address /etc/hosts',
  );
  assert.ok(inside.includes(`inet ${address}/`), inside);
  assert.ok(inside.includes(`default via ${gateway} dev eth0`), inside);
  assert.ok(inside.includes(mac), inside);
  assert.ok(inside.includes(`${address}\tinner`), inside);
  assert.match(inside, /127\.0\.0\.1\tlocalhost/);
});

test('containers on the bridge reach each other', async () => {
  const server = containerName('server');
  await dockerOk('run', '-d', '--name', server, ...serve('hello'));
  const address = await dockerOk('inspect', '-f', '{{.NetworkSettings.Networks.bridge.IPAddress}}', server);
  await eventually(
    async () =>
      (await docker(['run', '--rm', 'busybox', 'sh', '-c', `nc ${address} 80 < /dev/null`])).stdout ===
      'hello\n',
  );
});

test('-p publishes a TCP port on a random host port, reachable on 127.0.0.1', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '-p', '127.0.0.1::80', ...serve('tcp'));
  const port = await published(name, '80/tcp');
  await eventually(async () => (await read(port).catch(() => '')) === 'tcp\n');
  await dockerOk('rm', '-f', name);
  await assert.rejects(read(port));
});

test('-p publishes a fixed port on all addresses', async () => {
  const name = containerName();
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as { port: number };
  free.close();
  await once(free, 'close');
  await dockerOk('run', '-d', '--name', name, '-p', `${port}:80`, ...serve('fixed'));
  await eventually(async () => (await read(port).catch(() => '')) === 'fixed\n');
  await eventually(async () => (await read(port, '127.0.0.2').catch(() => '')) === 'fixed\n');
});

test('-p publishes a UDP port', async () => {
  const name = containerName();
  const echo =
    'use IO::Socket::INET; $s = IO::Socket::INET->new(Proto => "udp", LocalPort => 53) or die; while ($s->recv($m, 99)) { $s->send("got $m") }';
  await dockerOk('run', '-d', '--name', name, '-p', '127.0.0.1::53/udp', 'debian', 'perl', '-e', echo);
  const port = await published(name, '53/udp');
  const socket = createSocket('udp4');
  try {
    let answer = '';
    socket.on('message', (message) => (answer = message.toString()));
    await eventually(() => {
      socket.send('ask', port, '127.0.0.1');
      return answer;
    });
    assert.equal(answer, 'got ask');
  } finally {
    socket.close();
  }
});

test('a port in use is refused, by another container or by a process, and nothing is left', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const name = containerName();
  const first = await docker(['run', '--name', name, '-p', `127.0.0.1:${port}:80`, 'busybox', 'true']);
  assert.equal(first.code, 125);
  assert.match(
    first.stderr,
    new RegExp(`failed to bind host port (for )?127\\.0\\.0\\.1:${port}.*address already in use`),
  );
  taken.close();
  await once(taken, 'close');
  assert.equal(await dockerOk('inspect', '-f', '{{.State.Status}}', name), 'created');
  await dockerOk('start', name);
  const other = containerName();
  await dockerOk('run', '-d', '--name', other, '-p', `127.0.0.1:${port}:80`, 'busybox', 'sleep', '600').catch(
    async () => {
      await eventually(async () => (await dockerOk('inspect', '-f', '{{.State.Status}}', name)) === 'exited');
      await dockerOk('start', other);
    },
  );
  const second = containerName();
  const refused = await docker(['run', '--name', second, '-p', `127.0.0.1:${port}:80`, 'busybox', 'true']);
  assert.equal(refused.code, 125);
  assert.match(refused.stderr, /port is already allocated|address already in use/);
});

test('--network none has a loopback only, host has the host’s, container:X has X’s', async () => {
  assert.equal(
    await dockerOk('run', '--rm', '--network', 'none', 'busybox', 'sh', '-c', 'ls /sys/class/net'),
    'lo',
  );
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  const address = await dockerOk('inspect', '-f', '{{.NetworkSettings.Networks.bridge.IPAddress}}', name);
  assert.match(
    await dockerOk('run', '--rm', '--network', `container:${name}`, 'busybox', 'ip', '-o', '-4', 'addr'),
    new RegExp(`${address.replaceAll('.', '\\.')}/`),
  );
  const own = await dockerOk('run', '--rm', '--network', 'host', 'busybox', 'readlink', '/proc/self/ns/net');
  const others = await dockerOk('run', '--rm', 'busybox', 'readlink', '/proc/self/ns/net');
  assert.notEqual(own, others);
  assert.equal(
    await dockerOk('run', '--rm', '--network', 'host', 'busybox', 'readlink', '/proc/1/ns/net'),
    own,
  );
});

test('--add-host and --dns are seen inside', async () => {
  const shown = await dockerOk(
    'run',
    '--rm',
    '--add-host',
    'some.where:10.9.8.7',
    '--add-host',
    'gw:host-gateway',
    '--dns',
    '10.1.2.3',
    '--dns-search',
    'x.test',
    '--dns-option',
    'ndots:3',
    'busybox',
    'cat',
    '/etc/hosts',
    '/etc/resolv.conf',
  );
  assert.match(shown, /10\.9\.8\.7\tsome\.where/);
  assert.match(shown, /\d+\.\d+\.\d+\.\d+\tgw/);
  assert.match(shown, /nameserver 10\.1\.2\.3/);
  assert.match(shown, /search x\.test/);
  assert.match(shown, /options ndots:3/);
});
