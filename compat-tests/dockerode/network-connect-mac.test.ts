import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerName, dockerode, networkName } from '../support/engine.ts';

const mac = '02:13:00:00:70:09';

test('a MAC address that a connect asks for is not given, neither now nor at a start', async () => {
  const network = await dockerode.createNetwork({ Name: networkName('mac') });
  const { Name } = (await network.inspect()) as { Name: string };
  for (const running of [true, false]) {
    const container = await dockerode.createContainer({
      name: containerName('mac'),
      Image: 'busybox',
      Cmd: ['sleep', '60'],
    });
    if (running) await container.start();
    await network.connect({ Container: container.id, EndpointConfig: { MacAddress: mac } });
    if (!running) await container.start();
    const { NetworkSettings, Config } = await container.inspect();
    const given = NetworkSettings.Networks[Name]?.MacAddress;
    assert.match(String(given), /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    assert.notEqual(given, mac);
    assert.equal((Config as { MacAddress?: string }).MacAddress, undefined);
  }
});

test('one that is none is refused', async () => {
  const network = await dockerode.createNetwork({ Name: networkName('mac') });
  const container = await dockerode.createContainer({
    name: containerName('mac'),
    Image: 'busybox',
    Cmd: ['sleep', '60'],
  });
  await assert.rejects(
    network.connect({ Container: container.id, EndpointConfig: { MacAddress: 'x' } }),
    /invalid MAC address x/,
  );
});
