import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerName, docker, dockerOk, networkName } from '../support/engine.ts';

interface Endpoint {
  IPAddress: string;
  IPv6Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
}

let serial = 0;
/** A /64 of this run's own. */
const subnet = (): string => `fd00:${(process.pid & 0xffff).toString(16)}:${++serial}::`;

async function create(...args: string[]): Promise<string> {
  const name = networkName('six');
  await dockerOk('network', 'create', '--ipv6', ...args, name);
  return name;
}

async function configOf(network: string): Promise<{ Subnet: string; Gateway?: string }[]> {
  return JSON.parse(await dockerOk('network', 'inspect', '-f', '{{json .IPAM.Config}}', network));
}

async function start(network: string, ...args: string[]): Promise<{ name: string; endpoint: Endpoint }> {
  const name = containerName('six');
  await dockerOk('run', '-d', '--name', name, '--network', network, ...args, 'busybox', 'sleep', '60');
  return { name, endpoint: await endpointOf(name, network) };
}

async function endpointOf(name: string, network: string): Promise<Endpoint> {
  const format = `{{json (index .NetworkSettings.Networks "${network}")}}`;
  return JSON.parse(await dockerOk('inspect', '-f', format, name));
}

const inside = (name: string, script: string): Promise<string> => dockerOk('exec', name, 'sh', '-c', script);

test('a network with IPv6 gets a unique local subnet, the next one another', async () => {
  const [first, second] = [await create(), await create()];
  const [a, b] = [(await configOf(first))[1], (await configOf(second))[1]];
  assert.match(String(a?.Subnet), /^fd[0-9a-f]{2}:[0-9a-f:]+::\/64$/);
  assert.equal(a?.Gateway, a?.Subnet.replace('/64', '1'));
  assert.notEqual(a?.Subnet, b?.Subnet);
  assert.equal(
    await dockerOk('network', 'inspect', '-f', '{{.EnableIPv4}} {{.EnableIPv6}}', first),
    'true true',
  );
});

test('containers have an address of each family, names and a way to each other', async () => {
  const prefix = subnet();
  const network = await create('--subnet', `${prefix}/64`);
  assert.deepEqual((await configOf(network))[0], { Subnet: `${prefix}/64` });
  const one = await start(network, '--hostname', 'first');
  const two = await start(network);
  assert.deepEqual(
    [one, two].map(({ endpoint }) => [
      endpoint.IPv6Gateway,
      endpoint.GlobalIPv6Address,
      endpoint.GlobalIPv6PrefixLen,
    ]),
    [
      [`${prefix}1`, `${prefix}2`, 64],
      [`${prefix}1`, `${prefix}3`, 64],
    ],
  );
  const hosts = await inside(one.name, 'cat /etc/hosts');
  assert.ok(hosts.endsWith(`${one.endpoint.IPAddress}\tfirst\n${prefix}2\tfirst`), hosts);
  assert.match(await inside(one.name, 'ip -6 route show default'), new RegExp(`via ${prefix}1 dev eth0`));
  const looked = await inside(two.name, `nslookup -type=aaaa ${one.name}`);
  assert.match(looked, new RegExp(`Address: ${prefix}2`));
  assert.doesNotMatch(looked, new RegExp(one.endpoint.IPAddress.replaceAll('.', '\\.')));
  assert.doesNotMatch(await inside(two.name, `nslookup -type=a ${one.name}`), new RegExp(`${prefix}2`));
  for (const to of [`${prefix}2`, `${prefix}1`])
    await inside(two.name, `for i in 1 2 3 4 5; do ping6 -c 1 -W 2 ${to} && exit; done; exit 1`);
  const members = await dockerOk('network', 'inspect', '-f', '{{json .Containers}}', network);
  assert.match(members, new RegExp(`"IPv6Address":"${prefix}2/64"`));
});

test('an address, a gateway and a range may be chosen', async () => {
  const prefix = subnet();
  const range = ['--gateway', `${prefix}fe`, '--ip-range', `${prefix}100/120`];
  const network = await create('--subnet', `${prefix}/64`, ...range);
  const { endpoint } = await start(network);
  assert.equal(endpoint.GlobalIPv6Address, `${prefix}100`);
  assert.equal(endpoint.IPv6Gateway, `${prefix}fe`);
  const fixed = await start(network, '--ip6', `${prefix}abc`);
  assert.equal(fixed.endpoint.GlobalIPv6Address, `${prefix}abc`);
  const again = await docker([
    'run',
    '--rm',
    '--network',
    network,
    '--ip6',
    `${prefix}abc`,
    'busybox',
    'true',
  ]);
  assert.match(again.stderr, /Address already in use/);
  const outside = await docker(['run', '--rm', '--network', network, '--ip6', 'fd01::9', 'busybox', 'true']);
  assert.match(outside.stderr, /no configured subnet or ip-range contain the IP address fd01::9/);
});

test('an internal network has addresses, and no way out', async () => {
  const prefix = subnet();
  const network = await create('--internal', '--subnet', `${prefix}/64`);
  const { name, endpoint } = await start(network);
  assert.deepEqual([endpoint.GlobalIPv6Address, endpoint.IPv6Gateway], [`${prefix}2`, '']);
  assert.equal(await inside(name, 'ip -6 route show default'), '');
});

test('a container that runs is plugged into one and pulled out again', async () => {
  const prefix = subnet();
  const network = await create('--subnet', `${prefix}/64`);
  const { name } = await start('bridge');
  await dockerOk('network', 'connect', network, name);
  assert.equal((await endpointOf(name, network)).GlobalIPv6Address, `${prefix}2`);
  assert.match(await inside(name, 'ip -6 addr show eth1'), new RegExp(`inet6 ${prefix}2/64`));
  assert.match(await inside(name, 'ip -6 route show default'), new RegExp(`via ${prefix}1 dev eth1`));
  assert.match(await inside(name, 'cat /etc/hosts'), new RegExp(`${prefix}2\t`));
  await dockerOk('network', 'disconnect', network, name);
  assert.equal(await inside(name, 'ip -6 route show default'), '');
  assert.doesNotMatch(await inside(name, 'cat /etc/hosts'), new RegExp(`${prefix}2\t`));
});

test('what is no subnet, or overlaps, is refused', async () => {
  const prefix = subnet();
  await create('--subnet', `${prefix}/64`);
  const refused = async (...args: string[]): Promise<string> =>
    (await docker(['network', 'create', '--ipv6', ...args, networkName('bad')])).stderr;
  assert.match(
    await refused('--subnet', `${prefix}/96`),
    /Pool overlaps with other one on this address space/,
  );
  assert.match(await refused('--subnet', `${prefix}1/64`), new RegExp(`it should be ${prefix}/64`));
  assert.match(
    await refused('--subnet', 'fd02:1::/64', '--subnet', 'fd02:2::/64'),
    /bridge driver doesn't support multiple subnets/,
  );
});
