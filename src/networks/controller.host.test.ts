import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Database } from '../metadata/database.ts';
import { NetworkHost, sandboxRequest as request, skip } from './host.testing.ts';

describe('the networks service on a host', { skip }, () => {
  let host: NetworkHost;
  const inside = (...command: string[]): Promise<string> => host.inside(...command);

  before(async () => {
    host = await NetworkHost.open('networks');
    // A new namespace starts with the machine's own setting.
    await inside('sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_forward');
  });
  after(() => host[Symbol.asyncDispose]());

  it('makes docker0, forwarding and its table, and takes all of it away again', async () => {
    const db = new Database(join(host.directory, 'a.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    assert.match(await inside('ip', '-o', 'addr', 'show', 'docker0'), /172\.17\.0\.1\/16/);
    assert.equal((await inside('cat', '/proc/sys/net/ipv4/ip_forward')).trim(), '1');
    assert.match(await inside('nft', 'list', 'tables'), /inet berth_docker0\n.*inet berth_forwarding/);
    assert.equal(networks.get('bridge').Options['com.docker.network.bridge.name'], 'docker0');
    await networks.close();
    await assert.rejects(inside('ip', 'link', 'show', 'docker0'));
    assert.equal(await inside('nft', 'list', 'tables'), '');
    assert.equal((await inside('cat', '/proc/sys/net/ipv4/ip_forward')).trim(), '0');
    db.close();
  });

  it("leaves another's docker0 and its subnet alone", async () => {
    await inside('ip', 'link', 'add', 'docker0', 'type', 'bridge');
    await inside('ip', 'addr', 'add', '172.17.0.1/16', 'dev', 'docker0');
    await inside('ip', 'link', 'set', 'docker0', 'up');
    const db = new Database(join(host.directory, 'b.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    assert.equal(networks.get('bridge').Options['com.docker.network.bridge.name'], 'berth0');
    assert.deepEqual(networks.get('bridge').IPAM.Config, [
      { Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' },
    ]);
    await networks.close();
    assert.match(await inside('ip', '-o', 'addr', 'show', 'docker0'), /172\.17\.0\.1\/16/);
    await assert.rejects(inside('ip', 'link', 'show', 'berth0'));
    await inside('ip', 'link', 'delete', 'docker0');
    db.close();
  });

  it('puts the table back, with its ports, when somebody flushes the rules', async () => {
    const db = new Database(join(host.directory, 'c.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    const { sandbox } = await networks.prepare(
      request('one', { portBindings: { '80/tcp': [{ HostPort: '8080' }] }, exposedPorts: { '80/tcp': {} } }),
    );
    assert.deepEqual(sandbox?.ports[0]?.hostPort, 8080);
    networks.started('one', {
      pid: 1,
      ports: [{ proto: 'tcp', hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80 }],
    });
    await inside('nft', 'flush', 'ruleset');
    const deadline = Date.now() + 5_000;
    let text = '';
    while (Date.now() < deadline && !text.includes('172.17.0.2 . 80'))
      text = await inside('nft', 'list', 'ruleset');
    assert.match(text, /tcp \. 8080 : 172\.17\.0\.2 \. 80/);
    networks.release('one');
    await networks.close();
    db.close();
  });

  it('keeps the ports of a start during which everything was set up again', async () => {
    const db = new Database(join(host.directory, 'g.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    await networks.prepare(
      request('one', { portBindings: { '80/tcp': [{ HostPort: '8082' }] }, exposedPorts: { '80/tcp': {} } }),
    );
    await inside('nft', 'flush', 'ruleset');
    const list = (): Promise<string> => inside('nft', 'list', 'ruleset');
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline && !(await list()).includes('berth_docker0'));
    networks.started('one', {
      pid: 1,
      ports: [{ proto: 'tcp', hostIp: '0.0.0.0', hostPort: 8082, containerPort: 80 }],
    });
    while (Date.now() < deadline && !(await list()).includes('8082'));
    assert.match(await list(), /tcp \. 8082 : 172\.17\.0\.2 \. 80/);
    networks.forget('one');
    await networks.close();
    db.close();
  });

  it('is let through a FORWARD chain of iptables that drops, again after its rules were flushed, and leaves it as it was', async () => {
    await inside(
      'nft',
      'add table ip filter; add chain ip filter FORWARD { type filter hook forward priority 0; policy drop; }',
    );
    await inside('nft', 'add rule ip filter FORWARD counter drop');
    const db = new Database(join(host.directory, 'f.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    const list = (): Promise<string> => inside('nft', 'list', 'chain', 'ip', 'filter', 'FORWARD');
    const ours =
      /oifname "docker0" counter .* accept comment "berth_docker0"\n.*iifname "docker0" counter .* accept/;
    assert.match(await list(), ours);
    await inside('nft', 'flush', 'chain', 'ip', 'filter', 'FORWARD');
    const deadline = Date.now() + 5_000;
    while (Date.now() < deadline && !ours.test(await list()));
    assert.match(await list(), ours);
    assert.equal((await list()).match(/accept/g)?.length, 2);
    await networks.close();
    assert.doesNotMatch(await list(), /accept/);
    await inside('nft', 'delete', 'table', 'ip', 'filter');
    db.close();
  });

  it('keeps addresses and ports of what still runs when the daemon comes back', async () => {
    const path = join(host.directory, 'd.db');
    const first = new Database(path);
    const before = host.networks(first);
    await before.recover([]);
    for (const id of ['one', 'two']) {
      await before.prepare(request(id));
      before.started(id, { pid: process.pid });
    }
    await before.prepare(
      request('three', {
        portBindings: { '80/tcp': [{ HostPort: '8081' }] },
        exposedPorts: { '80/tcp': {} },
      }),
    );
    before.started('three', {
      pid: 1,
      ports: [{ proto: 'tcp', hostIp: '0.0.0.0', hostPort: 8081, containerPort: 80 }],
    });
    first.close();

    const second = new Database(path);
    const networks = host.networks(second);
    await networks.recover([
      { containerId: 'two', pid: process.pid },
      { containerId: 'three', pid: 1 },
    ]);
    assert.equal(networks.settings(request('one')).IPAddress, '');
    assert.equal(networks.settings(request('two')).IPAddress, '172.17.0.3');
    const { sandbox } = await networks.prepare(request('four'));
    assert.deepEqual(sandbox?.endpoints[0]?.addresses, ['172.17.0.2/16']);
    await assert.rejects(
      networks.prepare(
        request('five', {
          portBindings: { '81/tcp': [{ HostPort: '8081' }] },
          exposedPorts: { '81/tcp': {} },
        }),
      ),
      /on endpoint c-five \([0-9a-f]{64}\): Bind for 0\.0\.0\.0:8081 failed: port is already allocated$/,
    );
    for (const id of ['two', 'three', 'four']) networks.forget(id);
    await networks.close();
    second.close();
  });

  it('without a bridge there are host and none, and nothing is made', async () => {
    const db = new Database(join(host.directory, 'h.db'));
    const networks = host.networks(db, { bridge: 'none' });
    await networks.recover([]);
    assert.deepEqual(
      networks.list().map(({ Name }) => Name),
      ['none', 'host'],
    );
    await assert.rejects(networks.prepare(request('one')), /^EngineError: network bridge not found$/);
    const { sandbox } = await networks.prepare(request('two', { networkMode: 'none' }));
    assert.deepEqual(sandbox?.endpoints, []);
    assert.equal(await inside('nft', 'list', 'tables'), '');
    await networks.close();
    db.close();
  });

  it('works on after the executor was killed', async () => {
    const db = new Database(join(host.directory, 'e.db'));
    const networks = host.networks(db);
    await networks.recover([]);
    process.kill(host.executor.pid as number, 'SIGKILL');
    const { sandbox } = await networks.prepare(request('one'));
    assert.equal(sandbox?.endpoints[0]?.bridge, 'docker0');
    await networks.close();
    db.close();
  });
});
