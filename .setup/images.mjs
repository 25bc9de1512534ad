// The test images, made on this machine: busybox (static) and a minimal Debian, as `docker load` archives
// in .cache/images.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cache, run } from './machine.mjs';
import { mirror } from './clients.mjs';

/** The folder with `<name>.tar`, one archive an image. */
export const images = join(cache, 'images');

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Makes the archives that are not there yet. */
export async function ensureImages(names = ['busybox', 'debian']) {
  mkdirSync(images, { recursive: true });
  for (const name of names) {
    if (existsSync(join(images, `${name}.tar`))) continue;
    console.log(`berth set-up: making the ${name} test image`);
    // Test files run side by side, and each may be the first: what is half made is nobody else's.
    const work = mkdtempSync(join(cache, `${name}-`));
    try {
      await makers[name](work);
      await writeArchive(name, work);
      renameSync(join(work, 'image.tar'), join(images, `${name}.tar`));
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}

/** Each writes `layer.tar` into a folder of its own. */
const makers = {
  async busybox(work) {
    const tar = await import('tar-stream');
    const pack = tar.pack();
    const written = pipeline(pack, createWriteStream(join(work, 'layer.tar')));
    const mtime = new Date('2026-01-01T00:00:00Z');
    const add = (name, content, extra = {}) => pack.entry({ name, mtime, mode: 0o644, ...extra }, content);
    const folder = (name, mode = 0o755, extra = {}) =>
      pack.entry({ name: `${name}/`, type: 'directory', mode, mtime, ...extra });
    for (const name of [
      'bin',
      'dev',
      'etc',
      'home',
      'proc',
      'sys',
      'usr',
      'usr/bin',
      'usr/sbin',
      'sbin',
      'var',
      'var/spool',
    ])
      folder(name);
    folder('root', 0o700);
    folder('tmp', 0o1777);
    folder('var/www', 0o755, { uid: 33, gid: 33 });
    const busybox = readFileSync('/bin/busybox');
    add('bin/busybox', busybox, { mode: 0o755 });
    const list = spawnSync('/bin/busybox', ['--list-full'], { encoding: 'utf8' }).stdout.trim().split('\n');
    for (const applet of list.filter((name) => name !== 'bin/busybox' && !name.includes('/busybox'))) {
      pack.entry({ name: applet, type: 'link', linkname: 'bin/busybox', mode: 0o755, mtime });
    }
    const users = [
      'root:x:0:0:root:/root:/bin/sh',
      'daemon:x:1:1:daemon:/usr/sbin:/bin/false',
      'www-data:x:33:33:www-data:/var/www:/bin/false',
      'operator:x:37:37:Operator:/var:/bin/false',
      'nobody:x:65534:65534:nobody:/home:/bin/false',
    ];
    add('etc/passwd', `${users.join('\n')}\n`);
    const groups = [
      'root:x:0:',
      'daemon:x:1:',
      'tty:x:5:',
      'audio:x:29:operator',
      'www-data:x:33:',
      'operator:x:37:',
      'nogroup:x:65534:',
    ];
    add('etc/group', `${groups.join('\n')}\n`);
    add('etc/shadow', users.map((line) => `${line.split(':')[0]}:*:::::::\n`).join(''), { mode: 0o640 });
    add('etc/hostname', 'busybox\n');
    add('etc/nsswitch.conf', 'hosts: files dns\n');
    pack.finalize();
    await written;
  },

  async debian(work) {
    const root = join(work, 'root');
    run('debootstrap', ['--variant=minbase', 'bookworm', root, mirror()]);
    run('tar', [
      '-C',
      root,
      '--numeric-owner',
      '--sort=name',
      '--mtime=2026-01-01 00:00:00Z',
      '--exclude=./var/cache/apt/archives/*.deb',
      '--exclude=./var/lib/apt/lists/*',
      '-cf',
      join(work, 'layer.tar'),
      '.',
    ]);
  },
};

/** `image.tar`, a `docker save` archive of the folder's one layer. */
async function writeArchive(name, work) {
  const layer = join(work, 'layer.tar');
  const tar = await import('tar-stream');
  const hash = createHash('sha256');
  await pipeline(createReadStream(layer), hash);
  const diffId = hash.digest('hex');
  const created = '2026-01-01T00:00:00Z';
  const config = JSON.stringify({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    created,
    config: { Env: [`PATH=${path}`], Cmd: [name === 'busybox' ? 'sh' : 'bash'] },
    rootfs: { type: 'layers', diff_ids: [`sha256:${diffId}`] },
    history: [{ created, created_by: `${name} test image` }],
  });
  const id = createHash('sha256').update(config).digest('hex');
  const manifest = JSON.stringify([
    { Config: `${id}.json`, RepoTags: [`${name}:latest`], Layers: [`${diffId}/layer.tar`] },
  ]);
  const pack = tar.pack();
  const written = pipeline(pack, createWriteStream(join(work, 'image.tar')));
  pack.entry({ name: `${id}.json` }, config);
  const entry = pack.entry({ name: `${diffId}/layer.tar`, size: statSync(layer).size });
  await pipeline(createReadStream(layer), entry);
  pack.entry({ name: 'manifest.json' }, manifest);
  pack.finalize();
  await written;
}
