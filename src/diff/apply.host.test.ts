import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pack, type Header } from 'tar-stream';
import { digestOf, type DiffId } from '../oci/digest.ts';
import { cannotUnpack, directApply, unpackProgram } from './apply.testing.ts';

interface Entry extends Partial<Header> {
  name: string;
  content?: string;
}

async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) {
    const type = header.type ?? (header.name.endsWith('/') ? 'directory' : 'file');
    if (content === undefined) archive.entry({ ...header, type } as Header);
    else archive.entry({ ...header, type } as Header, content);
  }
  archive.finalize();
  return Buffer.concat(await Array.fromAsync(archive as unknown as AsyncIterable<Buffer>));
}

describe('applying a layer', { skip: cannotUnpack }, () => {
  let root: string;
  let outside: string[];
  let count = 0;

  before(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-apply-'));
    writeFileSync(join(root, 'secret'), 'outside');
    outside = readdirSync('/').sort();
  });
  after(() => {
    // Nothing of what the archives tried is on the machine.
    assert.deepEqual(readdirSync('/').sort(), outside);
    assert.equal(readFileSync(join(root, 'secret'), 'utf8'), 'outside');
    rmSync(root, { recursive: true });
  });

  async function apply(layer: Buffer, parents: string[] = [], diffId?: DiffId) {
    const dir = join(root, `layer-${count++}`);
    mkdirSync(dir);
    const blob = join(root, `blob-${count}`);
    writeFileSync(blob, layer);
    const applied = await directApply(blob, { dir, parents }, diffId, AbortSignal.timeout(60_000));
    return { dir, ...applied, path: (name: string) => join(dir, name) };
  }

  it('keeps owners, modes, times, links and the digest', async () => {
    const mtime = new Date('2001-02-03T04:05:06Z');
    const layer = await tar([
      { name: './', mode: 0o1777, mtime },
      { name: 'bin/', mode: 0o750, uid: 7, gid: 8, mtime },
      { name: 'bin/su', mode: 0o4755, content: 'setuid', mtime },
      { name: 'bin/link', type: 'link', linkname: 'bin/su' },
      { name: 'bin/soft', type: 'symlink', linkname: '../../etc/x', uid: 3, gid: 4, mtime },
      { name: 'big', mode: 0o600, content: 'owner', mtime, pax: { uid: '4000000', gid: '5000000' } },
      { name: 'pipe', type: 'fifo', mode: 0o622 },
      { name: 'null', type: 'character-device', devmajor: 1, devminor: 3, mode: 0o666 },
    ]);
    const { path, diffId, sizeBytes, dir } = await apply(layer);
    assert.equal(diffId, digestOf(layer));
    assert.equal(sizeBytes, 6 + 11 + 5);
    assert.equal(lstatSync(dir).mode & 0o7777, 0o1777);
    assert.equal(lstatSync(dir).mtimeMs, mtime.getTime());
    const bin = lstatSync(path('bin'));
    assert.deepEqual([bin.mode & 0o7777, bin.uid, bin.gid, bin.mtimeMs], [0o750, 7, 8, mtime.getTime()]);
    const su = lstatSync(path('bin/su'));
    assert.deepEqual([su.mode & 0o7777, su.nlink, su.mtimeMs], [0o4755, 2, mtime.getTime()]);
    assert.equal(lstatSync(path('bin/link')).ino, su.ino);
    assert.equal(readlinkSync(path('bin/soft')), '../../etc/x');
    const soft = lstatSync(path('bin/soft'));
    assert.deepEqual([soft.uid, soft.gid, soft.mtimeMs], [3, 4, mtime.getTime()]);
    const big = lstatSync(path('big'));
    assert.deepEqual([big.uid, big.gid, big.mode & 0o7777], [4_000_000, 5_000_000, 0o600]);
    assert.ok(lstatSync(path('pipe')).isFIFO());
    assert.deepEqual([lstatSync(path('null')).rdev, lstatSync(path('null')).mode & 0o7777], [0x103, 0o666]);
  });

  it('turns whiteouts into what overlayfs takes for them', async () => {
    const { path } = await apply(
      await tar([
        { name: 'etc/' },
        { name: 'etc/.wh.gone', content: '' },
        { name: 'var/' },
        { name: 'var/.wh..wh..opq', content: '' },
        { name: 'var/kept', content: 'x' },
        { name: '.wh..wh.plnk', content: 'aufs' },
      ]),
    );
    const gone = lstatSync(path('etc/gone'));
    assert.ok(gone.isCharacterDevice() && gone.rdev === 0);
    assert.equal(xattr(path('var'), 'trusted.overlay.opaque'), 'y');
    assert.deepEqual(readdirSync(path('var')), ['kept']);
    assert.deepEqual(readdirSync(path('.')).sort(), ['etc', 'var']);
  });

  it('hides a directory of a lower layer that the same layer has anew, in either order', async () => {
    for (const entries of [
      [{ name: '.wh.d', content: '' }, { name: 'd/' }, { name: 'd/new', content: 'x' }],
      [{ name: 'd/' }, { name: 'd/new', content: 'x' }, { name: '.wh.d', content: '' }],
      [
        { name: '.wh.d', content: '' },
        { name: 'd/new', content: 'x' },
      ],
    ]) {
      const { path } = await apply(await tar(entries));
      assert.equal(xattr(path('d'), 'trusted.overlay.opaque'), 'y');
      assert.deepEqual(readdirSync(path('d')), ['new']);
    }
  });

  it('lets the later entry win when a name comes twice as something else', async () => {
    const { path, sizeBytes } = await apply(
      await tar([
        { name: 'a/' },
        { name: 'a/b/' },
        { name: 'a/b/c', content: 'deep' },
        { name: 'a', content: 'file' },
        { name: 'f', content: 'first' },
        { name: 'f', content: 'second' },
        { name: 'x', content: 'file' },
        { name: 'x/' },
        { name: 'x/y', content: 'z' },
      ]),
    );
    assert.equal(readFileSync(path('a'), 'utf8'), 'file');
    assert.equal(readFileSync(path('f'), 'utf8'), 'second');
    assert.equal(readFileSync(path('x/y'), 'utf8'), 'z');
    assert.equal(sizeBytes, 4 + 6 + 1);
  });

  it('makes missing directories with the attributes they have below', async () => {
    const lower = await apply(
      await tar([
        { name: 'opt/', mode: 0o711, uid: 9, gid: 9 },
        { name: 'opt/app/', mode: 0o700 },
      ]),
    );
    const { path } = await apply(await tar([{ name: 'opt/app/new/file', content: 'x' }]), [lower.dir]);
    const opt = lstatSync(path('opt'));
    assert.deepEqual([opt.mode & 0o777, opt.uid, opt.gid], [0o711, 9, 9]);
    assert.equal(lstatSync(path('opt/app')).mode & 0o777, 0o700);
    assert.equal(lstatSync(path('opt/app/new')).mode & 0o777, 0o755);
  });

  it('brings the target of a hard link up from a lower layer', async () => {
    const bottom = await apply(
      await tar([{ name: 'bin/' }, { name: 'bin/tool', mode: 0o4711, content: 'tool' }]),
    );
    const middle = await apply(await tar([{ name: 'other', content: '' }]), [bottom.dir]);
    const { path } = await apply(await tar([{ name: 'bin/same', type: 'link', linkname: 'bin/tool' }]), [
      middle.dir,
      bottom.dir,
    ]);
    assert.equal(readFileSync(path('bin/same'), 'utf8'), 'tool');
    assert.equal(lstatSync(path('bin/same')).mode & 0o7777, 0o4711);
    assert.equal(lstatSync(path('bin/same')).ino, lstatSync(path('bin/tool')).ino);
    assert.notEqual(lstatSync(path('bin/tool')).ino, lstatSync(bottom.path('bin/tool')).ino);
  });

  it('finds no target of a hard link behind a whiteout or an opaque directory', async () => {
    const bottom = await apply(
      await tar([{ name: 'd/' }, { name: 'd/f', content: 'x' }, { name: 'g', content: 'y' }]),
    );
    const top = await apply(
      await tar([{ name: 'd/' }, { name: 'd/.wh..wh..opq', content: '' }, { name: '.wh.g', content: '' }]),
      [bottom.dir],
    );
    for (const linkname of ['d/f', 'g'])
      await assert.rejects(
        apply(await tar([{ name: 'link', type: 'link', linkname }]), [top.dir, bottom.dir]),
        {
          message: `linkat ${linkname} link: no such file or directory`,
        },
      );
  });

  it('takes long names, PAX names that are not ASCII, and times before 1970', async () => {
    const long = `${'d'.repeat(100)}/${'e'.repeat(100)}/${'f'.repeat(200)}`;
    const { path } = await apply(
      await tar([
        { name: long, content: 'long' },
        { name: 'Főtanúsítvány.crt', content: 'x' },
        { name: 'old', content: 'x', pax: { mtime: '-1.5' } },
        { name: 'fine', content: 'x', pax: { mtime: '1700000000.123456789' } },
      ]),
    );
    assert.equal(readFileSync(path(long), 'utf8'), 'long');
    assert.equal(readFileSync(path('Főtanúsítvány.crt'), 'utf8'), 'x');
    assert.equal(lstatSync(path('fine'), { bigint: true }).mtimeNs, 1_700_000_000_123_456_789n);
  });

  it('sets extended attributes, but never those by which overlayfs reaches elsewhere', async () => {
    const { path } = await apply(
      await tar([
        {
          name: 'f',
          content: 'x',
          pax: {
            'SCHILY.xattr.user.colour': 'blue',
            'SCHILY.xattr.trusted.overlay.redirect': '/etc',
            'SCHILY.xattr.trusted.overlay.metacopy': '',
            'SCHILY.xattr.security.capability': '\u0001\0\0\u0002\0\u0004\0\0\0\0\0\0\0\0\0\0\0\0\0\0',
          },
        },
        { name: 'd/', pax: { 'SCHILY.xattr.trusted.overlay.opaque': 'y', 'SCHILY.xattr.user.a': 'b' } },
      ]),
    );
    assert.equal(xattr(path('f'), 'user.colour'), 'blue');
    assert.equal(xattr(path('d'), 'user.a'), 'b');
    assert.match(execFileSync('getcap', [path('f')], { encoding: 'utf8' }), /cap_net_bind_service/);
    assert.equal(xattr(path('f'), 'trusted.overlay.redirect'), undefined);
    assert.equal(xattr(path('f'), 'trusted.overlay.metacopy'), undefined);
    assert.equal(xattr(path('d'), 'trusted.overlay.opaque'), undefined);
  });

  it('keeps holes of sparse files', async () => {
    const source = join(root, 'sparse');
    execFileSync(
      'sh',
      ['-c', `truncate -s 64M ${source} && printf end | dd of=${source} bs=1 seek=60000000 conv=notrunc`],
      {
        stdio: 'ignore',
      },
    );
    const packed = (...options: string[]): Buffer =>
      execFileSync('tar', ['-C', root, ...options, '-cSf', '-', 'sparse'], { maxBuffer: 1 << 28 });
    // Docker does not take this one.
    await assert.rejects(apply(packed('--format=gnu')), { message: 'unhandled tar header type 83' });
    for (const version of ['0.0', '0.1', '1.0']) {
      const layer = packed('--format=pax', `--sparse-version=${version}`);
      assert.ok(layer.length < 1_000_000);
      const { path, sizeBytes } = await apply(layer);
      const stat = lstatSync(path('sparse'));
      assert.deepEqual([stat.size, sizeBytes], [64 << 20, 64 << 20]);
      assert.ok(stat.blocks < 1000, `${stat.blocks} blocks`);
      assert.equal(readFileSync(path('sparse')).subarray(60_000_000, 60_000_003).toString(), 'end');
    }
  });

  it('removes very deep trees without running out of anything', async () => {
    const entries: Entry[] = [];
    const step = 'd/'.repeat(200);
    for (let i = 0; i < 12; i++) {
      entries.push({ name: `${i === 0 ? '' : `l${i - 1}/`}${step}` });
      entries.push({ name: `l${i}`, type: 'symlink', linkname: `${i === 0 ? '' : `l${i - 1}/`}${step}` });
    }
    entries.push({ name: 'd', content: 'flat' });
    const { path } = await apply(await tar(entries));
    assert.equal(readFileSync(path('d'), 'utf8'), 'flat');
  });

  const contained: [title: string, entries: Entry[], inside: string][] = [
    ['a name that climbs', [{ name: '../../../../berth-escape', content: 'x' }], 'berth-escape'],
    ['an absolute name', [{ name: '/berth-escape', content: 'x' }], 'berth-escape'],
    [
      'a name that climbs from within',
      [{ name: 'a/' }, { name: 'a/../../../berth-escape', content: 'x' }],
      'berth-escape',
    ],
    [
      'a name through an absolute link',
      [
        { name: 'etc/' },
        { name: 'l', type: 'symlink', linkname: '/etc' },
        { name: 'l/berth-escape', content: 'x' },
      ],
      'etc/berth-escape',
    ],
    [
      'a name through a climbing link',
      [
        { name: 'l', type: 'symlink', linkname: '../../..' },
        { name: 'l/berth-escape', content: 'x' },
      ],
      'berth-escape',
    ],
    [
      'a hard link to a climbing name',
      [
        { name: 'secret', content: 'inside' },
        { name: 'h', type: 'link', linkname: '../secret' },
      ],
      'h',
    ],
    [
      'a whiteout through a link',
      [
        { name: 'l', type: 'symlink', linkname: '/' },
        { name: 'l/.wh.berth-escape', content: '' },
      ],
      'berth-escape',
    ],
  ];
  for (const [title, entries, inside] of contained) {
    it(`keeps ${title} inside`, async () => {
      const { path } = await apply(await tar(entries));
      assert.ok(lstatSync(path(inside)));
    });
  }

  const refused: [title: string, entries: Entry[], message: RegExp][] = [
    ['a whiteout of nothing', [{ name: 'd/.wh.', content: '' }], /^invalid whiteout "\/d\/\.wh\."$/],
    ['a whiteout of the directory itself', [{ name: 'd/.wh..', content: '' }], /^invalid whiteout/],
    ['a whiteout of the parent', [{ name: 'd/.wh...', content: '' }], /^invalid whiteout/],
    ['a file as the root', [{ name: '.', type: 'file', content: 'x' }], /root is not a directory/],
    [
      'a link that leads outside through a lower name that is not there',
      [{ name: 'h', type: 'link', linkname: '/etc/passwd' }],
      /^linkat etc\/passwd h: no such file or directory$/,
    ],
    [
      'a name below a file',
      [
        { name: 'f', content: 'x' },
        { name: 'f/g', content: 'x' },
      ],
      /^mkdir \/f: not a directory$/,
    ],
    [
      'links in a circle',
      [
        { name: 'a', type: 'symlink', linkname: 'b' },
        { name: 'b', type: 'symlink', linkname: 'a' },
        { name: 'a/x', content: 'x' },
      ],
      /too many levels of symbolic links/,
    ],
    ['a name that is too long', [{ name: 'x'.repeat(300), content: 'x' }], /file name too long$/],
    ['a path that is too long', [{ name: 'x/'.repeat(3000), content: '' }], /file name too long$/],
  ];
  for (const [title, entries, message] of refused) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(apply(await tar(entries)), { kind: 'invalid-argument', message });
    });
  }

  it('refuses a layer that is not the one expected', async () => {
    await assert.rejects(apply(await tar([]), [], digestOf('something else')), { kind: 'invalid-argument' });
  });

  it('runs shut in: no network, no host files, few capabilities, filtered system calls', async () => {
    const dir = join(root, 'confined');
    mkdirSync(dir);
    const target = openSync(dir, 'r');
    const child = spawn(unpackProgram, ['-', '0'], { stdio: ['pipe', 'pipe', 'inherit', target] });
    // It is killed before it has read all.
    child.stdin?.on('error', () => undefined);
    try {
      // The first entry is there when the process is past its preparations; the rest of the blob never comes.
      child.stdin?.write(
        (
          await tar([
            { name: 'first', content: 'x' },
            { name: 'big', content: 'x'.repeat(600_000) },
          ])
        ).subarray(0, 400_000),
      );
      for (const deadline = Date.now() + 10_000; readdirSync(dir).length < 2; await wait(5))
        assert.ok(Date.now() < deadline, 'nothing is unpacked');
      const proc = `/proc/${child.pid}`;
      const status = readFileSync(join(proc, 'status'), 'utf8');
      assert.match(status, /^Seccomp:\t2$/m);
      assert.match(status, /^NoNewPrivs:\t1$/m);
      const kept = BigInt(`0x${/^CapBnd:\t(\w+)$/m.exec(status)?.[1]}`);
      const allowed = [0, 1, 2, 3, 4, 21, 27, 31].reduce((set, bit) => set | (1n << BigInt(bit)), 0n);
      assert.equal(kept & ~allowed, 0n);
      for (const namespace of ['net', 'mnt', 'ipc', 'uts'])
        assert.notEqual(
          readlinkSync(join(proc, 'ns', namespace)),
          readlinkSync(`/proc/self/ns/${namespace}`),
        );
      assert.deepEqual(readdirSync(join(proc, 'root')).sort(), ['big', 'first']);
      assert.equal(readFileSync(join(proc, 'mountinfo'), 'utf8').trim().split('\n').length, 1);
    } finally {
      child.kill('SIGKILL');
      closeSync(target);
    }
  });

  it('notices a blob that breaks off after its archive has ended', async () => {
    const layer = Buffer.concat([await tar([{ name: 'f', content: 'x' }]), Buffer.alloc(1 << 20)]);
    const { gzipSync } = await import('node:zlib');
    await assert.rejects(apply(gzipSync(layer).subarray(0, -20)), { message: 'unexpected EOF' });
  });
});

function xattr(path: string, name: string): string | undefined {
  try {
    return execFileSync(
      'python3',
      [
        '-c',
        'import os,sys; sys.stdout.buffer.write(os.getxattr(sys.argv[1], sys.argv[2], follow_symlinks=False))',
        path,
        name,
      ],
      {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
  } catch {
    return undefined;
  }
}
