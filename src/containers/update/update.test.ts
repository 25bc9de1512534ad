import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostConfig } from '../../runtime/config.ts';
import type { ResolvedDevices } from '../../runtime/spec/input.ts';
import { hostConfigOf, type HostDefaults } from '../create/host-config.ts';
import { mergeChanges, type Changes } from './merge.ts';
import { changedLimits } from './resources.ts';

const defaults: HostDefaults = {
  cgroupVersion: 1,
  cgroupnsMode: '',
  runtime: 'runc',
  ipcMode: 'private',
  shmSizeBytes: 0,
  logDriver: 'none',
  logOptions: {},
  init: false,
  noNewPrivileges: false,
  seccompProfile: '',
};

const configOf = (given: object): HostConfig => hostConfigOf(given, defaults);

const none: ResolvedDevices = {
  nodes: [],
  rules: [],
  weights: [],
  throttles: { readBps: [], writeBps: [], readIops: [], writeIops: [] },
};

const limitsOf = (current: object, changes: Changes, devices = none, before = none): object | undefined =>
  changedLimits({ changes, merged: mergeChanges(configOf(current), changes), devices, before });

test('what is not named stays, 0 is not named', () => {
  const current = configOf({ Memory: 64e6, CpuShares: 5, PidsLimit: 7 });
  const merged = mergeChanges(current, { CpuShares: 0, NanoCpus: 5e8, PidsLimit: 0 });
  assert.deepEqual(merged, { ...current, NanoCpus: 5e8, PidsLimit: 0 });
});

test('what does not go with what is set is a conflict', () => {
  const refuses = (current: object, changes: Changes, message: RegExp): void =>
    assert.throws(() => mergeChanges(configOf(current), changes), { kind: 'conflict', message });
  refuses({ NanoCpus: 1 }, { CpuQuota: 2000 }, /CPU Quota cannot be updated as NanoCPUs/);
  refuses({ NanoCpus: 1 }, { CpuPeriod: 2000 }, /CPU Period cannot be updated as NanoCPUs/);
  refuses({ CpuQuota: 2000 }, { NanoCpus: 1 }, /Nano CPUs cannot be updated as CPU Quota/);
  refuses({ Memory: 8e6 }, { Memory: 17e6 }, /smaller than already set memoryswap limit/);
  refuses({ AutoRemove: true }, { RestartPolicy: { Name: 'always' } }, /AutoRemove is enabled/);
});

test('what cannot change any more is refused, unless it stays as it is', () => {
  const Ulimits = [{ Name: 'nofile', Hard: 2, Soft: 1 }];
  assert.throws(() => mergeChanges(configOf({}), { Ulimits }), { kind: 'invalid-argument' });
  assert.deepEqual(mergeChanges(configOf({ Ulimits }), { Ulimits }).Ulimits, Ulimits);
});

test('memory goes with swap, and quota with period', () => {
  assert.deepEqual(limitsOf({ Memory: 64e6 }, { MemorySwap: 80e6 }), {
    memory: { limit: 64e6, swap: 80e6 },
  });
  assert.deepEqual(limitsOf({ Memory: 64e6 }, { MemorySwap: -1 }), { memory: { limit: 64e6, swap: -1 } });
  assert.deepEqual(limitsOf({ CpuPeriod: 50_000 }, { CpuQuota: 20_000 }), {
    cpu: { period: 50_000, quota: 20_000 },
  });
  assert.deepEqual(limitsOf({}, { NanoCpus: 5e8 }), { cpu: { period: 100_000, quota: 50_000 } });
});

test('a device that is no longer throttled has its limit taken away', () => {
  const throttled = (...minors: number[]): ResolvedDevices => ({
    ...none,
    throttles: { ...none.throttles, readBps: minors.map((minor) => ({ major: 8, minor, rate: 9 })) },
  });
  assert.deepEqual(limitsOf({}, { BlkioDeviceReadBps: [] }, throttled(1), throttled(0, 1)), {
    blockIO: {
      throttleReadBpsDevice: [
        { major: 8, minor: 1, rate: 9 },
        { major: 8, minor: 0, rate: 0 },
      ],
    },
  });
});

test('a restart policy alone changes no limit', () => {
  assert.equal(limitsOf({}, { RestartPolicy: { Name: 'always' } }), undefined);
  assert.deepEqual(limitsOf({}, { PidsLimit: 0 }), { pids: { limit: -1 } });
});
