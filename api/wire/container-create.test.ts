import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateBody } from '../../src/containers/service.ts';
import { apiVersion } from '../versions.ts';
import { createBodyAt } from './container-create.ts';

const hostConfigAt = (minor: number, HostConfig?: CreateBody['HostConfig']): CreateBody['HostConfig'] =>
  createBodyAt({ Image: 'x', ...(HostConfig && { HostConfig }) }, apiVersion(minor))?.HostConfig;

test('memory was shared and the control groups were the host’s before versions said otherwise', () => {
  assert.deepEqual(hostConfigAt(39), { CgroupnsMode: 'host', IpcMode: 'shareable' });
  assert.deepEqual(hostConfigAt(40), { CgroupnsMode: 'host' });
  assert.equal(hostConfigAt(41), undefined);
  assert.deepEqual(hostConfigAt(39, { IpcMode: 'private', CgroupnsMode: 'private' }), {
    IpcMode: 'private',
    CgroupnsMode: 'private',
  });
});

test('fields are ignored below the version that brought them', () => {
  const config = (): NonNullable<CreateBody['HostConfig']> => ({
    Annotations: { a: 'b' },
    ConsoleSize: [1, 2],
    KernelMemoryTCP: 5,
    CgroupnsMode: 'host',
    IpcMode: 'private',
  });
  const kept = (minor: number): string[] => Object.keys(hostConfigAt(minor, config()) ?? {});
  assert.deepEqual(kept(43), ['Annotations', 'ConsoleSize', 'KernelMemoryTCP', 'CgroupnsMode', 'IpcMode']);
  assert.deepEqual(kept(42), ['ConsoleSize', 'KernelMemoryTCP', 'CgroupnsMode', 'IpcMode']);
  assert.deepEqual(kept(41), ['KernelMemoryTCP', 'CgroupnsMode', 'IpcMode']);
  assert.deepEqual(kept(39), ['CgroupnsMode', 'IpcMode']);
});

test('read-only mounts were so on the surface only before 1.44', () => {
  const mounts = (minor: number): unknown =>
    hostConfigAt(minor, { Mounts: [{ Type: 'bind', ReadOnly: true, BindOptions: { NonRecursive: true } }] })
      ?.Mounts?.[0]?.BindOptions;
  assert.deepEqual(mounts(44), { NonRecursive: true });
  assert.deepEqual(mounts(43), { NonRecursive: true, ReadOnlyNonRecursive: true });
  assert.deepEqual(mounts(39), { ReadOnlyNonRecursive: true });
});

test('the pace of early health checks came with 1.44', () => {
  const check = (minor: number): unknown =>
    createBodyAt({ Image: 'x', Healthcheck: { Interval: 1, StartInterval: 2 } }, apiVersion(minor))
      ?.Healthcheck;
  assert.deepEqual(check(43), { Interval: 1 });
  assert.deepEqual(check(44), { Interval: 1, StartInterval: 2 });
});
