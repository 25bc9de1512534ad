import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

const images: string[] = [];
after(async () => {
  if (images.length > 0) await docker(['rmi', '-f', ...images]);
});

/** A name for an image of this test's own. */
function imageName(): string {
  const name = `${containerName('image')}:made`;
  images.push(name);
  return name;
}

async function run(image: string, ...script: string[]): Promise<string> {
  return dockerOk('run', '--rm', '--network', 'none', image, 'sh', '-c', script.join('\n'));
}

test('what a container has changed is in the image, and what it removed is not', async () => {
  const name = containerName();
  const script = `
    mkdir -p /new/deep && echo new > /new/deep/f && ln /new/deep/f /new/hard && ln -s deep/f /new/soft
    echo more >> /etc/passwd && chmod 600 /etc/passwd && chown 5:6 /new && mkfifo /new/fifo
    rm /bin/arch && rm -rf /var && mkdir /var && echo kept > /var/kept`;
  await dockerOk('run', '--network', 'none', '--name', name, '-v', '/data', 'busybox', 'sh', '-c', script);
  const image = imageName();
  assert.match(await dockerOk('commit', name, image), /^sha256:[0-9a-f]{64}$/);
  const seen = await run(
    image,
    'cat /new/soft; [ /new/hard -ef /new/deep/f ] && echo one; [ -p /new/fifo ] && echo fifo',
    'stat -c "%a %u:%g" /etc/passwd /new; tail -n 1 /etc/passwd',
    'ls /bin/arch 2>&1; ls -A /var /data',
  );
  assert.equal(
    seen,
    'new\none\nfifo\n600 0:0\n755 5:6\nmore\nls: /bin/arch: No such file or directory\n/data:\n\n/var:\nkept',
  );
  // The image it stands on is as it was.
  assert.equal(await run('busybox', '[ -e /bin/arch ] && [ ! -e /new ] && echo same'), 'same');
});

test('a commit of a container of a commit stands on it', async () => {
  const first = imageName();
  const second = imageName();
  const one = containerName();
  await dockerOk(
    'run',
    '--network',
    'none',
    '--name',
    one,
    'busybox',
    'sh',
    '-c',
    'echo 1 > /one; echo 1 > /both',
  );
  await dockerOk('commit', one, first);
  const two = containerName();
  await dockerOk('run', '--network', 'none', '--name', two, first, 'sh', '-c', 'rm /one; echo 2 > /both');
  const id = await dockerOk('commit', '-m', 'second', '-a', 'somebody', two, second);
  assert.equal(await run(second, 'cat /both; [ -e /one ] || echo gone'), '2\ngone');
  const format = '{{.Parent}} {{.Author}} {{.Comment}} {{len .RootFS.Layers}}';
  const parent = await dockerOk('image', 'inspect', '-f', '{{.Id}}', first);
  assert.equal(await dockerOk('image', 'inspect', '-f', format, id), `${parent} somebody second 3`);
  const history = await dockerOk('history', '--no-trunc', '--format', '{{.CreatedBy}}|{{.Comment}}', second);
  assert.equal(history.split('\n')[0], 'sh -c rm /one; echo 2 > /both|second');
});

test('changes of the configuration', async () => {
  const name = containerName();
  await dockerOk(
    'create',
    '--network',
    'none',
    '--name',
    name,
    '-e',
    'A=1',
    '--label',
    'l=own',
    'busybox',
    'true',
  );
  const image = imageName();
  const changes = [
    'CMD ["echo", "changed"]',
    'ENV B=2',
    'LABEL l=new m="x y"',
    'WORKDIR /w',
    'EXPOSE 80',
    'USER 7',
  ];
  await dockerOk('commit', ...changes.flatMap((change) => ['-c', change]), name, image);
  assert.equal(await dockerOk('run', '--rm', '--network', 'none', image), 'changed');
  const { Config } = (JSON.parse(await dockerOk('image', 'inspect', image)) as { Config: object }[])[0] as {
    Config: { Env: string[]; Labels: object; WorkingDir: string; ExposedPorts: object; User: string };
  };
  assert.ok(Config.Env.includes('A=1') && Config.Env.includes('B=2'));
  assert.deepEqual(Config.Labels, { l: 'new', m: 'x y' });
  assert.equal(Config.WorkingDir, '/w');
  assert.deepEqual(Config.ExposedPorts, { '80/tcp': {} });
  assert.equal(Config.User, '7');
  const { code, stderr } = await docker(['commit', '-c', 'RUN true', name]);
  assert.notEqual(code, 0);
  assert.match(stderr, /RUN is not a valid change command/);
});

test('a running container is held still meanwhile, and goes on', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--network',
    'none',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'echo x > /made; sleep 1000',
  );
  const since = String(Math.floor(Date.now() / 1000) - 1);
  const image = imageName();
  await dockerOk('commit', name, image);
  await dockerOk('commit', '--pause=false', name, image);
  const until = String(Math.floor(Date.now() / 1000) + 1);
  const format = ['--format', '{{.Action}}', '--filter', `container=${name}`];
  const actions = (await dockerOk('events', '--since', since, '--until', until, ...format)).split('\n');
  assert.deepEqual(
    actions.filter((action) => /pause|commit/.test(action)),
    ['pause', 'commit', 'unpause', 'commit'],
  );
  assert.equal(await dockerOk('inspect', '-f', '{{.State.Status}}', name), 'running');
  assert.equal(await run(image, 'cat /made'), 'x');
});

test('an image made by commit can be saved, and loaded again', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '--network',
    'none',
    '--name',
    name,
    'busybox',
    'sh',
    '-c',
    'echo saved > /f; rm /bin/arch',
  );
  const image = imageName();
  const id = await dockerOk('commit', name, image);
  await dockerOk('save', '-o', `/dev/shm/${name}.tar`, image);
  await dockerOk('rmi', image);
  assert.notEqual((await docker(['image', 'inspect', id])).code, 0);
  await dockerOk('load', '-i', `/dev/shm/${name}.tar`);
  assert.equal(await run(image, 'cat /f; [ -e /bin/arch ] || echo gone'), 'saved\ngone');
  rmSync(`/dev/shm/${name}.tar`);
});
