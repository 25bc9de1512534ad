import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { cannotUnpack, directApply } from '../diff/apply.testing.ts';
import { chainIds, digestOf, type ChainId } from '../oci/digest.ts';
import { configOf, dockerArchive, layoutArchive, tar, TestImages, type TestImage } from './images.testing.ts';

async function twoLayers(extra: Partial<TestImage> = {}): Promise<TestImage> {
  return {
    layers: [
      await tar([{ name: 'etc/' }, { name: 'etc/a', content: 'a' }, { name: 'gone', content: 'x' }]),
      await tar([
        { name: 'etc/b', content: 'b' },
        { name: '.wh.gone', content: '' },
      ]),
    ],
    tags: ['load-test:1'],
    ...extra,
  };
}

function onlyWhatIsNeeded(bed: TestImages): void {
  assert.deepEqual(readdirSync(join(bed.root, 'content', 'ingest')), []);
  const needed = new Set(bed.store.records().flatMap(({ blobs }) => blobs));
  assert.deepEqual(
    bed.content.list().filter((digest) => !needed.has(digest)),
    [],
  );
  assert.deepEqual(
    bed.snapshotter.list().filter(({ kind }) => kind === 'active'),
    [],
  );
}

describe('docker load', { skip: cannotUnpack }, () => {
  it('takes an archive of old docker save, and says what it loaded', async () => {
    await using bed = new TestImages();
    const image = await twoLayers();
    assert.deepEqual(await bed.load(await dockerArchive(image)), [{ stream: 'Loaded image: load-test:1\n' }]);
    const loaded = bed.images.resolve('load-test:1');
    assert.equal(loaded.id, configOf(image).id);
    assert.equal(loaded.sizeBytes, 3);
    const [top = '', bottom = ''] = bed.snapshotter.layers(loaded.chainId as ChainId);
    assert.equal(readFileSync(join(top, 'etc/b'), 'utf8'), 'b');
    assert.equal(readFileSync(join(bottom, 'etc/a'), 'utf8'), 'a');
    assert.equal(lstatSync(join(top, 'gone')).rdev, 0);
    assert.ok(lstatSync(join(top, 'gone')).isCharacterDevice());
    onlyWhatIsNeeded(bed);
  });

  it('takes an OCI layout and keeps the digest of its manifest', async () => {
    await using bed = new TestImages();
    const image = await twoLayers({ tags: ['docker.io/library/layout:2'] });
    const { archive, manifest } = await layoutArchive(image);
    assert.deepEqual(await bed.load(archive), [{ stream: 'Loaded image: layout:2\n' }]);
    assert.equal(bed.store.record('layout:2').manifest, manifest);
  });

  it('takes layers and whole archives that are compressed with gzip and zstd', async () => {
    await using bed = new TestImages();
    const image = await twoLayers();
    const [first, second] = image.layers as [Buffer, Buffer];
    const archive = await dockerArchive({ ...image, blobs: [gzipSync(first), zstdCompressSync(second)] });
    await bed.load(gzipSync(archive));
    assert.equal(bed.images.resolve('load-test:1').id, configOf(image).id);
    await bed.load(zstdCompressSync(archive));
    assert.equal(bed.images.list({ all: true, filters: {}, sharedSize: false }).length, 1);
  });

  it('names the id of an image that has no name', async () => {
    await using bed = new TestImages();
    const { tags: _, ...image } = await twoLayers();
    assert.deepEqual(await bed.load(await dockerArchive(image)), [
      { stream: `Loaded image ID: ${configOf(image).id}\n` },
    ]);
  });

  it('reports each layer that is new, and none again', async () => {
    await using bed = new TestImages();
    const archive = await dockerArchive(await twoLayers());
    const first = await bed.load(archive, false);
    assert.deepEqual(
      first.map(({ status }) => status),
      ['Loading layer', 'Loading layer', 'Loading layer', 'Loading layer', undefined],
    );
    assert.deepEqual(await bed.load(archive, false), [{ stream: 'Loaded image: load-test:1\n' }]);
  });

  it('follows links between the layers of old archives', async () => {
    await using bed = new TestImages();
    const layer = await tar([{ name: 'f', content: 'x' }]);
    const image = { layers: [layer, layer] };
    const { text, id } = configOf(image);
    const archive = await tar([
      { name: 'one/layer.tar', content: layer },
      { name: 'two/layer.tar', type: 'symlink', linkname: '../one/layer.tar' },
      { name: 'three', type: 'symlink', linkname: 'two' },
      { name: 'c.json', content: text },
      {
        name: 'manifest.json',
        content: JSON.stringify([
          { Config: 'c.json', RepoTags: ['l:1'], Layers: ['two/layer.tar', 'three/layer.tar'] },
        ]),
      },
    ]);
    await bed.load(archive);
    assert.equal(bed.images.resolve('l:1').id, id);
  });

  it('moves a name that another image had, and says so', async () => {
    await using bed = new TestImages();
    const first = await twoLayers();
    await bed.load(await dockerArchive(first));
    const second = await twoLayers({ config: { author: 'somebody' } });
    assert.deepEqual(await bed.load(await dockerArchive(second)), [
      {
        stream: `The image load-test:1 already exists, renaming the old one with ID ${configOf(first).id} to empty string\n`,
      },
      { stream: 'Loaded image: load-test:1\n' },
    ]);
    assert.deepEqual(bed.images.resolve(configOf(first).id).repoTags, []);
  });

  it('unpacks a layer once when two loads of it meet', async () => {
    let applied = 0;
    await using bed = new TestImages({
      apply: (...args) => {
        applied++;
        return directApply(...args);
      },
    });
    const archive = await dockerArchive(await twoLayers());
    await Promise.all([bed.load(archive), bed.load(archive), bed.load(archive)]);
    assert.equal(applied, 2);
    onlyWhatIsNeeded(bed);
  });

  const refused: [title: string, archive: () => Promise<Buffer>, message: RegExp][] = [
    ['nothing at all', async () => Buffer.alloc(0), /no such file or directory$/],
    ['something that is no archive', async () => Buffer.from('rubbish'), /^unexpected EOF$/],
    ['an archive of something else', () => tar([{ name: 'f', content: 'x' }]), /no such file or directory$/],
    [
      'a path out of the archive',
      () =>
        tar([
          {
            name: 'manifest.json',
            content: '[{"Config":"../../../../etc/passwd","RepoTags":[],"Layers":[]}]',
          },
        ]),
      /^open \/etc\/passwd: no such file or directory$/,
    ],
    [
      'a link out of the archive',
      () =>
        tar([
          { name: 'c.json', type: 'symlink', linkname: '/etc/passwd' },
          { name: 'manifest.json', content: '[{"Config":"c.json","RepoTags":[],"Layers":[]}]' },
        ]),
      /no such file or directory$/,
    ],
    [
      'links in a circle',
      () =>
        tar([
          { name: 'a', type: 'symlink', linkname: 'b' },
          { name: 'b', type: 'symlink', linkname: 'a' },
          { name: 'manifest.json', content: '[{"Config":"a","RepoTags":[],"Layers":[]}]' },
        ]),
      /no such file or directory$/,
    ],
    [
      'a layer that is not what the config says',
      async () => dockerArchive({ ...(await twoLayers()), blobs: [await tar([]), await tar([])] }),
      /^invalid diffID for layer 0: expected "sha256:[0-9a-f]{64}", got "sha256:[0-9a-f]{64}"$/,
    ],
    [
      'fewer layers than the config says',
      async () => {
        const image = await twoLayers();
        return dockerArchive({ ...image, blobs: image.layers.slice(1) });
      },
      /^invalid manifest, layers length mismatch: expected 1, got 2$/,
    ],
    [
      'a config that is no image',
      () =>
        tar([
          { name: 'c.json', content: '{}' },
          { name: 'manifest.json', content: '[{"Config":"c.json","RepoTags":[],"Layers":[]}]' },
        ]),
      /^invalid image JSON, no RootFS key$/,
    ],
    [
      'a bad name',
      async () => dockerArchive(await twoLayers({ tags: ['UPPER:1'] })),
      /^invalid reference format: repository name \(library\/UPPER\) must be lowercase$/,
    ],
    [
      'a name without a tag',
      async () => dockerArchive(await twoLayers({ tags: ['x'] })),
      /^invalid tag "x"$/,
    ],
    [
      'a layer cut off',
      async () => {
        const layers = [await tar([{ name: 'f', content: randomBytes(1000) }])];
        return dockerArchive({ layers, blobs: [gzipSync(layers[0] as Buffer).subarray(0, 500)] });
      },
      /^unexpected EOF$/,
    ],
  ];
  for (const [title, archive, message] of refused) {
    it(`refuses ${title} and leaves nothing`, async () => {
      await using bed = new TestImages();
      await assert.rejects(bed.load(await archive()), { message });
      assert.deepEqual(bed.content.list(), []);
      assert.deepEqual(bed.snapshotter.list(), []);
      onlyWhatIsNeeded(bed);
    });
  }

  it('leaves nothing when the client goes away in the middle', async () => {
    await using bed = new TestImages();
    const archive = await dockerArchive({
      layers: [await tar([{ name: 'f', content: randomBytes(600_000) }])],
    });
    const abort = new AbortController();
    const source = Readable.from(
      (async function* () {
        yield archive.subarray(0, 300_000);
        abort.abort();
        await new Promise(() => {});
      })(),
    );
    const loading = bed.images.load(source, { signal: abort.signal, quiet: true, progress: () => {} });
    await assert.rejects(loading);
    assert.deepEqual(bed.content.list(), []);
    onlyWhatIsNeeded(bed);
  });

  it('is whole again after a crash at any step: what was half done is gone, what was done is there', async () => {
    const bed = new TestImages();
    const image = await twoLayers();
    await bed.load(await dockerArchive(image));
    const lease = bed.content.lease();
    await bed.content.write(Readable.from([Buffer.from('left over')]), {}, lease);
    await bed.snapshotter.prepareLayer('unpack:x', chainIds(image.layers.map((layer) => digestOf(layer)))[0]);
    await using after = new TestImages({ root: bed.crash() });
    await after.snapshotter.repair(() => false);
    await after.images.repair();
    onlyWhatIsNeeded(after);
    assert.equal(after.images.resolve('load-test:1').id, configOf(image).id);
    const [top = ''] = after.snapshotter.layers(after.images.resolve('load-test:1').chainId as ChainId);
    assert.equal(readFileSync(join(top, 'etc/b'), 'utf8'), 'b');
  });
});
