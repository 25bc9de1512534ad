import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Executor } from '../host/executor.ts';
import { HostNetwork, type PublishedPort } from './host-network.ts';

interface Asked {
  operation: string;
  parameters: { ports?: PublishedPort[]; links?: string[] };
  answer(): void;
}

/** An executor that answers when it is told to, and the order in which it was asked. */
function slowExecutor(): { executor: Executor; asked: Asked[] } {
  const asked: Asked[] = [];
  const executor = {
    request: (operation: string, parameters: object) =>
      new Promise((resolve) => {
        asked.push({ operation, parameters, answer: () => resolve({ guard: false, failed: [] }) });
      }),
    onRestart: () => () => {},
    onEvent: () => () => {},
  };
  return { executor: executor as unknown as Executor, asked };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const port: PublishedPort = {
  proto: 'tcp',
  hostIp: '127.0.0.1',
  hostPort: 8080,
  containerIp: '172.30.0.2',
  containerPort: 80,
};

test('a port released while all is set up anew does not come back with the set-up', async () => {
  const { executor, asked } = slowExecutor();
  const bridge = { name: 'br-x', mark: 'm', mac: null, mtu: 1500, addresses: [], subnet: '172.30.0.0/16' };
  const network = new HostNetwork(executor, { ipForward: true } as never, '/data', {
    bridges: () => [{ ...bridge, masquerade: true, icc: true, internal: false, optional: false }],
    ports: () => [port],
  });
  const open = network.open();
  await turn();
  network.release([port], ['veth1']);
  await turn();
  assert.deepEqual(
    asked.map(({ operation }) => operation),
    ['net.setup', 'net.release'],
  );
  asked[1]?.answer();
  await turn();
  assert.equal(asked.length, 2);
  asked[0]?.answer();
  await open;
  await turn();
  assert.deepEqual(asked[2]?.parameters.ports, [port]);
  assert.deepEqual(asked[2]?.parameters.links, []);
  asked[2]?.answer();
  await network.released();

  network.release([port], []);
  asked[3]?.answer();
  await network.released();
  assert.equal(asked.length, 4);
});
