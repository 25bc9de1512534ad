import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

/** --mount, --volume, --tmpfs, --volumes-from, --volume-driver: what a container sees of each. */

const volumes = new Set<string>();
let serial = 0;

/** A volume name of this file's own. */
function volumeName(): string {
  const name = `bt-${process.pid}-flags-${++serial}`;
  volumes.add(name);
  return name;
}

after(async () => {
  await docker(['volume', 'rm', '-f', ...volumes]);
});

const run = (...args: string[]): Promise<string> => dockerOk('run', '--rm', ...args);
const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];

/** Options of the mount at a place, and of its file system. */
const options = (place: string): string =>
  `awk '$5 == "${place}" { n = 7; while ($n != "-") n++; print $6 " " $(n + 1) " " $(n + 3) }' /proc/self/mountinfo`;

async function fails(args: string[], text: RegExp): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.notEqual(code, 0);
  assert.match(stderr, text);
}

test('--volume of a name makes a volume, filled with what the image has there; nocopy leaves it empty', async () => {
  const [filled, empty] = [volumeName(), volumeName()];
  assert.match(await run('-v', `${filled}:/etc`, ...sh('ls /etc')), /^passwd$/m);
  assert.match(await run('-v', `${filled}:/v`, ...sh('ls /v')), /^passwd$/m);
  assert.equal(await run('-v', `${empty}:/bin/applets:nocopy`, ...sh('ls -A /bin/applets')), '');
  assert.equal(
    await run('--mount', `type=volume,src=${empty},dst=/home,volume-nocopy`, ...sh('ls -A /home')),
    '',
  );
});

test('--volume takes every word of a mode, and refuses two of a kind', async () => {
  const volume = volumeName();
  const rights = async (mode: string): Promise<string> =>
    (await run('-v', `${volume}:/m:${mode}`, ...sh(options('/m')))).split(',')[0] ?? '';
  for (const mode of ['rw', 'z', 'Z', 'rw,z', 'nocopy', 'rw,nocopy', 'cached', 'consistent,rw'])
    assert.equal(await rights(mode), 'rw', mode);
  for (const mode of ['ro', 'ro,Z', 'ro,nocopy', 'delegated,ro'])
    assert.equal(await rights(mode), 'ro', mode);
  for (const mode of ['ro,rw', 'z,Z', 'odd'])
    await fails(
      ['run', '--rm', '-v', `${volume}:/m:${mode}`, 'busybox'],
      new RegExp(`invalid mode: ${mode}`),
    );
});

test('--volume of a path that is not there makes a directory; --mount refuses it', async () => {
  const path = `/tmp/bt-${process.pid}-made`;
  const mount = ['--mount', `type=bind,src=${path},dst=/m`];
  await fails(['run', '--rm', ...mount, 'busybox'], new RegExp(`bind source path does not exist: ${path}`));
  assert.equal(await run('-v', `${path}/a/b:/m`, ...sh('touch /m/f; stat -c %a /m')), '755');
  assert.equal(await run(...mount, ...sh('ls /m/a/b')), 'f');
  await run('-v', '/tmp:/host', ...sh(`rm -r /host/bt-${process.pid}-made`));
});

test('--mount type=bind,readonly is read-only in all of the tree, unless told otherwise', async () => {
  const rights = async (...words: string[]): Promise<string[]> =>
    (
      await run(
        '--mount',
        ['type=bind,src=/dev,dst=/m', ...words].join(','),
        ...sh(`${options('/m')}; ${options('/m/pts')}`),
      )
    )
      .split('\n')
      .map((line) => line.split(',')[0] ?? '');
  // What is mounted below may be mounted there more than once.
  const sees = async (...words: string[]): Promise<string> => {
    const [own, ...below] = await rights(...words);
    return [own, ...new Set(below)].join(' ');
  };
  assert.equal(await sees(), 'rw rw');
  assert.equal(await sees('readonly'), 'ro ro');
  assert.equal(await sees('readonly', 'bind-recursive=writable'), 'ro rw');
  assert.equal(await sees('readonly', 'bind-recursive=readonly', 'bind-propagation=rprivate'), 'ro ro');
  assert.equal(await sees('bind-recursive=disabled'), 'rw');
});

test('a bind that is to share mounts needs a shared mount of the host', async () => {
  const path = `/proc/sys`;
  for (const [word, text] of [
    ['rshared', 'it is not a shared mount'],
    ['slave', 'it is not a shared or slave mount'],
  ]) {
    // /proc of the machine is made private by no one and shared by some: only a refusal is a text.
    const { code, stderr } = await docker(['run', '--rm', '-v', `${path}:/m:${word}`, 'busybox', 'true']);
    if (code !== 0) assert.match(stderr, new RegExp(`path ${path} is mounted on /proc.* but ${text}`));
  }
  assert.equal((await run('-v', `${path}:/m:ro,rprivate`, ...sh(options('/m')))).split(',')[0], 'ro');
});

test('--mount type=volume,volume-subpath shows a part of a volume, and nothing outside of it', async () => {
  const volume = volumeName();
  await run(
    '-v',
    `${volume}:/v`,
    ...sh('mkdir -p /v/a/b; echo deep > /v/a/b/f; ln -s a/b /v/in; ln -s /etc /v/out; ln -s ../../.. /v/up'),
  );
  const part = (subpath: string): string[] => [
    '--mount',
    `type=volume,src=${volume},dst=/m,volume-subpath=${subpath}`,
  ];
  assert.equal(await run(...part('a/b'), ...sh('cat /m/f')), 'deep');
  assert.equal(await run(...part('in'), ...sh('cat /m/f')), 'deep');
  assert.equal(await run(...part('a/b/f'), ...sh('cat /m')), 'deep');
  await fails(['run', '--rm', ...part('out'), 'busybox'], /path concatenation escapes the base directory/);
  await fails(['run', '--rm', ...part('up'), 'busybox'], /escapes the base directory/);
  await fails(['run', '--rm', ...part('none'), 'busybox'], /cannot access path .*none: no such file/);
  await fails(
    ['run', '--rm', ...part('../x'), 'busybox'],
    /subpath must be a relative path within the volume/,
  );
});

test('--mount type=volume makes the volume with labels and options of its driver', async () => {
  const volume = volumeName();
  const mount =
    `type=volume,src=${volume},dst=/m,volume-label=colour=red,volume-driver=local,` +
    'volume-opt=type=tmpfs,volume-opt=device=tmpfs,"volume-opt=o=size=1m,mode=0750,noexec"';
  const seen = await run('--mount', mount, ...sh(`stat -c %a /m; ${options('/m')}`));
  assert.match(seen, /^750\nrw,noexec,relatime tmpfs rw,size=1024k,mode=750/);
  assert.equal(await dockerOk('volume', 'inspect', '-f', '{{.Labels.colour}}', volume), 'red');
});

test('a volume with options is mounted once for all who use it, and only while they do', async () => {
  const [volume, holder] = [volumeName(), containerName()];
  const opts = ['--opt', 'type=tmpfs', '--opt', 'device=tmpfs', '--opt', 'o=size=1m,uid=1000'];
  await dockerOk('volume', 'create', ...opts, volume);
  await dockerOk('run', '-d', '--name', holder, '-v', `${volume}:/v`, 'busybox', 'sleep', '600');
  await run('-v', `${volume}:/v`, ...sh('touch /v/here'));
  assert.equal(await dockerOk('exec', holder, 'ls', '/v'), 'here');
  await dockerOk('kill', holder);
  await dockerOk('wait', holder);
  assert.equal(await run('-v', `${volume}:/v`, ...sh('stat -c %u /v; ls /v')), '1000');
});

test('a volume of type bind shows a directory of the host, and one that is not there is an error', async () => {
  const [shown, missing] = [volumeName(), volumeName()];
  const bind = (device: string, name: string): Promise<string> =>
    dockerOk(
      'volume',
      'create',
      '--opt',
      'type=none',
      '--opt',
      `device=${device}`,
      '--opt',
      'o=bind,ro',
      name,
    );
  await bind('/proc/sys', shown);
  await bind('/no/such/place', missing);
  assert.match(await run('-v', `${shown}:/v`, ...sh('cat /v/kernel/ostype; touch /v/x 2>&1; true')), /Linux/);
  await fails(
    ['run', '--rm', '-v', `${missing}:/v`, 'busybox'],
    /error while mounting volume '.*': failed to mount local volume: mount \/no\/such\/place:.*, flags: 0x1001: no such file or directory/,
  );
});

for (const [opts, text] of [
  [['odd=1'], 'invalid option: "odd"'],
  [['type=tmpfs'], 'missing required option: "device"'],
  [['device=/x'], 'missing required option: "type"'],
  [['o=bind'], 'missing required option: "device"'],
  [['size=1g'], 'quota size requested but no quota support'],
] as const)
  test(`volume create with ${opts.join(' ')} is refused`, async () => {
    const name = volumeName();
    const words = opts.flatMap((opt) => ['--opt', opt]);
    await fails(['volume', 'create', ...words, name], new RegExp(`create ${name}: ${text}`));
  });

test('--mount type=tmpfs takes size and mode; --tmpfs any option of tmpfs', async () => {
  assert.match(
    await run(
      '--mount',
      'type=tmpfs,dst=/m,tmpfs-size=1m,tmpfs-mode=0700',
      ...sh(`stat -c %a /m; ${options('/m')}`),
    ),
    /^700\nrw,nosuid,nodev,noexec,relatime tmpfs rw,size=1024k,mode=700/,
  );
  assert.match(
    await run('--tmpfs', '/m:rw,exec,size=2m,uid=7', ...sh(`stat -c %u /m; ${options('/m')}`)),
    /^7\nrw,nosuid,nodev,relatime tmpfs rw,size=2048k,uid=7/,
  );
  await fails(['run', '--rm', '--tmpfs', '/m:odd', 'busybox'], /invalid tmpfs option "odd"/);
});

test('--mount type=image shows an image, or a part of it, and nobody can write to it', async () => {
  const mount = ['--mount', 'type=image,src=busybox,dst=/m'];
  const { stdout, stderr } = await docker(['run', '--rm', ...mount, ...sh('ls /m/bin/busybox; touch /m/x')]);
  assert.equal(stdout, '/m/bin/busybox\n');
  assert.match(stderr, /Read-only file system/);
  const part = ['--mount', 'type=image,src=busybox,dst=/m,image-subpath=bin'];
  assert.equal(await run(...part, ...sh('ls /m/busybox')), '/m/busybox');
  await fails(['run', '--rm', '--mount', 'type=image,dst=/m', 'busybox'], /field Source must not be empty/);
  await fails(
    ['run', '--rm', '--pull', 'never', '--mount', 'type=image,src=bt-none,dst=/m', 'busybox'],
    /No such image: bt-none:latest/,
  );
});

test('--volumes-from takes over what another container has, read-only when asked', async () => {
  const [donor, volume] = [containerName(), volumeName()];
  await dockerOk(
    'create',
    '--name',
    donor,
    '-v',
    `${volume}:/named`,
    '-v',
    '/own',
    '-v',
    '/tmp:/host:ro',
    'busybox',
  );
  await run('--volumes-from', donor, ...sh('echo x > /own/f; echo y > /named/f; test -d /host'));
  const seen = await docker([
    'run',
    '--rm',
    '--volumes-from',
    `${donor}:ro`,
    ...sh('cat /own/f /named/f; touch /own/g; touch /named/g; touch /host/g'),
  ]);
  assert.equal(seen.stdout, 'x\ny\n');
  assert.equal(seen.stderr.match(/Read-only file system/g)?.length, 3);
  await fails(['run', '--rm', '--volumes-from', `${donor}:odd`, 'busybox'], /invalid mode: odd/);
});

test('--volume-driver names who makes the volumes', async () => {
  const volume = volumeName();
  assert.match(await run('--volume-driver', 'local', '-v', `${volume}:/v`, ...sh(options('/v'))), /^rw/);
});

test('volume prune takes what nobody uses, and leaves names and options alone unless told otherwise', async () => {
  const [plain, special] = [volumeName(), volumeName()];
  const label = `bt=${process.pid}-prune`;
  await dockerOk('volume', 'create', '--label', label, plain);
  await dockerOk(
    'volume',
    'create',
    '--label',
    label,
    '--opt',
    'type=tmpfs',
    '--opt',
    'device=tmpfs',
    special,
  );
  const prune = (...more: string[]): Promise<string> =>
    dockerOk('volume', 'prune', '-f', '--filter', `label=${label}`, ...more);
  assert.doesNotMatch(await prune(), new RegExp(plain));
  const user = containerName();
  await dockerOk('create', '--name', user, '-v', `${plain}:/v`, 'busybox');
  assert.doesNotMatch(await prune('--all'), new RegExp(plain));
  await dockerOk('rm', user);
  assert.match(await prune('--all'), new RegExp(`${plain}\n`));
  assert.equal(await dockerOk('volume', 'ls', '-q', '--filter', `label=${label}`), special);
});

test('nothing but procfs goes on /proc', async () => {
  const refused = /cannot be mounted because it is not of type proc/;
  await fails(['run', '--rm', '-v', `${volumeName()}:/proc`, 'busybox', 'true'], refused);
  await fails(['run', '--rm', '--tmpfs', '/proc', 'busybox', 'true'], refused);
  await fails(
    ['run', '--rm', '--tmpfs', '/proc/sys/kernel', 'busybox', 'true'],
    /cannot be mounted because it is inside/,
  );
  assert.equal(
    await run('--pid', 'host', '-v', '/proc:/proc', ...sh('test -d /proc/1 && echo there')),
    'there',
  );
});

test('a start that fails by what hides the null device is over, and --rm removes the container', async () => {
  const name = containerName('hidden');
  await fails(
    ['run', '--rm', '--name', name, '-v', `${volumeName()}:/dev/null`, 'busybox', 'true'],
    /\/dev\/null/,
  );
  await fails(['inspect', name], /no such object/i);
});
