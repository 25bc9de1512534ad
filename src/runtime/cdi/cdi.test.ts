import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Spec } from '../../oci/runtime-spec.ts';
import { resolveEdits, withEdits } from './inject.ts';
import { CdiRegistry } from './registry.ts';
import { parseCdiSpec } from './spec-file.ts';

const root = mkdtempSync(join(tmpdir(), 'berth-cdi-'));
after(() => rmSync(root, { recursive: true }));

/** A directory with these files. */
function directory(name: string, files: Record<string, string>): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

const spec = (devices: object[], containerEdits: object = {}): string =>
  JSON.stringify({ cdiVersion: '0.6.0', kind: 'vendor.com/class', devices, containerEdits });
const device = (name: string, env: string): object => ({ name, containerEdits: { env: [env] } });

test('devices come from JSON and YAML, the later directory wins, and what is broken is left out', async () => {
  const first = directory('first', {
    'a.json': spec([device('one', 'A=1'), device('two', 'A=2')], { env: ['ALL=1'] }),
    'b.yaml':
      'cdiVersion: 0.6.0\nkind: nvidia.com/gpu\ndevices:\n- name: "0"\n  containerEdits:\n    env: [GPU=0]\n',
    'broken.json': '{',
    'notes.txt': 'nothing',
  });
  const second = directory('second', { 'a.json': spec([device('two', 'A=3')]) });
  const registry = await CdiRegistry.read([first, second, join(root, 'none')]);
  assert.deepEqual(registry.namesOf('nvidia.com/gpu'), ['0']);
  assert.deepEqual(registry.resolve(['vendor.com/class=one', 'vendor.com/class=two']), {
    edits: [{ env: ['ALL=1'] }, { env: ['A=1'] }, {}, { env: ['A=3'] }],
  });
  assert.deepEqual(registry.resolve(['vendor.com/class=one', 'vendor.com/class=none', 'bad']), {
    unresolvable: ['vendor.com/class=none', 'bad'],
  });
});

test('a device that two files of one directory describe is none', async () => {
  const path = directory('twice', {
    'a.json': spec([device('x', 'A=1')]),
    'b.json': spec([device('x', 'A=2')]),
  });
  const registry = await CdiRegistry.read([path]);
  assert.deepEqual(registry.resolve(['vendor.com/class=x']), { unresolvable: ['vendor.com/class=x'] });
});

for (const [what, text] of [
  ['no version', JSON.stringify({ kind: 'a.b/c', devices: [device('x', 'A=1')] })],
  ['a bad kind', JSON.stringify({ cdiVersion: '1', kind: 'c', devices: [device('x', 'A=1')] })],
  ['no devices', spec([])],
  ['a bad name', spec([device('-x', 'A=1')])],
  ['a name twice', spec([device('x', 'A=1'), device('x', 'A=1')])],
  ['a bad environment', spec([device('x', 'A')])],
  ['a relative path', spec([{ name: 'x', containerEdits: { deviceNodes: [{ path: 'null' }] } }])],
  ['an unknown hook', spec([{ name: 'x', containerEdits: { hooks: [{ hookName: 'odd', path: '/x' }] } }])],
] as const)
  test(`a specification with ${what} is refused`, () => {
    assert.throws(() => parseCdiSpec(text));
  });

test('edits change environment, devices, mounts and hooks, and win over what was there', async () => {
  const edits = await resolveEdits([
    {
      env: ['A=new'],
      deviceNodes: [{ path: '/dev/made', hostPath: '/dev/null', permissions: 'rw' }],
      mounts: [{ hostPath: '/lib/x', containerPath: '/x', options: ['ro', 'bind'] }],
      hooks: [{ hookName: 'createContainer', path: '/hook', args: ['hook', 'a'] }],
      additionalGids: [44, 0],
    },
  ]);
  assert.deepEqual(edits.additionalGids, [44]);
  const before: Spec = {
    ociVersion: '1.2.1',
    process: { user: { uid: 0, gid: 0 }, args: ['x'], env: ['A=old', 'B=1'], cwd: '/' },
    root: { path: '/' },
    mounts: [{ destination: '/x', type: 'tmpfs', source: 'tmpfs', options: [] }],
    linux: { namespaces: [], cgroupsPath: '/x', resources: { devices: [{ allow: false, access: 'rwm' }] } },
  };
  const after = withEdits(before, edits);
  assert.deepEqual(after.process.env, ['B=1', 'A=new']);
  assert.deepEqual(after.mounts, [
    { destination: '/x', type: 'bind', source: '/lib/x', options: ['ro', 'bind'] },
  ]);
  assert.deepEqual(after.linux.devices, [{ path: '/dev/made', type: 'c', major: 1, minor: 3 }]);
  assert.deepEqual(after.linux.resources.devices?.at(-1), {
    allow: true,
    type: 'c',
    major: 1,
    minor: 3,
    access: 'rw',
  });
  assert.deepEqual(after.hooks, { createContainer: [{ path: '/hook', args: ['hook', 'a'] }] });
});
