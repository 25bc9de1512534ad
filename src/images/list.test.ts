import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOf } from '../oci/digest.ts';
import { parseReference } from '../oci/reference.ts';
import { TestImages } from './images.testing.ts';
import { danglingFilter, parseTimestamp, type Filters } from './list.ts';

describe('listing images', () => {
  let bed: TestImages;
  before(() => {
    bed = new TestImages({
      root: mkdtempSync(join(tmpdir(), 'berth-list-')),
      apply: () => Promise.reject(new Error()),
    });
    add('old', ['repo/app:1', 'repo/app:2'], '2001-01-01T00:00:00Z', { tier: 'web' });
    add('new', ['other:latest'], '2020-01-01T00:00:00.5Z', { tier: 'db', x: '' });
    add('unnamed', [], '2010-01-01T00:00:00Z');
    add('base', [], '2000-01-01T00:00:00Z');
    add('child', ['child:1'], undefined, {}, 'base');
  });
  after(() => {
    bed[Symbol.dispose]();
    rmSync(bed.root, { recursive: true, force: true });
  });

  function add(name: string, names: string[], created?: string, Labels = {}, parent?: string): void {
    const config = {
      ...(created === undefined ? {} : { created }),
      config: { Labels },
      rootfs: { type: 'layers', diff_ids: [] },
    };
    bed.store.add(
      {
        id: digestOf(name),
        config,
        manifest: digestOf(`manifest of ${name}`),
        parent: parent === undefined ? undefined : digestOf(parent),
        sizeBytes: 0,
        lastTaggedMs: 0,
        blobs: [],
      },
      names.map(parseReference),
      1,
    );
  }
  const list = (filters: Filters, all = false): string[] =>
    bed.images
      .list({ all, filters, sharedSize: false })
      .map(
        ({ image, repoTags }) =>
          repoTags.join() || (['unnamed', 'base'].find((name) => digestOf(name) === image.id) ?? ''),
      );

  const cases: [title: string, filters: Filters, expected: string[], all?: boolean][] = [
    [
      'newest first, without what others stand on',
      {},
      ['other:latest', 'unnamed', 'repo/app:1,repo/app:2', 'child:1'],
    ],
    ['everything', {}, ['other:latest', 'unnamed', 'repo/app:1,repo/app:2', 'base', 'child:1'], true],
    ['by name', { reference: ['repo/app'] }, ['repo/app:1,repo/app:2']],
    ['by name and tag', { reference: ['repo/app:2'] }, ['repo/app:2']],
    ['by pattern', { reference: ['*/app:*'] }, ['repo/app:1,repo/app:2']],
    ['by a pattern that stops at a slash', { reference: ['*app'] }, []],
    ['by several names', { reference: ['other', 'child'] }, ['other:latest', 'child:1']],
    ['unnamed', { dangling: ['true'] }, ['unnamed', 'base']],
    ['named', { dangling: ['false'] }, ['other:latest', 'repo/app:1,repo/app:2', 'child:1']],
    ['by label', { label: ['tier=web'] }, ['repo/app:1,repo/app:2']],
    ['by a label that every object of JavaScript seems to have', { label: ['constructor'] }, []],
    ['by labels, all of them', { label: ['tier', 'x'] }, ['other:latest']],
    ['older', { before: ['other'] }, ['unnamed', 'repo/app:1,repo/app:2', 'child:1']],
    ['newer', { since: ['repo/app:1'] }, ['other:latest', 'unnamed']],
    ['until a date', { until: ['2005-01-01'] }, ['repo/app:1,repo/app:2', 'child:1']],
  ];
  for (const [title, filters, expected, all] of cases) {
    it(title, () => assert.deepEqual(list(filters, all), expected));
  }

  it('refuses what it does not know in dockerd’s words', () => {
    assert.throws(() => list({ colour: ['x'] }), {
      kind: 'invalid-argument',
      message: "invalid filter 'colour'",
    });
    assert.throws(() => list({ before: ['nobody'] }), {
      kind: 'not-found',
      message: 'No such image: nobody:latest',
    });
    assert.throws(() => list({ until: ['x'] }), {
      kind: 'internal',
      message: 'failed to parse value as time or duration: "x"',
    });
  });

  it('finds images by beginnings of ids that are not ambiguous', () => {
    const id = digestOf('old');
    assert.equal(bed.images.resolve(id.slice(7, 20)).id, id);
    assert.equal(bed.images.resolve(id.slice(0, 20)).id, id);
    assert.equal(bed.images.resolve(id.slice(7)).id, id);
    assert.throws(() => bed.images.resolve(''), { kind: 'invalid-argument' });
    assert.throws(() => bed.images.resolve('f'.repeat(64)), {
      message: `No such image: sha256:${'f'.repeat(64)}`,
    });
  });
});

describe('filter values', () => {
  it('are points in time in several forms', () => {
    assert.equal(parseTimestamp('2001-01-01T00:00:00Z'), Date.UTC(2001, 0, 1));
    assert.equal(parseTimestamp('1000.5'), 1_000_500);
    assert.ok(Math.abs(parseTimestamp('1h30m') - (Date.now() - 5_400_000)) < 1000);
  });

  it('are booleans as Go reads them', () => {
    assert.equal(danglingFilter(['1']), true);
    assert.equal(danglingFilter(['F']), false);
    assert.equal(danglingFilter(undefined), undefined);
    assert.throws(() => danglingFilter(['yes']), { message: "invalid filter 'dangling=[yes]'" });
  });
});
