import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Executor } from '../host/executor.ts';
import { Database } from '../metadata/database.ts';
import { VolumeService, verifyVolumeName } from './service.ts';

let directory: string;
let db: Database;

/** Stands for the native side, which has nothing to mount here. */
const executor: Pick<Executor, 'request'> = { request: <T>() => Promise.resolve({} as T) };

const open = (): VolumeService =>
  new VolumeService({ db, directory, removeTree: (path) => rm(path, { recursive: true }), executor });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'berth-volumes-'));
  db = new Database(':memory:');
});

afterEach(() => {
  db.close();
  rmSync(directory, { recursive: true, force: true });
});

test('a volume is made once and found again by its name, also by the next daemon', () => {
  const volumes = open();
  const { volume, made } = volumes.ensure('data', { labels: { a: 'b' } });
  assert.ok(made && existsSync(volume.path));
  assert.deepEqual(volumes.ensure('data'), { volume, made: false });
  assert.deepEqual(open().get('data'), volume);
  assert.deepEqual([volume.labels, volume.anonymous], [{ a: 'b' }, false]);
});

test('volumes without a name have one nobody else has', () => {
  const volumes = open();
  const names = [volumes.ensure(undefined).volume, volumes.ensure(undefined).volume];
  assert.notEqual(names[0]?.name, names[1]?.name);
  for (const { name, anonymous } of names) {
    assert.match(name, /^[0-9a-f]{64}$/);
    assert.ok(anonymous);
  }
});

test('what a crash cuts off is put right by the next daemon', async () => {
  const volumes = open();
  const { volume } = volumes.ensure('data');
  // Killed between row and directory, and between renaming and removing.
  rmSync(dirname(volume.path), { recursive: true });
  mkdirSync(join(directory, '.removed-x', '_data'), { recursive: true });
  assert.ok(existsSync(open().get('data').path));
  while (readdirSync(directory).length > 1) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(readdirSync(directory), ['data']);
});

test('a volume of the same name may be made while the old one is still being removed', async () => {
  const volumes = open();
  volumes.ensure('data');
  const removed = volumes.remove('data', []);
  const { volume } = volumes.ensure('data');
  writeFileSync(join(volume.path, 'file'), 'x');
  await removed;
  assert.ok(existsSync(join(volume.path, 'file')));
  assert.deepEqual(readdirSync(directory), ['data']);
});

test('a volume whose row cannot be removed keeps its content', async () => {
  const volumes = open();
  const { volume } = volumes.ensure('data');
  writeFileSync(join(volume.path, 'file'), 'x');
  db.run("CREATE TRIGGER full BEFORE DELETE ON volumes BEGIN SELECT RAISE(ABORT, 'full'); END");
  await assert.rejects(volumes.remove('data', []), /full/);
  assert.ok(existsSync(join(volumes.get('data').path, 'file')));
});

test('a removed volume is gone with its content', async () => {
  const volumes = open();
  const { volume } = volumes.ensure('data');
  writeFileSync(join(volume.path, 'file'), 'x');
  await assert.rejects(volumes.remove('data', ['abc']), {
    kind: 'conflict',
    message: 'remove data: volume is in use - [abc]',
  });
  await volumes.remove('data', []);
  assert.ok(!existsSync(join(directory, 'data')));
  assert.throws(() => volumes.get('data'), { kind: 'not-found', message: 'get data: no such volume' });
  assert.equal(open().find('data'), undefined);
});

test('bad names are refused in the words of the reference', () => {
  assert.throws(() => verifyVolumeName('a'), /too short/);
  for (const bad of ['a b', '/etc', '-x', '../x', 'a/b'])
    assert.throws(() => verifyVolumeName(bad), {
      kind: 'invalid-argument',
      message: new RegExp(`^create ${bad}: `),
    });
});
