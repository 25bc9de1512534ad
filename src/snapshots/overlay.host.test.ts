import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Database } from '../metadata/database.ts';
import { digestOf } from '../oci/digest.ts';
import { OverlaySnapshotter } from './overlay.ts';
import { snapshotterSuite, type SnapshotterBed } from './testsuite.ts';

const skip = process.getuid?.() !== 0 && 'needs root';

class Bed implements SnapshotterBed {
  readonly root = mkdtempSync(join(tmpdir(), 'berth-overlay-'));
  #db: Database | undefined;
  snapshotter = this.restart();

  restart(): OverlaySnapshotter {
    this.#db?.close();
    const db = new Database(join(this.root, 'berth.db'));
    this.#db = db;
    const trees = {
      remove: (path: string) => rm(path, { recursive: true }),
      measure: () => Promise.resolve({ sizeBytes: 0, inodes: 0 }),
    };
    this.snapshotter = new OverlaySnapshotter({ dataRoot: this.root, db, trees });
    return this.snapshotter;
  }

  directories(): string[] {
    return [...readdirSync(join(this.root, 'snapshots')), ...readdirSync(join(this.root, 'trash'))].sort();
  }

  async settled(): Promise<void> {
    await this.snapshotter.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    this.#db?.close();
    rmSync(this.root, { recursive: true });
  }
}

snapshotterSuite('overlay', () => new Bed(), { skip });

describe('overlay', { skip }, () => {
  it('gives what the kernel mounts, and a container finds its image below its own files', async () => {
    await using bed = new Bed();
    const chain = digestOf('layer');
    const { dir } = await bed.snapshotter.prepareLayer('unpack:1', undefined);
    writeFileSync(join(dir, 'file'), 'image');
    await bed.snapshotter.commit('unpack:1', chain, { sizeBytes: 5 });
    const rootfs = await bed.snapshotter.prepare('container', chain);
    assert.ok(rootfs.type === 'overlay');
    const target = join(bed.root, 'mnt');
    mkdirSync(target);
    const options = `lowerdir=${rootfs.lower.join(':')},upperdir=${rootfs.upper},workdir=${rootfs.work}`;
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', options, target]);
    try {
      assert.equal(readFileSync(join(target, 'file'), 'utf8'), 'image');
      writeFileSync(join(target, 'file'), 'container');
      assert.deepEqual(readdirSync(rootfs.upper), ['file']);
      assert.equal(readFileSync(join(dir, 'file'), 'utf8'), 'image');
    } finally {
      execFileSync('umount', [target]);
    }
  });

  it('tells when the last container on an image has gone', async () => {
    await using bed = new Bed();
    const released: string[] = [];
    const db = new Database(join(bed.root, 'other.db'));
    const trees = {
      remove: (path: string) => rm(path, { recursive: true }),
      measure: () => Promise.resolve({ sizeBytes: 0, inodes: 0 }),
    };
    mkdirSync(join(bed.root, 'other'));
    const snapshotter = new OverlaySnapshotter({
      dataRoot: join(bed.root, 'other'),
      db,
      trees,
      released: (chain) => released.push(chain),
    });
    const chain = digestOf('layer');
    await snapshotter.prepareLayer('unpack:1', undefined);
    await snapshotter.commit('unpack:1', chain, { sizeBytes: 0 });
    await snapshotter.prepare('one', chain);
    await snapshotter.prepare('two', chain);
    await snapshotter.remove('one');
    assert.deepEqual(released, []);
    await snapshotter.remove('two');
    assert.deepEqual(released, [chain]);
    await snapshotter.settled();
    db.close();
  });
});
