import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { missingLimits } from './missing-limits.ts';

function tree(files: Record<string, string>): { root: string } & Disposable {
  const root = mkdtempSync(join(tmpdir(), 'limits-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { root, [Symbol.dispose]: () => rmSync(root, { recursive: true }) };
}

test('version 1: a limit is there when its file is', () => {
  using made = tree({ 'memory/memory.limit_in_bytes': '', 'cpu/cpu.shares': '', 'pids/tasks': '' });
  const missing = missingLimits(1, made.root);
  for (const present of ['memory', 'cpuShares', 'pids'] as const) assert.ok(!missing.has(present));
  for (const absent of ['swap', 'cpuCfs', 'blockWeight'] as const) assert.ok(missing.has(absent));
});

test('version 2: by controllers; weights of disks only where a cgroup has them', () => {
  using made = tree({ 'cgroup.controllers': 'cpu io pids\n', 'a/cpu.weight': '100' });
  const missing = missingLimits(2, made.root);
  for (const present of ['cpuShares', 'cpuCfs', 'blockReadBps', 'pids'] as const)
    assert.ok(!missing.has(present));
  for (const absent of ['memory', 'cpuset', 'oomKillDisable', 'memorySwappiness', 'blockWeight'] as const)
    assert.ok(missing.has(absent));
  writeFileSync(join(made.root, 'a/io.weight'), 'default 100');
  assert.ok(!missingLimits(2, made.root).has('blockWeight'));
});
