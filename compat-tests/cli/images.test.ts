import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { archive, containerName, docker, dockerOk } from '../support/engine.ts';

const tags: string[] = [];
const tag = (name: string): string => {
  const ref = `bt-${process.pid}-${name}`;
  tags.push(ref);
  return ref;
};
after(() => docker(['rmi', '-f', ...tags]));

test('load names what it loaded, and loading again changes nothing', async () => {
  assert.equal(await dockerOk('load', '-i', archive('busybox')), 'Loaded image: busybox:latest');
  const id = await dockerOk('inspect', '-f', '{{.Id}}', 'busybox');
  await dockerOk('load', '-q', '-i', archive('busybox'));
  assert.equal(await dockerOk('inspect', '-f', '{{.Id}}', 'busybox'), id);
});

test('images lists, tag adds a name, rmi takes it away again', async () => {
  const name = tag('tagged');
  const id = await dockerOk('inspect', '-f', '{{.Id}}', 'busybox');
  await dockerOk('tag', 'busybox', `${name}:v1`);
  assert.equal(await dockerOk('images', '--no-trunc', '--format', '{{.ID}} {{.Tag}}', name), `${id} v1`);
  assert.equal(await dockerOk('rmi', `${name}:v1`), `Untagged: ${name}:v1`);
  assert.equal(await dockerOk('images', '-q', name), '');
});

test('import makes an image of one layer, with changes', async () => {
  const name = tag('imported');
  const { buildTar } = await import('../support/tar.ts');
  const tar = await buildTar([{ name: 'hello.txt', content: 'from a tar' }]);
  const { code, stdout, stderr } = await docker(
    ['import', '-c', 'CMD ["cat","/hello.txt"]', '-c', 'ENV A=1', '-', name],
    { input: tar },
  );
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^sha256:[0-9a-f]{64}\n$/);
  assert.equal(
    await dockerOk('inspect', '-f', '{{json .Config.Cmd}} {{.Config.Env}} {{len .RootFS.Layers}}', name),
    '["cat","/hello.txt"] [A=1] 1',
  );
});

test('an image in use is not removed, and one that is not there is an error', async () => {
  const name = tag('used');
  await dockerOk('tag', 'busybox', name);
  const container = containerName();
  await dockerOk('create', '--name', container, name);
  const other = await docker(['rmi', 'nosuchimage']);
  assert.equal(other.code, 1);
  assert.match(other.stderr, /No such image: nosuchimage(:latest)?/);
  await dockerOk('rmi', name);
});

test('run of an image that is not there tries to pull it and fails', async () => {
  const { code, stderr } = await docker(['run', '--rm', '--pull', 'never', 'nosuchimage', 'true']);
  assert.equal(code, 125);
  assert.match(stderr, /No such image: nosuchimage:latest/);
});

test('a layer brings hard links, links, modes, owners and times', async () => {
  const shown = await dockerOk(
    'run',
    '--rm',
    'busybox',
    'sh',
    '-c',
    'stat -c "%a %u %g" /tmp /var/www /etc/shadow; stat -c %Y /etc/passwd; [ $(stat -c %h /bin/busybox) -gt 100 ] && echo linked',
  );
  assert.equal(shown, '1777 0 0\n755 33 33\n640 0 0\n1767225600\nlinked');
});

test('what a container writes stays its own', async () => {
  const name = containerName();
  await dockerOk('run', '--name', name, 'busybox', 'sh', '-c', 'echo changed > /etc/passwd; rm /etc/group');
  assert.match(
    await dockerOk('run', '--rm', 'busybox', 'cat', '/etc/passwd', '/etc/group'),
    /root:x:0:0[^]*nogroup/,
  );
});

test('the Debian image runs', async () => {
  assert.match(
    await dockerOk(
      'run',
      '--rm',
      'debian',
      'sh',
      '-c',
      '. /etc/os-release; echo $ID; ls -la /bin/mount; perl -e "print 40+2"',
    ),
    /^debian\n.*rws.*\n42$/,
  );
});
