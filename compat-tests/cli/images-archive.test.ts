import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { docker, dockerOk } from '../support/engine.ts';
import { buildTar } from '../support/tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'bt-archive-'));
const name = `bt-archive-${process.pid}`;
after(async () => {
  rmSync(folder, { recursive: true });
  await docker(['rmi', '-f', `${name}:1`, `${name}:2`, `${name}:3`]);
});

test('an image saved, removed and loaded is the same image', async () => {
  const file = join(folder, 'saved.tar');
  const { stdout: id } = await docker(['import', '-', `${name}:1`], {
    input: await buildTar([{ name: 'f', content: `content of ${process.pid}` }]),
  });
  await dockerOk('tag', `${name}:1`, `${name}:2`);
  await dockerOk('save', '-o', file, `${name}:1`, `${name}:2`);
  await dockerOk('rmi', `${name}:1`, `${name}:2`);
  assert.equal((await docker(['inspect', id.trim()])).code, 1);
  assert.deepEqual((await dockerOk('load', '-i', file)).split('\n').sort(), [
    `Loaded image: ${name}:1`,
    `Loaded image: ${name}:2`,
  ]);
  assert.equal(`${await dockerOk('inspect', '-f', '{{.Id}}', `${name}:2`)}\n`, id);
});

test('history tells how an image was made', async () => {
  await docker(['import', '-m', 'made for history', '-', `${name}:3`], {
    input: await buildTar([{ name: 'f', content: 'x' }]),
  });
  assert.equal(
    await dockerOk('history', '--format', '{{.Comment}} {{.Size}}', `${name}:3`),
    'made for history 1B',
  );
});

const unnamed = async (): Promise<string[]> =>
  (await dockerOk('images', '-aq', '--filter', 'dangling=true')).split('\n').sort();

const bad: [what: string, archive: () => Promise<Buffer> | Buffer, message: RegExp][] = [
  ['rubbish', () => Buffer.from('rubbish'), /unexpected EOF/],
  [
    'an archive of something else',
    () => buildTar([{ name: 'f', content: 'x' }]),
    /no such file or directory/,
  ],
  [
    'a config outside the archive',
    () => buildTar([{ name: 'manifest.json', content: '[{"Config":"../../../etc/hostname","Layers":[]}]' }]),
    /no such file or directory|is not in/,
  ],
];
for (const [what, archive, message] of bad) {
  test(`loading ${what} is refused and leaves no image`, async () => {
    const before = await unnamed();
    const file = join(folder, 'bad.tar');
    writeFileSync(file, await archive());
    const { code, stderr } = await docker(['load', '-i', file]);
    assert.equal(code, 1);
    assert.match(stderr, message);
    assert.deepEqual(await unnamed(), before);
  });
}
