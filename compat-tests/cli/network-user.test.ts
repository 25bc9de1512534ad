import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';
import { containerName, docker, dockerOk, eventually, networkName } from '../support/engine.ts';

/** A subnet that no other test file has. */
let subnets = 0;
const subnet = (): string => `10.214.${(process.pid * 7 + ++subnets) % 250}`;

const inside = (name: string, script: string): Promise<string> => dockerOk('exec', name, 'sh', '-c', script);

/** A container that stays, on networks as the words say. */
async function stay(...words: string[]): Promise<string> {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, ...words, 'busybox', 'sleep', '600');
  return name;
}

const endpoint = (name: string, network: string, field: string): Promise<string> =>
  dockerOk('inspect', '-f', `{{(index .NetworkSettings.Networks "${network}").${field}}}`, name);

const address = (name: string, network: string): Promise<string> => endpoint(name, network, 'IPAddress');

/** The address a name stands for inside, '' for none. */
const lookUp = async (name: string, wanted: string): Promise<string> =>
  /\(([\d.]+)\)/.exec(await inside(name, `ping -c1 -W1 ${wanted} 2>&1; true`))?.[1] ?? '';

const reaches = async (name: string, target: string): Promise<boolean> =>
  (await docker(['exec', name, 'ping', '-c1', '-W2', target])).code === 0;

test('a network has the subnet, range, gateway, reserved addresses, labels and options it was given', async () => {
  const name = networkName();
  const net = subnet();
  await dockerOk(
    'network',
    'create',
    '--subnet',
    `${net}.0/24`,
    '--ip-range',
    `${net}.128/25`,
    '--gateway',
    `${net}.254`,
    '--aux-address',
    `router=${net}.128`,
    '--label',
    'colour=red',
    '-o',
    'com.docker.network.driver.mtu=1400',
    name,
  );
  const [shown] = JSON.parse(await dockerOk('network', 'inspect', name)) as [Record<string, unknown>];
  assert.deepEqual(shown['IPAM'], {
    Driver: 'default',
    Options: {},
    Config: [
      {
        Subnet: `${net}.0/24`,
        IPRange: `${net}.128/25`,
        Gateway: `${net}.254`,
        AuxiliaryAddresses: { router: `${net}.128` },
      },
    ],
  });
  assert.deepEqual(shown['Labels'], { colour: 'red' });
  const container = await stay('--network', name);
  assert.equal(await address(container, name), `${net}.129`);
  assert.equal(await endpoint(container, name, 'Gateway'), `${net}.254`);
  const seen = await inside(container, 'cat /sys/class/net/eth0/mtu; ip route');
  assert.match(seen, /^1400\n/);
  assert.ok(seen.includes(`default via ${net}.254 dev eth0`), seen);
  const refused = await docker(['network', 'rm', name]);
  assert.match(refused.stderr, /has active endpoints/);
  assert.equal(
    await dockerOk('network', 'ls', '-q', '-f', 'label=colour=red', '-f', `name=${name}`).then(
      (ids) => ids.length,
    ),
    12,
  );
  await dockerOk('rm', '-f', container);
  await dockerOk('network', 'rm', name);
  assert.notEqual((await docker(['network', 'inspect', name])).code, 0);
});

test('subnets that overlap, impossible settings and names that are taken are refused', async () => {
  const name = networkName();
  const net = subnet();
  await dockerOk('network', 'create', '--subnet', `${net}.0/24`, name);
  const refusal = async (...words: string[]): Promise<string> => {
    const { code, stderr } = await docker(['network', 'create', ...words]);
    assert.equal(code, 1, words.join(' '));
    return stderr;
  };
  const other = networkName();
  assert.match(
    await refusal('--subnet', `${net}.128/25`, other),
    /Pool overlaps with other one on this address space/,
  );
  assert.match(await refusal(name), /already exists/);
  assert.match(await refusal('--subnet', `${subnet()}.7/24`, other), /it should be/);
  assert.match(
    await refusal('--subnet', '10.215.1.0/24', '-o', 'com.docker.network.driver.mtu=x', other),
    /failed to parse com\.docker\.network\.driver\.mtu value: x/,
  );
});

test('prune removes networks that nobody uses, by label', async () => {
  const label = `prune=${process.pid}`;
  const [used, unused, other] = [networkName('used'), networkName('unused'), networkName('other')];
  for (const name of [used, unused]) await dockerOk('network', 'create', '--label', label, name);
  await dockerOk('network', 'create', other);
  await stay('--network', used);
  // An engine prunes one thing at a time, and others may be at it.
  const told = await eventually(async () => {
    const { code, stdout } = await docker(['network', 'prune', '-f', '--filter', `label=${label}`]);
    return code === 0 ? stdout : undefined;
  });
  assert.match(told, new RegExp(unused));
  assert.ok(!told.includes(used));
  await dockerOk('network', 'inspect', used, other);
});

test('containers of a network know each other by name, alias, short id, hostname and name.network', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const web = await stay('--network', network, '--network-alias', 'www', '--hostname', 'webhost');
  const client = await stay('--network', network);
  const at = await address(web, network);
  const shortId = (await dockerOk('inspect', '-f', '{{.Id}}', web)).slice(0, 12);
  for (const name of [web, 'www', 'WWW', 'webhost', shortId, `${web}.${network}`])
    assert.equal(await lookUp(client, name), at, name);
  assert.match(await inside(client, `nslookup ${at}`), new RegExp(`name = ${web}\\.${network}`));
  const names = JSON.parse(
    await dockerOk('inspect', '-f', `{{json (index .NetworkSettings.Networks "${network}").DNSNames}}`, web),
  ) as string[];
  assert.deepEqual(names, [web, 'www', shortId, 'webhost']);
  assert.match(await inside(client, 'cat /etc/resolv.conf'), /^nameserver 127\.0\.0\.11\noptions ndots:0$/m);
  const renamed = containerName('renamed');
  await dockerOk('rename', web, renamed);
  assert.equal(await lookUp(client, renamed), at);
  assert.equal(await lookUp(client, web), '');
  await dockerOk('rm', '-f', renamed);
  assert.equal(await lookUp(client, 'www'), '');
});

test('an alias of several containers stands for all of them', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const servers = [
    await stay('--network', network, '--network-alias', 'pool'),
    await stay('--network', network, '--network-alias', 'pool'),
  ];
  const addresses = await Promise.all(servers.map((name) => address(name, network)));
  const shown = await inside(servers[0] as string, 'nslookup pool');
  for (const each of addresses) assert.ok(shown.includes(each), shown);
});

test('--dns is asked from inside, for names that nobody has; what is known is not asked for', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const server = containerName('dns');
  const serve =
    'use IO::Socket::INET; $s = IO::Socket::INET->new(Proto => "udp", LocalPort => 53) or die; while ($s->recv($m, 512)) { $a = substr($m, -4, 2) eq "\\0\\1"; $s->send(substr($m, 0, 2) . "\\x81\\x80\\0\\1\\0" . ($a ? "\\1" : "\\0") . "\\0\\0\\0\\0" . substr($m, 12) . ($a ? "\\xc0\\x0c\\0\\1\\0\\1\\0\\0\\0\\x3c\\0\\4\\xc0\\0\\2\\x09" : "")) }';
  await dockerOk('run', '-d', '--name', server, '--network', network, 'debian', 'perl', '-e', serve);
  const at = await address(server, network);
  const client = await stay('--network', network, '--dns', at);
  await eventually(async () => (await lookUp(client, 'out.side.example')) === '192.0.2.9');
  assert.equal(await lookUp(client, server), at);
  const settings = await stay(
    '--network',
    network,
    '--dns',
    at,
    '--dns-search',
    'x.test',
    '--dns-option',
    'ndots:2',
  );
  const shown = await inside(settings, 'cat /etc/resolv.conf');
  assert.match(shown, /^nameserver 127\.0\.0\.11\nsearch x\.test\noptions ndots:2$/m);
  assert.match(shown, new RegExp(`ExtServers: \\[${at.replaceAll('.', '\\.')}\\]`));
});

test('--ip and --mac-address are seen inside; an address is given to one container', async () => {
  const network = networkName();
  const net = subnet();
  await dockerOk('network', 'create', '--subnet', `${net}.0/24`, network);
  const words = ['--network', network, '--ip', `${net}.77`, '--mac-address', '02:42:0a:00:00:77'];
  const container = await stay(...words);
  assert.match(
    await inside(container, 'ip -o -4 addr show eth0; cat /sys/class/net/eth0/address'),
    new RegExp(`${net}.77/24[^]*02:42:0a:00:00:77`),
  );
  const second = await docker(['run', '--name', containerName(), ...words, 'busybox', 'true']);
  assert.equal(second.code, 125);
  assert.match(second.stderr, /Address already in use/);
  const outside = await docker(['run', '--network', network, '--ip', '10.215.9.9', 'busybox', 'true']);
  assert.match(outside.stderr, /no configured subnet or ip-range contain the IP address 10\.215\.9\.9/);
});

test('networks are isolated from each other, and containers where icc is off', async () => {
  const [one, two, closed] = [networkName(), networkName(), networkName()];
  await dockerOk('network', 'create', one);
  await dockerOk('network', 'create', two);
  await dockerOk('network', 'create', '-o', 'com.docker.network.bridge.enable_icc=false', closed);
  const a = await stay('--network', one);
  const b = await stay('--network', two);
  const neighbour = await stay('--network', one);
  assert.ok(await reaches(a, await address(neighbour, one)));
  assert.ok(!(await reaches(a, await address(b, two))));
  const c = await stay('--network', closed);
  const d = await stay('--network', closed);
  assert.ok(!(await reaches(c, await address(d, closed))));
});

test('ports are shown of who has a way out', async () => {
  const [internal, open] = [networkName(), networkName()];
  await dockerOk('network', 'create', '--internal', internal);
  await dockerOk('network', 'create', open);
  const name = await stay('--network', internal, '--expose', '80');
  const ports = (): Promise<string> => dockerOk('inspect', '-f', '{{json .NetworkSettings.Ports}}', name);
  assert.equal(await ports(), '{}');
  await dockerOk('network', 'connect', open, name);
  assert.equal(await ports(), '{"80/tcp":null}');
  await dockerOk('network', 'disconnect', open, name);
  assert.equal(await ports(), '{}');
});

test('an internal network has no way out, but its containers know each other', async () => {
  const network = networkName();
  await dockerOk('network', 'create', '--internal', network);
  const a = await stay('--network', network);
  const b = await stay('--network', network);
  assert.doesNotMatch(await inside(a, 'ip route'), /default/);
  assert.equal(await endpoint(a, network, 'Gateway'), '');
  assert.ok(await reaches(a, b));
});

test('a container may be on several networks; priority says which one leads out', async () => {
  const [one, two] = [networkName('a'), networkName('b')];
  for (const name of [one, two]) await dockerOk('network', 'create', name);
  const plain = await stay('--network', one, '--network', two);
  const gateway = await endpoint(plain, one, 'Gateway');
  assert.ok((await inside(plain, 'ip route')).includes(`default via ${gateway} `));
  assert.match(await inside(plain, 'ls /sys/class/net'), /eth0\neth1\n/);
  const preferring = await stay('--network', one, '--network', `name=${two},gw-priority=5`);
  assert.ok(
    (await inside(preferring, 'ip route')).includes(
      `default via ${await endpoint(preferring, two, 'Gateway')} `,
    ),
  );
  assert.equal(await lookUp(preferring, plain), await address(plain, two));
});

test('a running container is connected and disconnected: interface, route, names and files follow', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const other = await stay('--network', network);
  const name = await stay();
  const before = await inside(name, 'ip route | grep default');
  await dockerOk('network', 'connect', '--alias', 'nick', network, name);
  const at = await address(name, network);
  assert.match(
    await inside(name, 'ip -o -4 addr show eth1; cat /etc/hosts'),
    new RegExp(`${at}/[^]*${at}\t`),
  );
  assert.equal(await lookUp(name, other), await address(other, network));
  assert.equal(await lookUp(other, 'nick'), at);
  assert.match(await inside(name, 'cat /etc/resolv.conf'), /nameserver 127\.0\.0\.11/);
  const again = await docker(['network', 'connect', network, name]);
  assert.match(again.stderr, /already exists in network/);
  await dockerOk('network', 'disconnect', 'bridge', name);
  assert.ok(
    (await inside(name, 'ip route')).includes(
      `default via ${await endpoint(name, network, 'Gateway')} dev eth1`,
    ),
  );
  await dockerOk('network', 'connect', 'bridge', name);
  await dockerOk('network', 'disconnect', network, name);
  assert.equal(await inside(name, 'ip route | grep default'), before);
  assert.doesNotMatch(await inside(name, 'cat /etc/hosts; ls /sys/class/net'), new RegExp(`${at}\t|eth1`));
  assert.equal(await lookUp(other, 'nick'), '');
  assert.match((await docker(['network', 'disconnect', network, name])).stderr, /is not connected to/);
});

test('a container that does not run is connected for its next start', async () => {
  const network = networkName();
  const net = subnet();
  await dockerOk('network', 'create', '--subnet', `${net}.0/24`, network);
  const name = containerName();
  await dockerOk('create', '--name', name, 'busybox', 'sleep', '600');
  await dockerOk('network', 'connect', '--ip', `${net}.9`, network, name);
  await dockerOk('network', 'disconnect', 'bridge', name);
  await dockerOk('start', name);
  assert.match(await inside(name, 'ip -o -4 addr'), new RegExp(`eth0\\s+inet ${net}\\.9/24`));
  await dockerOk('restart', '-t', '0', name);
  assert.equal(await address(name, network), `${net}.9`);
});

test('a network may be called as something every object of JavaScript has', async () => {
  const network = 'constructor';
  const name = containerName();
  await dockerOk('network', 'create', network);
  try {
    await dockerOk('create', '--name', name, 'busybox', 'true');
    assert.match((await docker(['network', 'disconnect', network, name])).stderr, /is not connected to/);
    await dockerOk('network', 'connect', network, name);
    assert.match(await dockerOk('inspect', '-f', '{{json .NetworkSettings.Networks}}', name), /"constructor":/);
    await dockerOk('network', 'disconnect', network, name);
  } finally {
    await docker(['rm', '-f', name]);
    await docker(['network', 'rm', network]);
  }
});

/** What a TCP server says before it closes. */
async function read(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('--expose and -P publish from a user-defined network', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const name = containerName();
  const words = ['--network', network, '--expose', '80', '-P'];
  const script = 'while :; do echo served | nc -l -p 80; done';
  await dockerOk('run', '-d', '--name', name, ...words, 'busybox', 'sh', '-c', script);
  const port = async (): Promise<number> =>
    Number((await dockerOk('port', name, '80')).split('\n')[0]?.split(':').at(-1));
  const served = async (): Promise<boolean> => (await read(await port()).catch(() => '')) === 'served\n';
  await eventually(served);
});

test('--link: hosts and variables on the default network, an alias of one’s own on others', async () => {
  const db = containerName('db');
  await dockerOk('run', '-d', '--name', db, '-e', 'FOO=bar', '--expose', '5432', 'busybox', 'sleep', '600');
  const web = await stay('--link', `${db}:store`);
  const at = await address(db, 'bridge');
  const shown = await inside(web, 'cat /etc/hosts; env');
  assert.match(shown, new RegExp(`^${at}\tstore \\w+ ${db}$`, 'm'));
  assert.ok(shown.includes(`STORE_PORT_5432_TCP=tcp://${at}:5432`), shown);
  assert.ok(shown.includes(`STORE_NAME=/${web}/store`), shown);
  assert.ok(shown.includes('STORE_ENV_FOO=bar'), shown);
  assert.equal(
    await dockerOk('inspect', '-f', '{{json .HostConfig.Links}}', web),
    `["/${db}:/${web}/store"]`,
  );
  const network = networkName();
  await dockerOk('network', 'create', network);
  const target = await stay('--network', network);
  const linked = await stay('--network', network, '--link', `${target}:mine`);
  assert.equal(await lookUp(linked, 'mine'), await address(target, network));
  assert.equal(await lookUp(target, 'mine'), '');
});

test('names and addresses go on to work in a container that shares another’s network', async () => {
  const network = networkName();
  await dockerOk('network', 'create', network);
  const owner = await stay('--network', network);
  const guest = await stay('--network', `container:${owner}`);
  assert.equal(await lookUp(guest, owner), await address(owner, network));
});
