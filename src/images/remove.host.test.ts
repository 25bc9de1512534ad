import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cannotUnpack } from '../diff/apply.testing.ts';
import { digestOf } from '../oci/digest.ts';
import { parseReference } from '../oci/reference.ts';
import { configOf, dockerArchive, tar, TestImages, type TestImage } from './images.testing.ts';

const keep = { force: false, prune: true };

async function image(extra: Partial<TestImage> = {}): Promise<TestImage & { id: string; short: string }> {
  const made = { layers: [await tar([{ name: 'f', content: 'x' }])], tags: ['rm:1'], ...extra };
  const { id } = configOf(made);
  return { ...made, id, short: id.slice(7, 19) };
}

async function loaded(bed: TestImages, extra: Partial<TestImage> = {}) {
  const made = await image(extra);
  await bed.load(await dockerArchive(made));
  return made;
}

describe('removing images', { skip: cannotUnpack }, () => {
  it('takes the name first, and the image with its layers after the last name', async () => {
    await using bed = new TestImages();
    const { id, layers } = await loaded(bed, { tags: ['rm:1', 'other:2'] });
    assert.deepEqual(await bed.images.remove('rm:1', keep), [{ Untagged: 'rm:1' }]);
    assert.deepEqual(await bed.images.remove('other:2', keep), [
      { Untagged: 'other:2' },
      { Deleted: id },
      { Deleted: digestOf(layers[0] as Buffer) },
    ]);
    assert.deepEqual([bed.store.records(), bed.content.list(), bed.snapshotter.list()], [[], [], []]);
  });

  it('by id takes all names, if they are of one repository', async () => {
    await using bed = new TestImages();
    const { id, short } = await loaded(bed, { tags: ['rm:1', 'other:2'] });
    await assert.rejects(bed.images.remove(short, keep), {
      kind: 'conflict',
      message: `conflict: unable to delete ${short} (must be forced) - image is referenced in multiple repositories`,
    });
    await bed.images.remove('other:2', keep);
    assert.deepEqual((await bed.images.remove(short, keep)).slice(0, 2), [
      { Untagged: 'rm:1' },
      { Deleted: id },
    ]);
  });

  it('by force and id takes them all', async () => {
    await using bed = new TestImages();
    const { id } = await loaded(bed, { tags: ['rm:1', 'other:2'] });
    const removals = await bed.images.remove(id, { force: true, prune: true });
    assert.deepEqual(removals.slice(0, 3), [{ Untagged: 'other:2' }, { Untagged: 'rm:1' }, { Deleted: id }]);
  });

  it('is refused while a container stands on the image, in words that depend', async () => {
    await using bed = new TestImages();
    const { id, short } = await loaded(bed);
    bed.users.push({ containerId: 'c'.repeat(64), imageId: id, running: false });
    await assert.rejects(bed.images.remove('rm:1', keep), {
      kind: 'conflict',
      message: `conflict: unable to remove repository reference "rm:1" (must force) - container cccccccccccc is using its referenced image ${short}`,
    });
    await assert.rejects(bed.images.remove(id, keep), {
      message: `conflict: unable to delete ${short} (must be forced) - image is being used by stopped container cccccccccccc`,
    });
    bed.users[0] = { containerId: 'c'.repeat(64), imageId: id, running: true };
    await assert.rejects(bed.images.remove(id, { force: true, prune: true }), {
      message: `conflict: unable to delete ${short} (cannot be forced) - image is being used by running container cccccccccccc`,
    });
    assert.equal(bed.images.resolve('rm:1').id, id);
  });

  it('by force leaves the layers to the container, and they go with it', async () => {
    await using bed = new TestImages();
    const { id, layers } = await loaded(bed);
    await bed.snapshotter.prepare('c', bed.images.resolve('rm:1').chainId);
    bed.users.push({ containerId: 'c'.repeat(64), imageId: id, running: false });
    assert.deepEqual(await bed.images.remove('rm:1', { force: true, prune: true }), [
      { Untagged: 'rm:1' },
      { Deleted: id },
    ]);
    assert.ok(bed.snapshotter.find(digestOf(layers[0] as Buffer)));
    await bed.snapshotter.remove('c');
    await bed.images.repair();
    assert.deepEqual(bed.snapshotter.list(), []);
  });

  it('keeps layers that another image has', async () => {
    await using bed = new TestImages();
    const first = await loaded(bed);
    const second = await loaded(bed, {
      layers: [...first.layers, await tar([{ name: 'g', content: 'y' }])],
      tags: ['second:1'],
    });
    assert.deepEqual(await bed.images.remove('rm:1', keep), [{ Untagged: 'rm:1' }, { Deleted: first.id }]);
    assert.equal((await bed.images.remove('second:1', keep)).length, 4);
    assert.deepEqual([second.layers.length, bed.snapshotter.list()], [2, []]);
  });

  it('publishes what dockerd publishes', async () => {
    await using bed = new TestImages();
    const { id } = await loaded(bed, { config: { config: { Labels: { a: 'b' } } } });
    bed.images.tag('rm:1', parseReference('rm:2'));
    await bed.images.remove('rm:2', keep);
    await bed.images.remove('rm:1', keep);
    assert.deepEqual(
      bed.events.history().map(({ action, actor }) => [action, actor.attributes]),
      [
        ['load', { a: 'b', name: id }],
        ['tag', { a: 'b', name: 'rm:2' }],
        ['untag', { a: 'b', name: id }],
        ['untag', { a: 'b', name: id }],
        ['delete', { a: 'b', name: id }],
      ],
    );
  });

  it('survives a restart: names, ids and what is gone', async () => {
    const bed = new TestImages();
    const { id } = await loaded(bed, { tags: ['rm:1', 'rm:2'] });
    await bed.images.remove('rm:1', keep);
    await using after = new TestImages({ root: bed.crash() });
    assert.deepEqual(after.images.resolve(id).repoTags, ['rm:2']);
    assert.throws(() => after.images.resolve('rm:1'), { kind: 'not-found', message: 'No such image: rm:1' });
  });
});

describe('pruning images', { skip: cannotUnpack }, () => {
  it('takes unnamed ones, or all that no container uses', async () => {
    await using bed = new TestImages();
    const named = await loaded(bed);
    const { tags: _, ...unnamed } = await image({ config: { author: 'nobody' } });
    await bed.load(await dockerArchive(unnamed));
    const first = await bed.images.prune({});
    assert.deepEqual(first, { removals: [{ Deleted: configOf(unnamed).id }], reclaimedBytes: 0 });
    assert.deepEqual(await bed.images.prune({}), { removals: undefined, reclaimedBytes: 0 });
    bed.users.push({ containerId: 'c', imageId: named.id, running: false });
    assert.equal((await bed.images.prune({ dangling: ['false'] })).removals, undefined);
    bed.users.pop();
    assert.deepEqual(await bed.images.prune({ dangling: ['false'] }), {
      removals: [
        { Untagged: 'rm:1' },
        { Deleted: named.id },
        { Deleted: digestOf(named.layers[0] as Buffer) },
      ],
      reclaimedBytes: 1,
    });
  });

  it('refuses filters it does not know', async () => {
    await using bed = new TestImages();
    await assert.rejects(bed.images.prune({ colour: ['x'] }), { message: "invalid filter 'colour'" });
    await assert.rejects(bed.images.prune({ dangling: ['perhaps'] }), {
      message: "invalid filter 'dangling=[perhaps]'",
    });
  });
});
