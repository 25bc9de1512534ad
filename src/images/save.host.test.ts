import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { cannotUnpack } from '../diff/apply.testing.ts';
import { digestOf } from '../oci/digest.ts';
import { parseReference } from '../oci/reference.ts';
import { dockerArchive, layoutArchive, tar, TestImages } from './images.testing.ts';

const signal = AbortSignal.timeout(60_000);

async function saved(
  bed: TestImages,
  names: string[],
): Promise<{ archive: Buffer; files: Map<string, string> }> {
  const archive = Buffer.concat((await (await bed.images.save(names, signal)).toArray()) as Buffer[]);
  const files = new Map<string, string>();
  const entries = Readable.from([archive]).pipe(extract() as unknown as NodeJS.WritableStream);
  for await (const entry of entries as unknown as AsyncIterable<
    AsyncIterable<Buffer> & { header: { name: string } }
  >)
    files.set(entry.header.name, Buffer.concat(await Array.fromAsync(entry)).toString());
  return { archive, files };
}

describe('docker save', { skip: cannotUnpack }, () => {
  it('gives back the blobs as they came, and can be loaded elsewhere', async () => {
    await using bed = new TestImages();
    const layer = await tar([{ name: 'f', content: 'x' }]);
    const packed = gzipSync(layer);
    const { archive: original, manifest } = await layoutArchive({
      layers: [layer],
      blobs: [packed],
      tags: ['docker.io/library/s:1'],
    });
    await bed.load(original);
    const { archive, files } = await saved(bed, ['s:1']);
    assert.ok(files.has(`blobs/${manifest.replace(':', '/')}`));
    assert.ok(files.has(`blobs/${digestOf(packed).replace(':', '/')}`));
    assert.equal(JSON.parse(files.get('index.json') as string).manifests[0].digest, manifest);
    await using other = new TestImages();
    assert.deepEqual(await other.load(archive), [{ stream: 'Loaded image: s:1\n' }]);
    assert.equal(other.images.resolve('s:1').id, bed.images.resolve('s:1').id);
    assert.equal(other.store.record('s:1').manifest, manifest);
    assert.deepEqual(other.content.list().sort(), bed.content.list().sort());
  });

  it('takes a repository for all of its tags, and each image once', async () => {
    await using bed = new TestImages();
    await bed.load(
      await dockerArchive({ layers: [await tar([{ name: 'f', content: 'x' }])], tags: ['s:1'] }),
    );
    bed.images.tag('s:1', parseReference('s:2'));
    bed.images.tag('s:1', parseReference('other:1'));
    const { files } = await saved(bed, ['s', 's:1']);
    const [element, ...more] = JSON.parse(files.get('manifest.json') as string) as { RepoTags: string[] }[];
    assert.deepEqual([element?.RepoTags, more], [['s:1', 's:2'], []]);
    assert.deepEqual(Object.keys(JSON.parse(files.get('repositories') as string)), ['s']);
  });

  it('saves an image by its id without a name', async () => {
    await using bed = new TestImages();
    await bed.load(
      await dockerArchive({ layers: [await tar([{ name: 'f', content: 'x' }])], tags: ['s:1'] }),
    );
    const { archive, files } = await saved(bed, [bed.images.resolve('s:1').id]);
    assert.equal(JSON.parse(files.get('manifest.json') as string)[0].RepoTags, null);
    assert.ok(!files.has('repositories'));
    await using other = new TestImages();
    assert.match((await other.load(archive))[0]?.stream ?? '', /^Loaded image ID: sha256:/);
  });

  it('refuses what is not there before anything is sent', async () => {
    await using bed = new TestImages();
    await assert.rejects(bed.images.save(['nothing'], signal), {
      kind: 'not-found',
      message: 'No such image: nothing',
    });
  });
});

describe('docker import', { skip: cannotUnpack }, () => {
  it('makes an image of one layer, with the changes asked for', async () => {
    await using bed = new TestImages();
    const layer = await tar([{ name: 'f', content: 'content' }]);
    const id = await bed.images.import(Readable.from([gzipSync(layer)]), {
      name: parseReference('imported:1'),
      message: 'why',
      changes: ['CMD ["/f"]', 'ENV A=1'],
      platform: { os: 'linux', architecture: 'arm64', variant: 'v8' },
      signal,
    });
    const image = bed.images.resolve('imported:1');
    assert.equal(image.id, id);
    assert.deepEqual(image.layers, [digestOf(layer)]);
    assert.deepEqual([image.sizeBytes, image.architecture, image.variant], [7, 'arm64', 'v8']);
    assert.deepEqual([image.config.config?.Cmd, image.config.config?.Env], [['/f'], ['A=1']]);
    assert.deepEqual(
      bed.images.history('imported:1').map(({ comment, sizeBytes }) => [comment, sizeBytes]),
      [['why', 7]],
    );
    assert.deepEqual(
      bed.events.history().map(({ action }) => action),
      ['tag', 'import'],
    );
  });

  it('leaves nothing of what is no archive, or of bad changes', async () => {
    await using bed = new TestImages();
    const options = { name: undefined, message: '', changes: [] as string[], platform: undefined, signal };
    await assert.rejects(bed.images.import(Readable.from([Buffer.from('no archive')]), options), {
      kind: 'internal',
      message: 'unexpected EOF',
    });
    await assert.rejects(bed.images.import(Readable.from([]), { ...options, changes: ['RUN x'] }), {
      kind: 'invalid-argument',
    });
    assert.deepEqual([bed.content.list(), bed.snapshotter.list()], [[], []]);
  });
});
