import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type Docker from 'dockerode';
import { containerName, dockerode, eventually } from '../support/engine.ts';

const images: string[] = [];
after(async () => {
  for (const image of images) await dockerode.getImage(image).remove({ force: true });
});

async function run(HostConfig: object = {}, Cmd = ['sleep', '600']): Promise<Docker.Container> {
  const container = await dockerode.createContainer({
    name: containerName('update'),
    Image: 'busybox',
    Cmd,
    StopSignal: 'SIGKILL',
    HostConfig: { NetworkMode: 'none', ...HostConfig },
  });
  await container.start();
  return container;
}

test('update: limits and restart policy of a running container', async () => {
  const container = await run({ Memory: 64 << 20 });
  await container.update({
    Memory: 96 << 20,
    MemorySwap: 96 << 20,
    CpuShares: 512,
    RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 2 },
  });
  const { HostConfig, RestartCount } = await container.inspect();
  assert.deepEqual(
    [HostConfig.Memory, HostConfig.CpuShares, HostConfig.RestartPolicy, RestartCount],
    [96 << 20, 512, { Name: 'on-failure', MaximumRetryCount: 2 }, 0],
  );
});

test('update: a restart policy given to a running container holds at its end', async () => {
  const container = await run({}, ['sh', '-c', 'trap "exit 3" TERM; while :; do sleep 0.02; done']);
  await container.update({ RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 1 } });
  const { HostConfig } = await container.inspect();
  assert.equal(HostConfig.RestartPolicy?.Name, 'on-failure');
  await container.kill();
});

test('update: what is not there, and what cannot be', async () => {
  const container = await run();
  await assert.rejects(container.update({ Memory: 1 }), { statusCode: 400 });
  await assert.rejects(dockerode.getContainer('nosuch').update({ CpuShares: 2 }), { statusCode: 404 });
});

test('commit: the files and a changed configuration become an image', async () => {
  const container = await run({}, ['sh', '-c', 'echo committed > /file; exec sleep 600']);
  await eventually(async () =>
    ((await container.changes()) as { Path: string }[] | null)?.some(({ Path }) => Path === '/file'),
  );
  const { Id } = (await container.commit({
    repo: containerName('image'),
    tag: 'one',
    comment: 'a comment',
    author: 'an author',
    changes: 'CMD ["cat", "/file"]',
  })) as { Id: string };
  images.push(Id);
  const image = await dockerode.getImage(Id).inspect();
  assert.deepEqual(
    [image.Comment, image.Author, image.Config.Cmd],
    ['a comment', 'an author', ['cat', '/file']],
  );
  const made = await dockerode.createContainer({
    name: containerName('committed'),
    Image: Id,
    Tty: true,
    HostConfig: { NetworkMode: 'none' },
  });
  await made.start();
  await made.wait();
  assert.match(String(await made.logs({ stdout: true })), /committed/);
  await made.remove();
});
