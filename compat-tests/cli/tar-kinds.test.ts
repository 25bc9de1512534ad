import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';
import { octal, paxRecordsOf, rawTar, type RawEntry } from '../support/raw-tar.ts';

let directory: string;
let target: string;
const images: string[] = [];
before(async () => {
  directory = mkdtempSync('/dev/shm/compat-tar-');
  target = containerName('target');
  await dockerOk('run', '-d', '--network', 'none', '--name', target, 'busybox', 'sleep', '1000');
});
after(async () => {
  rmSync(directory, { recursive: true });
  if (images.length > 0) await docker(['rmi', '-f', ...images]);
});

let serial = 0;
/** A new directory of the container. */
async function place(): Promise<string> {
  const path = `/home/${++serial}`;
  await dockerOk('exec', target, 'mkdir', path);
  return path;
}

const inside = (script: string): Promise<string> => dockerOk('exec', target, 'sh', '-c', script);

/** The archive as a layer of an image. */
async function importLayer(tar: Buffer): Promise<{ code: number | null; stderr: string; image: string }> {
  const image = `${containerName('layer')}:made`;
  images.push(image);
  return { ...(await docker(['import', '-', image], { input: tar })), image };
}

/** What the CLI writes, as bytes. */
async function bytesOf(...args: string[]): Promise<Buffer> {
  const child = spawn('docker', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return Buffer.concat(await child.stdout.toArray());
}

const gnu = 'ustar  \0';
const first: RawEntry = { name: 'first', type: '0', content: '1' };
const last: RawEntry = { name: 'last', type: '0', content: '3' };

const refused: [what: string, entry: RawEntry, words: string][] = [
  ['a contiguous file', { name: 'odd', type: '7', content: 'x' }, 'unhandled tar header type 55'],
  ['a directory of GNU', { name: 'odd', type: 'D', magic: gnu }, 'unhandled tar header type 68'],
  ['a part of a file', { name: 'odd', type: 'M', magic: gnu }, 'unhandled tar header type 77'],
  ['a label', { name: 'odd', type: 'V', magic: gnu }, 'unhandled tar header type 86'],
  ['an unknown type', { name: 'odd', type: 'Z', content: 'x' }, 'unhandled tar header type 90'],
  ['one of Solaris', { name: 'odd', type: 'X' }, 'unhandled tar header type 88'],
  ['a type that is no character', { name: 'odd', type: 0x80 }, 'unhandled tar header type 128'],
  [
    'an unknown type with records',
    { name: 'odd', type: 'Z', records: { path: 'longer' } },
    'unhandled tar header type 90',
  ],
  [
    'a sparse file as old GNU tars have it',
    {
      name: 'odd',
      type: 'S',
      magic: gnu,
      content: 'hello',
      fields: {
        386: octal(0, 11),
        398: octal(5, 11),
        410: octal(100_000, 11),
        422: octal(0, 11),
        483: octal(100_000, 11),
      },
    },
    'unhandled tar header type 83',
  ],
  ['a sparse file that is not of GNU', { name: 'odd', type: 'S' }, 'archive/tar: invalid tar header'],
  [
    'content where there is none',
    { name: 'odd', type: '5', content: 'x' },
    'archive/tar: invalid tar header',
  ],
  ['records that are none', { name: 'x', type: 'x', content: 'rubbish' }, 'archive/tar: invalid tar header'],
];
for (const [what, entry, words] of refused)
  test(`${what} is refused, and what came before it stays`, async () => {
    const tar = rawTar(first, entry, last);
    const to = await place();
    const copy = await docker(['cp', '-', `${target}:${to}`], { input: tar });
    assert.notEqual(copy.code, 0);
    assert.ok(copy.stderr.trimEnd().endsWith(words), copy.stderr);
    // The content of a directory is found wrong after it has been made.
    assert.equal(await inside(`ls ${to} | grep -v odd`), 'first');
    const layer = await importLayer(tar);
    assert.notEqual(layer.code, 0);
    assert.ok(layer.stderr.trimEnd().endsWith(words), layer.stderr);
  });

const taken: [what: string, entries: RawEntry[], list: string][] = [
  ['a file without a type', [{ name: 'odd', type: '\0', content: 'x', magic: '\0'.repeat(8) }], 'odd'],
  ['a directory that its slash tells', [{ name: 'odd/', type: '\0' }], 'odd/'],
  ['a file with a slash', [{ name: 'odd/', type: '0' }], 'odd'],
  ['records for all that follow', [{ name: 'g', type: 'g', content: '13 comment=x\n' }], ''],
  ['an empty long name', [{ name: 'l', type: 'L', magic: gnu }], ''],
  ['a long target for nothing', [{ name: 'k', type: 'K', content: 'x', magic: gnu }], ''],
];
for (const [what, entries, list] of taken)
  test(`${what} is taken`, async () => {
    const tar = rawTar(first, ...entries, last);
    const to = await place();
    const copy = await docker(['cp', '-', `${target}:${to}`], { input: tar });
    assert.equal(copy.code, 0, copy.stderr);
    assert.equal(await inside(`ls -p ${to}`), ['first', 'last', ...(list ? [list] : [])].join('\n'));
    const layer = await importLayer(tar);
    assert.equal(layer.code, 0, layer.stderr);
  });

test('records without an entry are the end of an archive', async () => {
  const to = await place();
  const tar = rawTar(first, { name: 'x', type: 'x', content: '13 comment=x\n' });
  assert.equal((await docker(['cp', '-', `${target}:${to}`], { input: tar })).code, 0);
  assert.equal((await importLayer(tar)).code, 0);
});

/** A file of 16 MiB with two words in it. */
const sparse = (() => {
  const size = 16 << 20;
  const bytes = Buffer.alloc(size);
  bytes.write('begin', 4096);
  bytes.write('end', size - 512);
  const pieces = [bytes.subarray(4096, 4608), bytes.subarray(size - 512)];
  const map = `4096,512,${size - 512},512`;
  const lines = `2\n4096\n512\n${size - 512}\n512\n`;
  return { size, bytes, content: Buffer.concat(pieces), map, lines };
})();

const sparseForms: [form: string, entry: RawEntry][] = [
  [
    '0.1',
    {
      name: 'sparse',
      type: '0',
      content: sparse.content,
      records: {
        'GNU.sparse.size': String(sparse.size),
        'GNU.sparse.numblocks': '2',
        'GNU.sparse.map': sparse.map,
      },
    },
  ],
  [
    '1.0',
    {
      name: 'GNUSparseFile.0/sparse',
      type: '0',
      content: Buffer.concat([Buffer.from(sparse.lines.padEnd(512, '\0')), sparse.content]),
      records: {
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': 'sparse',
        'GNU.sparse.realsize': String(sparse.size),
      },
    },
  ],
];
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

for (const [form, entry] of sparseForms)
  test(`a sparse file of the form ${form} has its bytes in a container and in a layer`, async () => {
    const tar = rawTar(entry, last);
    const to = await place();
    const copy = await docker(['cp', '-', `${target}:${to}`], { input: tar });
    assert.equal(copy.code, 0, copy.stderr);
    const expected = `${sparse.size}\n${sha256(sparse.bytes)}  sparse`;
    assert.equal(await inside(`cd ${to} && stat -c %s sparse && sha256sum sparse && rm sparse`), expected);
    const layer = await importLayer(rawTar(entry));
    assert.equal(layer.code, 0, layer.stderr);
    const holder = containerName('holder');
    await dockerOk('create', '--name', holder, '--network', 'none', layer.image, 'x');
    await dockerOk('cp', `${holder}:/sparse`, join(directory, form));
    assert.equal(sha256(readFileSync(join(directory, form))), sha256(sparse.bytes));
  });

test('a sparse file of a container comes out with its bytes', async () => {
  const to = await place();
  await inside(
    `cd ${to} && truncate -s ${sparse.size} f && printf begin | dd of=f bs=1 seek=4096 conv=notrunc &&
     printf end | dd of=f bs=1 seek=$((${sparse.size} - 512)) conv=notrunc`,
  );
  await dockerOk('cp', `${target}:${to}/f`, join(directory, 'out'));
  assert.equal(sha256(readFileSync(join(directory, 'out'))), sha256(sparse.bytes));
});

const xattr = (name: string): string => `SCHILY.xattr.${name}`;
const capability = (version: number): Buffer =>
  Buffer.from([1, 0, 0, version, 0, 4, ...Array<number>(version === 3 ? 18 : 14).fill(0)]);

test('capabilities of files travel in and out, to an export and to an image; other attributes stay', async () => {
  const to = await place();
  const tar = rawTar(
    { name: 'cap', type: '0', records: { [xattr('security.capability')]: capability(2) } },
    { name: 'cap3', type: '0', records: { [xattr('security.capability')]: capability(3) } },
    { name: 'user', type: '0', records: { [xattr('user.colour')]: Buffer.from('a\0b') } },
    { name: 'dir', type: '5', mode: 0o755, records: { [xattr('user.colour')]: 'blue' } },
    { name: 'overlay', type: '5', mode: 0o755, records: { [xattr('trusted.overlay.opaque')]: 'y' } },
  );
  const copy = await docker(['cp', '-', `${target}:${to}`], { input: tar });
  assert.equal(copy.code, 0, copy.stderr);
  const image = `${containerName('image')}:made`;
  images.push(image);
  await dockerOk('commit', target, image);
  const holder = containerName('holder');
  await dockerOk('create', '--name', holder, '--network', 'none', image);
  const outs: [Buffer, string][] = [
    [await bytesOf('cp', `${target}:${to}`, '-'), to.slice('/home/'.length)],
    [await bytesOf('export', target), to.slice(1)],
    [await bytesOf('cp', `${holder}:${to}`, '-'), to.slice('/home/'.length)],
  ];
  for (const [out, prefix] of outs) {
    const records = paxRecordsOf(out);
    const attributes = (name: string): Record<string, Buffer> => {
      const all = Object.entries(records.get(`${prefix}/${name}`) ?? { missing: Buffer.of() });
      return Object.fromEntries(all.filter(([key]) => !key.endsWith('time')));
    };
    // Version 3 names a user namespace's root, which is nobody elsewhere.
    const travels = { [xattr('security.capability')]: capability(2) };
    assert.deepEqual(attributes('cap'), travels);
    assert.deepEqual(attributes('cap3'), travels);
    for (const name of ['user', 'dir/', 'overlay/']) assert.deepEqual(attributes(name), {}, name);
  }
});

test('an attribute that cannot be set is an error', async () => {
  const to = await place();
  for (const [key, words] of [
    ['security.capability', 'invalid argument'],
    ['nowhere.known', 'operation not supported'],
  ]) {
    const tar = rawTar({ name: 'f', type: '0', records: { [xattr(key ?? '')]: 'x' } });
    const copy = await docker(['cp', '-', `${target}:${to}`], { input: tar });
    assert.notEqual(copy.code, 0);
    assert.ok(copy.stderr.includes(`lsetxattr ${to}/f: xattr "${key}": ${words}`), copy.stderr);
    const layer = await importLayer(tar);
    assert.notEqual(layer.code, 0);
    assert.ok(layer.stderr.includes(`lsetxattr /f: xattr "${key}": ${words}`), layer.stderr);
  }
});
