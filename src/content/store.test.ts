import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { digestOf } from '../oci/digest.ts';
import { ContentStore } from './store.ts';

describe('the content store', () => {
  let root: string;
  let store: ContentStore;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'berth-content-'));
    store = new ContentStore({ root });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const ingests = () => readdirSync(join(root, 'ingest'));
  const write = (text: string, expected = {}) => {
    using lease = store.lease();
    return store.write(
      Readable.from([Buffer.from(text.slice(0, 2)), Buffer.from(text.slice(2))]),
      expected,
      lease,
    );
  };

  it('keeps what is written under its digest', async () => {
    const blob = await write('hello', { digest: digestOf('hello'), sizeBytes: 5 });
    assert.deepEqual(blob, { digest: digestOf('hello'), sizeBytes: 5 });
    assert.equal((await store.read(blob.digest, 100)).toString(), 'hello');
    assert.deepEqual(store.get(blob.digest), blob);
    assert.deepEqual(store.list(), [blob.digest]);
    assert.deepEqual(ingests(), []);
  });

  it('keeps one copy of what is written twice', async () => {
    await Promise.all([write('same'), write('same'), write('same')]);
    assert.equal(store.list().length, 1);
    assert.deepEqual(ingests(), []);
  });

  const wrong: [title: string, expected: object, message: RegExp][] = [
    ['digest', { digest: digestOf('other') }, /^unexpected digest/],
    ['size, too short', { sizeBytes: 9 }, /^unexpected size: 5 bytes, expected 9$/],
    ['size, too long', { sizeBytes: 3 }, /^unexpected size: more than the 3 bytes expected$/],
  ];
  for (const [title, expected, message] of wrong) {
    it(`refuses a wrong ${title} and keeps nothing`, async () => {
      await assert.rejects(write('hello', expected), { kind: 'data-loss', message });
      assert.deepEqual([store.list(), ingests()], [[], []]);
    });
  }

  it('keeps nothing of a stream that breaks', async () => {
    using lease = store.lease();
    const source = (async function* () {
      yield Buffer.from('half');
      throw new Error('broken');
    })();
    await assert.rejects(store.write(source, {}, lease), { message: 'broken' });
    assert.deepEqual([store.list(), ingests()], [[], []]);
  });

  it('forgets at start what another daemon had begun to write', () => {
    writeFileSync(join(root, 'ingest', 'left'), 'x');
    store = new ContentStore({ root });
    assert.deepEqual(ingests(), []);
  });

  it('protects what a lease names until it is disposed', async () => {
    const lease = store.lease();
    const { digest } = await store.write(Readable.from([Buffer.from('x')]), {}, lease);
    assert.ok(store.leased(digest));
    lease[Symbol.dispose]();
    assert.ok(!store.leased(digest));
  });

  it('says not-found for what is not there, and removing it is no error', async () => {
    const digest = digestOf('nothing');
    assert.throws(() => store.get(digest), { kind: 'not-found' });
    await assert.rejects(store.read(digest, 1), { kind: 'not-found' });
    await assert.rejects(store.createReadStream(digest), { kind: 'not-found' });
    store.remove(digest);
  });

  it('does not read whole what is larger than asked for', async () => {
    const { digest } = await write('a long text');
    await assert.rejects(store.read(digest, 4), { kind: 'data-loss' });
  });

  it('takes no digest for a path', () => {
    assert.throws(() => store.path('sha256:../../../etc/passwd' as never), { kind: 'invalid-argument' });
  });
});
