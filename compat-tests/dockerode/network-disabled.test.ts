import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode } from '../support/engine.ts';

// NetworkDisabled, and what containers without a network of their own have of the engine's files.

const script = `for f in hosts resolv.conf hostname; do
  grep -q " /etc/$f " /proc/self/mountinfo && echo "$f mounted $(grep -c . /etc/$f)" || echo "$f image $(grep -c . /etc/$f)"
done; echo $(ls /sys/class/net | head -c 3) $(cat /proc/sys/kernel/hostname)`;

interface Seen {
  lines: string[];
  info: Docker.ContainerInspectInfo;
}

async function run(options: Docker.ContainerCreateOptions): Promise<Seen> {
  const name = containerName('nets');
  const container = await dockerode.createContainer({
    name,
    Image: 'busybox',
    Cmd: ['sh', '-c', script],
    Tty: true,
    ...options,
  });
  await container.start();
  await container.wait();
  const log = String(await container.logs({ stdout: true }));
  return { lines: log.trim().split('\r\n'), info: await container.inspect() };
}

const none = ['hosts image 0', 'resolv.conf image 0', 'hostname image 0'];

for (const NetworkMode of ['default', 'none', 'host'])
  test(`without a network nothing is made for a container of mode ${NetworkMode}`, async () => {
    const HostConfig = { NetworkMode, ExtraHosts: ['a:1.2.3.4'], Dns: ['9.9.9.9'] };
    const { lines, info } = await run({ NetworkDisabled: true, HostConfig });
    const name = NetworkMode === 'host' ? hostname() : info.Id.slice(0, 12);
    assert.deepEqual(lines, [...none, `lo ${name}`]);
    assert.deepEqual([info.HostsPath, info.ResolvConfPath, info.HostnamePath], ['', '', '']);
    assert.deepEqual(info.NetworkSettings.Networks, {});
  });

test('without a network a container joins no other, but may be joined', async () => {
  const base = { Image: 'busybox', Cmd: ['sleep', '60'] };
  const named = await dockerode.createContainer({ ...base, name: containerName('named'), Hostname: 'base' });
  const without = await dockerode.createContainer({
    ...base,
    name: containerName('without'),
    NetworkDisabled: true,
  });
  await Promise.all([named.start(), without.start()]);
  const alone = await run({
    NetworkDisabled: true,
    HostConfig: { NetworkMode: `container:${named.id}` },
  });
  assert.deepEqual(alone.lines, [...none, `lo ${alone.info.Id.slice(0, 12)}`]);
  assert.equal(alone.info.HostsPath, '');
  const joined = await run({ HostConfig: { NetworkMode: `container:${without.id}` } });
  assert.deepEqual(joined.lines, [...none, `lo ${without.id.slice(0, 12)}`]);
  assert.equal(joined.info.HostsPath, '');
});

test('in the network none there are files, and in another container the other’s', async () => {
  const { lines, info } = await run({
    Hostname: 'hh',
    HostConfig: { NetworkMode: 'none', ExtraHosts: ['a:1.2.3.4'] },
  });
  assert.deepEqual([lines[0], lines[2], lines[3]], ['hosts mounted 7', 'hostname mounted 1', 'lo hh']);
  assert.match(String(lines[1]), /^resolv.conf mounted/);
  assert.match(info.HostsPath, new RegExp(`${info.Id}/hosts$`));
  const base = await dockerode.createContainer({
    name: containerName('base'),
    Image: 'busybox',
    Cmd: ['sleep', '60'],
    HostConfig: { NetworkMode: 'none', ExtraHosts: ['a:1.2.3.4'] },
  });
  await base.start();
  const joined = await run({ HostConfig: { NetworkMode: `container:${base.id}` } });
  assert.deepEqual([joined.lines[0], joined.lines[3]], ['hosts mounted 7', `lo ${base.id.slice(0, 12)}`]);
  assert.match(joined.info.HostsPath, new RegExp(`${base.id}/hosts$`));
});
