import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { findCriu } from './criu.ts';
import { CheckpointPlace, verifyCheckpointName } from './place.ts';

const root = mkdtempSync(join(tmpdir(), 'berth-checkpoints-'));
after(() => rmSync(root, { recursive: true }));

let serial = 0;
const newPlace = (): { place: CheckpointPlace; directory: string } => {
  const directory = join(root, String(serial++), 'checkpoints');
  return { place: new CheckpointPlace(directory, undefined, 'c'), directory };
};

/** As the shim does it. */
async function fill(directory: string, into: string): Promise<void> {
  await writeFile(join(directory, 'inventory.img'), 'x');
  await rename(directory, into);
}

test('a checkpoint is there once it has been written, and not before', async () => {
  const { place, directory } = newPlace();
  assert.deepEqual(await place.list(), []);
  await place.write('two', async (partial, into) => {
    assert.deepEqual(await place.list(), []);
    await fill(partial, into);
  });
  await place.write('one', fill);
  assert.deepEqual(await place.list(), ['one', 'two']);
  assert.equal(await place.get('one'), join(directory, 'one'));
  await assert.rejects(place.write('one', fill), {
    kind: 'internal',
    message: 'checkpoint with name one already exists for container c',
  });
  await place.remove('one');
  assert.deepEqual(await place.list(), ['two']);
});

test('a failure leaves nothing, nor does what a crash left stand in the way', async () => {
  const { place, directory } = newPlace();
  await assert.rejects(
    place.write('one', () => Promise.reject(new Error('no'))),
    { message: 'no' },
  );
  assert.deepEqual(readdirSync(directory), []);
  mkdirSync(join(directory, '.one.partial'));
  writeFileSync(join(directory, '.one.partial', 'inventory.img'), '');
  assert.deepEqual(await place.list(), []);
  await place.write('one', async (partial, into) => {
    assert.deepEqual(readdirSync(partial), []);
    await fill(partial, into);
  });
  assert.deepEqual(await place.list(), ['one']);
});

test('what is no checkpoint is neither listed nor removed', async () => {
  const { directory } = newPlace();
  mkdirSync(join(directory, 'folder'), { recursive: true });
  mkdirSync(join(directory, 'real'));
  writeFileSync(join(directory, 'real', 'inventory.img'), '');
  symlinkSync('real', join(directory, 'link'));
  writeFileSync(join(directory, 'file'), '');
  const place = new CheckpointPlace('/nonexistent', directory, 'c');
  assert.deepEqual(await place.list(), ['real']);
  for (const name of ['folder', 'link', 'file', '..', '../checkpoints', '', 'none'])
    await assert.rejects(place.remove(name), {
      kind: 'internal',
      message: `checkpoint ${name} does not exist for container c`,
    });
  await assert.rejects(place.write('file', fill), {
    message: `${directory}/file exists and is not a directory`,
  });
  assert.deepEqual(readdirSync(directory).sort(), ['file', 'folder', 'link', 'real']);
});

test('a directory that a request names must be there to be listed', async () => {
  await assert.rejects(new CheckpointPlace('/x', '/nonexistent', 'c').list(), {
    kind: 'internal',
    message: 'checkpoint  does not exist for container c',
  });
});

test('names are those of containers', () => {
  for (const name of ['', 'x', '.x', '../x', 'a/b', '-ab', 'a b'])
    assert.throws(() => verifyCheckpointName(name), {
      kind: 'internal',
      message: `Invalid checkpoint ID (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    });
  verifyCheckpointName('a.b-C_1');
});

test('CRIU is found in an absolute directory of PATH, when it can be run', async () => {
  const [none, bin] = [join(root, 'none'), join(root, 'bin')];
  for (const directory of [none, bin]) mkdirSync(directory);
  writeFileSync(join(none, 'criu'), '', { mode: 0o644 });
  writeFileSync(join(bin, 'criu'), '', { mode: 0o755 });
  assert.equal(await findCriu(`relative:${none}:${bin}`), join(bin, 'criu'));
  await assert.rejects(findCriu(none), { kind: 'internal', message: /executable file not found in \$PATH/ });
  await assert.rejects(findCriu(''), { kind: 'internal' });
});
