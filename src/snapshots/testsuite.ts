import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { chainIds, digestOf, type ChainId } from '../oci/digest.ts';
import type { Rootfs, Snapshotter } from './snapshotter.ts';

/** A snapshotter on a data root of its own. */
export interface SnapshotterBed extends AsyncDisposable {
  snapshotter: Snapshotter;
  /** Another snapshotter on the same root, as after a crash of the first, which is not used again. */
  restart(): Snapshotter;
  /** Everything on disk that belongs to a snapshot. */
  directories(): string[];
  /** Waits until removals in the background have ended. */
  settled(): Promise<void>;
}

export interface SuiteOptions {
  skip?: string | false;
}

const [base, top] = chainIds([digestOf('one'), digestOf('two')]) as [ChainId, ChainId];

/** What every snapshotter promises (snapshotter.ts). Its own test calls this, then tests what is particular to it. */
export function snapshotterSuite(
  name: string,
  open: () => SnapshotterBed,
  { skip = false }: SuiteOptions = {},
): void {
  describe(`${name}: the promises of a snapshotter`, { skip }, () => {
    async function layer(
      snapshotter: Snapshotter,
      chain: ChainId,
      parent: ChainId | undefined,
      files: string[],
    ) {
      const key = `unpack:${chain}:${files.join()}`;
      const { dir } = await snapshotter.prepareLayer(key, parent);
      for (const file of files) {
        mkdirSync(join(dir, file, '..'), { recursive: true });
        writeFileSync(join(dir, file), file);
      }
      await snapshotter.commit(key, chain, { sizeBytes: files.join('').length });
    }

    it('a mount beside has a work directory of its own, and what is left of it goes', async () => {
      await using bed = open();
      const rootfs = await bed.snapshotter.prepare('container', undefined);
      const beside = bed.snapshotter.mountsBeside('container');
      const other = bed.snapshotter.mountsBeside('container');
      if (rootfs.type !== 'overlay' || beside.type !== 'overlay' || other.type !== 'overlay') return;
      assert.deepEqual({ ...beside, work: rootfs.work }, rootfs);
      assert.notEqual(beside.work, rootfs.work);
      assert.notEqual(beside.work, other.work);
      for (const { work } of [beside, other]) mkdirSync(join(work, 'work'), { recursive: true });
      bed.snapshotter.clearBeside(beside);
      assert.deepEqual([existsSync(beside.work), existsSync(other.work)], [false, true]);
      await bed.settled();
      await bed.restart().repair(() => true);
      assert.equal(existsSync(other.work), false);
      assert.ok(existsSync(rootfs.work));
    });

    it('a prepared layer starts empty and names what is below, nearest first', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      await layer(bed.snapshotter, top, base, ['b']);
      const { dir, parents } = await bed.snapshotter.prepareLayer('unpack:3', top);
      assert.deepEqual(readdirSync(dir), []);
      assert.deepEqual(
        parents.map((parent) => readdirSync(parent)),
        [['b'], ['a']],
      );
      assert.deepEqual(bed.snapshotter.layers(top), parents);
    });

    it('a layer committed twice is kept once, and the second is gone from disk', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      const before = bed.directories();
      await layer(bed.snapshotter, base, undefined, ['a', 'other']);
      await bed.settled();
      assert.deepEqual(bed.directories(), before);
      assert.deepEqual(bed.snapshotter.list().filter(({ key }) => key === base).length, 1);
    });

    it('a container sees the files that mounts need, above its image', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['bin/sh']);
      const rootfs = await bed.snapshotter.prepare('container', base);
      const [init = ''] = lowerOf(rootfs);
      assert.deepEqual(readdirSync(init).sort(), ['.dockerenv', 'dev', 'etc', 'proc', 'sys']);
      assert.deepEqual(readdirSync(join(init, 'etc')).sort(), ['hostname', 'hosts', 'mtab', 'resolv.conf']);
      assert.equal(readlinkSync(join(init, 'etc/mtab')), '/proc/mounts');
      assert.deepEqual(readdirSync(join(init, 'dev')).sort(), ['console', 'pts', 'shm']);
      assert.deepEqual(bed.snapshotter.mounts('container'), rootfs);
    });

    it('the files that mounts need cover links and keep directories as they are', async () => {
      await using bed = open();
      const { dir } = await bed.snapshotter.prepareLayer('unpack:x', undefined);
      mkdirSync(join(dir, 'etc'), { mode: 0o700 });
      symlinkSync('/elsewhere', join(dir, 'etc/resolv.conf'));
      symlinkSync('/somewhere', join(dir, 'dev'));
      mkdirSync(join(dir, 'proc'));
      await bed.snapshotter.commit('unpack:x', base, { sizeBytes: 0 });
      const [init = ''] = lowerOf(await bed.snapshotter.prepare('container', base));
      assert.equal(lstatSync(join(init, 'etc')).mode & 0o777, 0o700);
      assert.ok(lstatSync(join(init, 'etc/resolv.conf')).isFile());
      assert.ok(lstatSync(join(init, 'dev')).isDirectory());
      assert.deepEqual(readdirSync(init).sort(), ['.dockerenv', 'dev', 'etc', 'sys']);
    });

    it('containers of one image do not share what they write', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      const [one, two] = await Promise.all([
        bed.snapshotter.prepare('one', base),
        bed.snapshotter.prepare('two', base),
      ]);
      assert.ok(one.type === 'overlay' && two.type === 'overlay');
      assert.notEqual(one.upper, two.upper);
      assert.notEqual(one.work, two.work);
      assert.deepEqual(one.lower, two.lower);
    });

    it('a container can stand on nothing', async () => {
      await using bed = open();
      assert.equal(lowerOf(await bed.snapshotter.prepare('scratch', undefined)).length, 1);
    });

    it('a taken key and a missing parent are refused, and change nothing', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      await bed.snapshotter.prepare('one', base);
      const before = [bed.directories(), bed.snapshotter.list()];
      await assert.rejects(bed.snapshotter.prepare('one', base), { kind: 'conflict' });
      await assert.rejects(bed.snapshotter.prepare('two', top), { kind: 'not-found' });
      await assert.rejects(bed.snapshotter.prepareLayer('unpack:2', top), { kind: 'not-found' });
      assert.throws(() => bed.snapshotter.mounts('nobody'), { kind: 'not-found' });
      assert.deepEqual([bed.directories(), bed.snapshotter.list()], before);
    });

    it('an unfinished layer cannot be a parent', async () => {
      await using bed = open();
      await bed.snapshotter.prepareLayer('unpack:1', undefined);
      await assert.rejects(bed.snapshotter.prepare('one', 'unpack:1' as ChainId), { kind: 'not-found' });
    });

    it('a layer that others stand on stays', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      await layer(bed.snapshotter, top, base, ['b']);
      await assert.rejects(bed.snapshotter.remove(base), { kind: 'conflict' });
      await bed.snapshotter.prepare('container', top);
      await assert.rejects(bed.snapshotter.remove(top), { kind: 'conflict' });
      await bed.snapshotter.remove('container');
      await bed.snapshotter.remove(top);
      await bed.snapshotter.remove(base);
      await bed.settled();
      assert.deepEqual([bed.directories(), bed.snapshotter.list()], [[], []]);
    });

    it('removing what is not there is no error', async () => {
      await using bed = open();
      await bed.snapshotter.remove('nobody');
    });

    it('knows after a crash what it knew before', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      const rootfs = await bed.snapshotter.prepare('container', base);
      const before = bed.snapshotter.list();
      const after = bed.restart();
      await after.repair((key) => key === 'container');
      assert.deepEqual(after.list(), before);
      assert.deepEqual(after.mounts('container'), rootfs);
      await layer(after, top, base, ['b']);
      assert.ok(existsSync(join(after.layers(top)[0] as string, 'b')));
    });

    it('puts right after a crash what was half done', async () => {
      await using bed = open();
      await layer(bed.snapshotter, base, undefined, ['a']);
      const before = [bed.snapshotter.list(), bed.directories()];
      await bed.snapshotter.prepareLayer('unpack:half', base);
      await bed.snapshotter.prepare('never recorded', base);
      const after = bed.restart();
      await after.repair(() => false);
      await bed.settled();
      const init = (key: string): boolean => key.startsWith('init:');
      assert.deepEqual(
        after.list().filter(({ key }) => !init(key)),
        before[0],
      );
      assert.equal(bed.directories().length, (before[1] as string[]).length + 1);
      await after.remove(base);
      await bed.settled();
      assert.deepEqual([after.list(), bed.directories()], [[], []]);
    });
  });
}

function lowerOf(rootfs: Rootfs): string[] {
  assert.equal(rootfs.type, 'overlay');
  return rootfs.type === 'overlay' ? rootfs.lower : [];
}
