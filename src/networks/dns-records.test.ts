import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { DnsRecords } from './dns-records.ts';
import type { EndpointRecord } from './store.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-dns-'));
});
after(() => rm(directory, { recursive: true, force: true }));

const endpoint = (network: string, more: Partial<EndpointRecord>): EndpointRecord => ({
  network,
  networkId: `id-${network}`,
  endpointId: 'e',
  ...more,
});

it('a network lists addresses with their names; a sandbox its servers, networks and aliases, in the order of the gateway', async () => {
  const endpoints = [
    endpoint('n', { address: '10.0.0.2', dnsNames: ['web', 'a b'] }),
    endpoint('n', { address: '10.0.0.3' }),
  ];
  const records = new DnsRecords(directory, () => endpoints);
  await records.open(new Set(), new Set(['id-n']));
  assert.equal(await readFile(join(directory, 'networks/id-n'), 'utf8'), '10.0.0.2 web a%20b\n');
  await records.writeSandbox('c', {
    endpoints: [
      endpoint('inner', { internal: true, dnsNames: ['x'], links: [['db', 'real']] }),
      endpoint('ü', { gateway: '10.0.0.1', dnsNames: ['x'] }),
      endpoint('bridge', { gateway: '172.17.0.1' }),
    ],
    servers: [{ address: '10.9.9.9', inside: true }],
    ndots: true,
  });
  assert.equal(
    await readFile(join(directory, 'sandboxes/c'), 'utf8'),
    'forward\nndots\nserver inside 10.9.9.9\nnetwork id-ü %c3%bc\nnetwork id-inner inner\nalias id-inner db real\n',
  );
});

it('changes that come while one is written are written once more, the last of them for certain', async () => {
  let names = ['a'];
  const records = new DnsRecords(directory, () => [endpoint('n', { address: '10.0.0.2', dnsNames: names })]);
  const first = records.updateNetwork('busy');
  names = ['b'];
  const second = records.updateNetwork('busy');
  names = ['c'];
  await Promise.all([first, second, records.updateNetwork('busy')]);
  assert.equal(await readFile(join(directory, 'networks/busy'), 'utf8'), '10.0.0.2 c\n');
});

it('files of containers and networks that are gone are swept', async () => {
  await writeFile(join(directory, 'sandboxes/stale'), '');
  await writeFile(join(directory, 'networks/stale.new'), '');
  await new DnsRecords(directory, () => []).open(new Set(['c']), new Set(['id-n']));
  assert.deepEqual(await readdir(join(directory, 'sandboxes')), ['c']);
  assert.deepEqual(await readdir(join(directory, 'networks')), ['id-n']);
});
