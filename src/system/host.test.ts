import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { hostFacts, limitsOf } from './host.ts';
import { engineId } from './identity.ts';

const root = mkdtempSync('/tmp/berth-system-test-');
after(() => rmSync(root, { recursive: true }));

test('limits of cgroup v1 are those whose files there are', () => {
  mkdirSync(`${root}/v1/memory`, { recursive: true });
  writeFileSync(`${root}/v1/memory/memory.limit_in_bytes`, '');
  const limits = limitsOf(1, `${root}/v1`);
  assert.equal(limits.MemoryLimit, true);
  assert.equal(limits.SwapLimit, false);
  assert.equal(limits.PidsLimit, false);
});

test('limits of cgroup v2 follow the controllers', () => {
  mkdirSync(`${root}/v2`);
  writeFileSync(`${root}/v2/cgroup.controllers`, 'cpu memory pids\n');
  const limits = limitsOf(2, `${root}/v2`);
  assert.deepEqual(
    [limits.MemoryLimit, limits.CpuCfsQuota, limits.CPUSet, limits.PidsLimit, limits.OomKillDisable],
    [true, true, false, true, false],
  );
});

test('an engine keeps its id', () => {
  const id = engineId(root);
  assert.match(id, /^[0-9a-f-]{36}$/);
  assert.equal(engineId(root), id);
});

test('the machine is described in the words of kernel and Go', () => {
  const { machine, architecture, cpus, memoryBytes, operatingSystem } = hostFacts();
  assert.ok(cpus > 0 && memoryBytes > 0 && operatingSystem !== '');
  assert.ok(['x86_64 amd64', 'aarch64 arm64'].includes(`${machine} ${architecture}`));
});
