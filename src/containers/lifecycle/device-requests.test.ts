import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { DeviceRequest } from '../../runtime/config.ts';
import { requestedDevices } from './device-requests.ts';

const directory = mkdtempSync(join(tmpdir(), 'berth-gpus-'));
after(() => rmSync(directory, { recursive: true }));

const gpus = ['0', '1', 'all'].map((name) => ({ name, containerEdits: { env: [`GPU_${name}=1`] } }));
writeFileSync(
  join(directory, 'nvidia.json'),
  JSON.stringify({ cdiVersion: '0.6.0', kind: 'nvidia.com/gpu', devices: gpus }),
);

const request = (given: Partial<DeviceRequest>): DeviceRequest => ({
  Driver: '',
  Count: 0,
  DeviceIDs: null,
  Capabilities: null,
  Options: null,
  ...given,
});
const envOf = async (...given: Partial<DeviceRequest>[]): Promise<string[] | undefined> =>
  (await requestedDevices(given.map(request), [directory]))?.env;

test('GPUs are found by number, by name and altogether', async () => {
  const Capabilities = [['gpu']];
  assert.deepEqual(await envOf({ Capabilities, Count: -1 }), ['GPU_all=1']);
  assert.deepEqual(await envOf({ Capabilities, Count: 1 }), ['GPU_0=1']);
  assert.deepEqual(await envOf({ Capabilities, Driver: 'nvidia', DeviceIDs: ['1'] }), ['GPU_1=1']);
  assert.deepEqual(await envOf({ Driver: 'cdi', DeviceIDs: ['nvidia.com/gpu=0', 'nvidia.com/gpu=1'] }), [
    'GPU_0=1',
    'GPU_1=1',
  ]);
  assert.equal(await envOf(), undefined);
});

for (const [given, message] of [
  [{ Capabilities: [['gpu']], Count: 3 }, '3 GPUs were requested, there are 2'],
  [{ Driver: 'odd' }, 'could not select device driver "odd" with capabilities: []'],
  [
    { Capabilities: [['utility', 'tpu']] },
    'could not select device driver "" with capabilities: [[utility tpu]]',
  ],
  [{ Driver: 'cdi', Count: 1 }, 'unexpected count in CDI device request'],
  [
    { Driver: 'cdi', DeviceIDs: ['a.b/c=d', 'e'] },
    'CDI device injection failed: unresolvable CDI devices a.b/c=d, e',
  ],
] as const)
  test(`a request is refused with ${message}`, async () => {
    await assert.rejects(envOf(given as Partial<DeviceRequest>), { kind: 'internal', message });
  });
