import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { cannotUnpack } from '../diff/apply.testing.ts';
import { digestOf } from '../oci/digest.ts';
import { mediaTypes } from '../oci/manifest.ts';
import { hostPlatform } from '../oci/platform.ts';
import { parseReference } from '../oci/reference.ts';
import type { RegistryCredentials } from '../registry/repository.ts';
import { dockerArchive, tar, TestImages } from './images.testing.ts';
import type { ProgressRecord } from './service.ts';

const program = '/usr/bin/docker-registry';
const skip = cannotUnpack || (existsSync(program) ? false : 'needs docker-registry');
const signal = AbortSignal.timeout(120_000);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function pull(
  bed: TestImages,
  name: string,
  credentials?: RegistryCredentials,
): Promise<ProgressRecord[]> {
  const records: ProgressRecord[] = [];
  const prepared = await bed.images.preparePull(parseReference(name), {
    credentials,
    platform: undefined,
    signal,
  });
  await bed.images.pull(prepared, signal, (record) => records.push(record));
  return records;
}

async function push(bed: TestImages, name: string): Promise<ProgressRecord[]> {
  const records: ProgressRecord[] = [];
  await bed.images.push(parseReference(name), {
    credentials: undefined,
    signal,
    progress: (record) => records.push(record),
  });
  return records;
}

const statuses = (records: readonly ProgressRecord[]): string[] =>
  records.map(({ status }) => status ?? '').filter((status) => !/^(Downloading|Extracting)/.test(status));

describe('pull and push', { skip }, () => {
  let registry: ChildProcess;
  let folder: string;
  let host: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'berth-registry-'));
    host = `127.0.0.1:${await freePort()}`;
    writeFileSync(
      join(folder, 'config.yml'),
      `version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: ${folder}/data}}\nhttp: {addr: "${host}"}\n`,
    );
    registry = spawn(program, ['serve', join(folder, 'config.yml')], { stdio: 'ignore' });
    const deadline = Date.now() + 20_000;
    for (; ; await wait(50)) {
      const up = await new Promise((resolve) => {
        httpRequest(`http://${host}/v2/`, (answer) => resolve(answer.resume().statusCode === 200))
          .on('error', () => resolve(false))
          .end();
      });
      if (up) break;
      assert.ok(Date.now() < deadline, 'the registry does not answer');
    }
  });
  after(() => {
    registry.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('an image pushed and pulled elsewhere is the same image, with the same digest', async () => {
    await using here = new TestImages();
    const layers = [await tar([{ name: 'a', content: 'a' }]), await tar([{ name: 'b', content: 'b' }])];
    const blobs = layers.map((layer) => gzipSync(layer));
    const name = `${host}/team/app:v1`;
    await here.load(await dockerArchive({ layers, blobs, tags: [name] }));
    const pushed = await push(here, name);
    const { manifest } = here.store.record(name);
    assert.deepEqual(statuses(pushed).slice(0, 3), [
      `The push refers to repository [${host}/team/app]`,
      'Preparing',
      'Preparing',
    ]);
    assert.match(pushed.at(-2)?.status ?? '', new RegExp(`^v1: digest: ${manifest} size: \\d+$`));
    assert.deepEqual(here.images.resolve(name).repoDigests, [`${host}/team/app@${manifest}`]);
    assert.ok(statuses(await push(here, name)).includes('Layer already exists'));

    await using there = new TestImages();
    assert.deepEqual(
      // Layers are unpacked while others still come: only the order of one layer is fixed.
      statuses(await pull(there, name)).sort((a, b) => statusOrder(a) - statusOrder(b)),
      [
        'Pulling from team/app',
        'Pulling fs layer',
        'Pulling fs layer',
        'Download complete',
        'Download complete',
        'Pull complete',
        'Pull complete',
        `Digest: ${manifest}`,
        `Status: Downloaded newer image for ${name}`,
      ],
    );
    const image = there.images.resolve(name);
    assert.equal(image.id, here.images.resolve(name).id);
    assert.deepEqual([image.repoTags, image.repoDigests], [[name], [`${host}/team/app@${manifest}`]]);
    assert.equal(image.sizeBytes, 2);
    assert.deepEqual(statuses(await pull(there, name)).slice(-1), [
      `Status: Image is up to date for ${name}`,
    ]);
    assert.equal((await there.images.remove(name, { force: false, prune: true })).length, 5);
    assert.deepEqual([there.content.list(), there.snapshotter.list()], [[], []]);
  });

  function statusOrder(status: string): number {
    const order = ['Pulling from', 'Pulling fs', 'Download', 'Pull complete', 'Digest', 'Status'];
    return order.findIndex((start) => status.startsWith(start));
  }

  it('takes the image of this platform out of an index, and by its digest', async () => {
    await using here = new TestImages();
    const name = `${host}/multi:one`;
    await here.load(
      await dockerArchive({ layers: [await tar([{ name: 'a', content: 'a' }])], tags: [name] }),
    );
    await push(here, name);
    const { manifest, id } = here.store.record(name);
    const { sizeBytes: size } = here.content.get(manifest);
    const other = { mediaType: mediaTypes.ociManifest, digest: digestOf('none'), size: 1 };
    const index = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.ociIndex,
        manifests: [
          { ...other, platform: { os: 'linux', architecture: 's390x' } },
          { mediaType: mediaTypes.ociManifest, digest: manifest, size, platform: hostPlatform() },
        ],
      }),
    );
    await put(`http://${host}/v2/multi/manifests/all`, mediaTypes.ociIndex, index).catch(() => {});
    const stored = await fetch(`http://${host}/v2/multi/manifests/all`, {
      headers: { accept: mediaTypes.ociIndex },
    });
    if (stored.status !== 200) return; // Registries may refuse an index whose manifests they do not have.
    await using there = new TestImages();
    await pull(there, `${host}/multi:all`);
    assert.equal(there.images.resolve(`${host}/multi:all`).id, id);
    await pull(there, `${host}/multi@${manifest}`);
    assert.equal(there.images.resolve(`${host}/multi@${manifest}`).id, id);
  });

  it('without a tag takes all of them', async () => {
    await using here = new TestImages();
    await here.load(
      await dockerArchive({
        layers: [await tar([{ name: 'a', content: 'all' }])],
        tags: [`${host}/all:1`, `${host}/all:2`],
      }),
    );
    await push(here, `${host}/all`);
    await using there = new TestImages();
    await pull(there, `${host}/all`);
    assert.deepEqual(there.images.resolve(`${host}/all:1`).repoTags, [`${host}/all:1`, `${host}/all:2`]);
  });

  it('says what is not there in dockerd’s words', async () => {
    await using bed = new TestImages();
    await assert.rejects(pull(bed, `${host}/nothing:x`), {
      kind: 'not-found',
      message: `manifest for ${host}/nothing:x not found: manifest unknown: manifest unknown`,
    });
    await assert.rejects(push(bed, `${host}/nothing:x`), {
      message: `An image does not exist locally with the tag: ${host}/nothing`,
    });
    await assert.rejects(pull(bed, '127.0.0.1:1/x:y'), {
      kind: 'internal',
      message: 'Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    });
  });

  async function put(url: string, contentType: string, body: Buffer): Promise<void> {
    const { status } = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': contentType },
      body: new Uint8Array(body),
    });
    assert.equal(status, 201);
  }
});

describe('pull from a registry that asks who we are', { skip: cannotUnpack }, () => {
  const blobs = new Map<string, Buffer>();
  let server: Server;
  let host: string;
  let breakOnce = false;
  let corrupt = false;
  const asked: string[] = [];

  before(async () => {
    const plain = await tar([{ name: 'f', content: 'x'.repeat(2000) }]);
    const packed = gzipSync(plain);
    const config = Buffer.from(
      JSON.stringify({
        os: 'linux',
        architecture: 'amd64',
        rootfs: { type: 'layers', diff_ids: [digestOf(plain)] },
      }),
    );
    const manifest = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.dockerManifest,
        config: { mediaType: mediaTypes.dockerConfig, digest: digestOf(config), size: config.length },
        layers: [{ mediaType: mediaTypes.dockerLayerGzip, digest: digestOf(packed), size: packed.length }],
      }),
    );
    blobs
      .set(`/v2/private/app/blobs/${digestOf(config)}`, config)
      .set(`/v2/private/app/blobs/${digestOf(packed)}`, packed);
    blobs.set('/v2/private/app/manifests/latest', manifest);
    server = createServer((req, res) => {
      const url = new URL(req.url ?? '', `http://${host}`);
      if (url.pathname === '/token') {
        asked.push(`${url.searchParams.get('service')} ${url.searchParams.get('scope')}`);
        const known = req.headers.authorization === `Basic ${Buffer.from('me:secret').toString('base64')}`;
        return res
          .writeHead(known ? 200 : 401)
          .end(known ? '{"token":"good"}' : '{"errors":[{"code":"UNAUTHORIZED","message":"who are you"}]}');
      }
      if (req.headers.authorization !== 'Bearer good') {
        const challenge = `Bearer realm="http://${host}/token",service="it",scope="repository:private/app:pull"`;
        return res.writeHead(401, { 'www-authenticate': challenge }).end();
      }
      const blob = blobs.get(url.pathname);
      if (url.pathname === '/v2/') return res.writeHead(200).end();
      if (!blob)
        return res
          .writeHead(404)
          .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}');
      const isLayer = blob === packed;
      res.writeHead(200, { 'content-length': blob.length, 'content-type': 'application/octet-stream' });
      if (isLayer && breakOnce) {
        breakOnce = false;
        res.write(blob.subarray(0, 10));
        return setImmediate(() => res.destroy());
      }
      return res.end(isLayer && corrupt ? Buffer.alloc(blob.length) : blob);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => void server.close());

  it('gets a token for what it does, by name and password', async () => {
    await using bed = new TestImages();
    await pull(bed, `${host}/private/app:latest`, { username: 'me', password: 'secret' });
    assert.equal(bed.images.resolve(`${host}/private/app`).sizeBytes, 2000);
    assert.equal(asked.at(-1), 'it repository:private/app:pull');
  });

  it('is refused without them', async () => {
    await using bed = new TestImages();
    await assert.rejects(pull(bed, `${host}/private/app:latest`), {
      kind: 'not-found',
      message: `pull access denied for ${host}/private/app, repository does not exist or may require 'docker login': unauthorized: who are you`,
    });
  });

  it('tries a broken download again', async () => {
    await using bed = new TestImages();
    breakOnce = true;
    const records = await pull(bed, `${host}/private/app:latest`, { username: 'me', password: 'secret' });
    assert.ok(records.some(({ status }) => status === 'Retrying in 5 seconds'));
    assert.equal(bed.images.resolve(`${host}/private/app`).sizeBytes, 2000);
  });

  it('keeps nothing when a client goes away while it retries', async () => {
    await using bed = new TestImages();
    corrupt = true;
    const abort = new AbortController();
    const credentials = { username: 'me', password: 'secret' };
    const prepared = await bed.images.preparePull(parseReference(`${host}/private/app:latest`), {
      credentials,
      platform: undefined,
      signal: abort.signal,
    });
    const pulling = bed.images.pull(prepared, abort.signal, ({ status }) => {
      if (status?.startsWith('Retrying')) abort.abort();
    });
    await assert.rejects(pulling);
    corrupt = false;
    assert.deepEqual([bed.content.list(), bed.snapshotter.list(), bed.store.records()], [[], [], []]);
  });
});
