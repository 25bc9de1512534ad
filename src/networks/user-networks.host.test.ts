import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Database } from '../metadata/database.ts';
import type { NetworkController } from './controller.ts';
import { NetworkHost, sandboxRequest, skip } from './host.testing.ts';
import type { NetworkOptions } from './options.ts';
import type { EndpointRequest, SandboxRequest } from './service.ts';
import { NetworkStore } from './store.ts';

const request = (id: string, endpoints: Record<string, EndpointRequest>): SandboxRequest =>
  sandboxRequest(id, { networkMode: Object.keys(endpoints)[0] ?? 'none', endpoints });

describe('user-defined networks on a host', { skip }, () => {
  let host: NetworkHost;
  let file = 0;
  const inside = (...command: string[]): Promise<string> => host.inside(...command);
  const open = (
    path = join(host.directory, `${++file}.db`),
    more: Partial<NetworkOptions> = {},
  ): { db: Database; path: string; networks: NetworkController } => {
    const db = new Database(path);
    return { db, path, networks: host.networks(db, more) };
  };
  const bridges = async (): Promise<string[]> =>
    (await inside('ip', '-br', 'link', 'show', 'type', 'bridge'))
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((name) => name !== '');

  before(async () => {
    host = await NetworkHost.open('usernet');
  });
  after(() => host[Symbol.asyncDispose]());

  it('a network is a bridge and elements of the one table; it comes back with the next daemon, and goes with its removal', async () => {
    const first = open();
    await first.networks.recover([]);
    const made = await first.networks.create({
      Name: 'n',
      IPAM: { Config: [{ Subnet: '10.5.0.0/24', IPRange: '10.5.0.64/26' }] },
    });
    const bridge = `br-${made.Id.slice(0, 12)}`;
    assert.match(await inside('ip', '-o', 'addr', 'show', bridge), /10\.5\.0\.64\/24/);
    const rules = await inside('nft', 'list', 'table', 'inet', 'berth_docker0');
    assert.match(rules, new RegExp(`set bridges [^]*"${bridge}"`));
    assert.match(rules, /10\.5\.0\.0\/24/);
    await first.networks.close();
    first.db.close();
    assert.deepEqual(await bridges(), []);
    const second = open(first.path);
    await second.networks.recover([]);
    assert.deepEqual((await bridges()).toSorted(), [bridge, 'docker0']);
    assert.deepEqual(second.networks.get('n').IPAM.Config, [
      { Subnet: '10.5.0.0/24', IPRange: '10.5.0.64/26' },
    ]);
    await second.networks.remove('n');
    assert.deepEqual(await bridges(), ['docker0']);
    assert.doesNotMatch(await inside('nft', 'list', 'table', 'inet', 'berth_docker0'), /10\.5\.0\.0/);
    await second.networks.close();
    second.db.close();
  });

  it('two daemons’ subnets apart, a chosen one touches no other network, and a given one may not', async () => {
    const { networks, db } = open();
    await networks.recover([]);
    const chosen = await networks.create({ Name: 'auto' });
    const [config] = chosen.IPAM.Config ?? [];
    assert.deepEqual(config, { Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' });
    await assert.rejects(networks.create({ Name: 'x', IPAM: { Config: [{ Subnet: '172.18.4.0/24' }] } }), {
      kind: 'permission-denied',
      message: /Pool overlaps with other one on this address space/,
    });
    const [one, two] = await Promise.allSettled([
      networks.create({ Name: 'same' }),
      networks.create({ Name: 'same' }),
    ]);
    assert.deepEqual([one.status, two.status].toSorted(), ['fulfilled', 'rejected']);
    for (const name of ['auto', 'same']) await networks.remove(name);
    await networks.close();
    db.close();
  });

  it('a network is removed though somebody has just flushed the rules', async () => {
    const { networks, db } = open();
    await networks.recover([]);
    await networks.create({ Name: 'gone' });
    const flushed = inside('nft', 'flush', 'ruleset');
    await Promise.all([flushed, flushed.then(() => networks.remove('gone'))]);
    assert.deepEqual(await bridges(), ['docker0']);
    await networks.close();
    db.close();
  });

  it('what a crash left half made or half removed is gone with the next daemon', async () => {
    const first = open();
    await first.networks.recover([]);
    const { Id } = await first.networks.create({ Name: 'half' });
    const store = new NetworkStore(first.db);
    const record = store.networks().find(({ id }) => id === Id);
    assert.ok(record);
    store.saveNetwork({ ...record, pending: 'remove' });
    first.db.close();
    assert.equal((await bridges()).length, 2);
    const second = open(first.path);
    await second.networks.recover([]);
    assert.deepEqual(await bridges(), ['docker0']);
    assert.throws(() => second.networks.get('half'), { kind: 'not-found' });
    await second.networks.close();
    second.db.close();
  });

  it('a bridge that is another’s is refused, and nothing is left', async () => {
    await inside('ip', 'link', 'add', 'veth7', 'type', 'veth', 'peer', 'name', 'veth8');
    const { networks, db } = open();
    await networks.recover([]);
    const naming = (name: string): object => ({ 'com.docker.network.bridge.name': name });
    await assert.rejects(networks.create({ Name: 'x', Options: naming('veth7') as Record<string, string> }), {
      message: 'existing interface veth7 is not a bridge',
    });
    await assert.rejects(
      networks.create({ Name: 'x', Options: naming('docker0') as Record<string, string> }),
      {
        kind: 'permission-denied',
        message: /networks have same bridge name$/,
      },
    );
    await inside('ip', 'link', 'add', 'admin0', 'type', 'bridge');
    await networks.create({ Name: 'theirs', Options: naming('admin0') as Record<string, string> });
    await networks.remove('theirs');
    assert.ok((await bridges()).includes('admin0'));
    await inside('ip', 'link', 'delete', 'admin0');
    await networks.close();
    db.close();
  });

  it('works without a default bridge, with a table of its own', async () => {
    const { networks, db } = open(undefined, { bridge: 'none' });
    await networks.recover([]);
    const { Id } = await networks.create({ Name: 'only' });
    assert.deepEqual(await bridges(), [`br-${Id.slice(0, 12)}`]);
    assert.match(await inside('nft', 'list', 'tables'), /inet berth_berth_[0-9a-f]{16}/);
    await networks.remove('only');
    await networks.close();
    db.close();
  });

  it('endpoints on several networks: one leads out, each has its address, names are written before the start', async () => {
    const { networks, db } = open();
    await networks.recover([]);
    const inner = await networks.create({ Name: 'a-inner', Internal: true });
    const outer = await networks.create({
      Name: 'outer',
      IPAM: { Config: [{ Subnet: '10.7.0.0/24', AuxiliaryAddresses: { router: '10.7.0.2' } }] },
    });
    const { sandbox, files } = await networks.prepare(
      request('web', {
        outer: { Aliases: ['www'], IPAMConfig: { IPv4Address: '10.7.0.9' }, Links: ['db:store'] },
        'a-inner': {},
        bridge: { GwPriority: -1 },
      }),
    );
    assert.deepEqual(
      sandbox?.endpoints.map(({ ifName, gateway }) => [ifName, gateway]),
      [
        ['eth0', ['10.7.0.1']],
        ['eth1', []],
        ['eth2', []],
      ],
    );
    assert.match(files?.resolvConf ?? '', /nameserver 127\.0\.0\.11\n/);
    assert.equal(sandbox?.dns?.name, 'web');
    assert.equal(
      await readFile(join(host.directory, 'dns/networks', outer.Id), 'utf8'),
      '10.7.0.9 c-web www web\n',
    );
    const told = await readFile(join(host.directory, 'dns/sandboxes/web'), 'utf8');
    assert.match(told, /^forward\n/);
    assert.ok(
      told.endsWith(`network ${outer.Id} outer\nnetwork ${inner.Id} a-inner\nalias ${outer.Id} store db\n`),
      told,
    );
    await assert.rejects(
      networks.prepare(request('other', { outer: { IPAMConfig: { IPv4Address: '10.7.0.9' } } })),
      {
        kind: 'permission-denied',
        message: 'Address already in use',
      },
    );
    const next = await networks.prepare(request('next', { outer: {} }));
    assert.deepEqual(next.sandbox?.endpoints[0]?.addresses, ['10.7.0.3/24']);
    await assert.rejects(networks.remove('outer'), {
      kind: 'permission-denied',
      message:
        /^error while removing network: network outer has active endpoints \(name:"c-web" id:"\w{12}", name:"c-next"/,
    });
    for (const id of ['web', 'next']) networks.forget(id);
    assert.deepEqual(
      (await networks.prune({})).map(({ Name }) => Name),
      ['a-inner', 'outer'],
    );
    await networks.close();
    db.close();
  });
});
