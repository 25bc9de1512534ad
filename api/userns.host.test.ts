import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, test } from 'node:test';
import type Docker from 'dockerode';
import { extract, pack, type Pack } from 'tar-stream';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, startEngine, stopEngine, type EngineOptions } from './engine.testing.ts';

// A daemon with `--userns-remap`: who owns what on the host, and what root of a container is there.

/** First ids of the ranges, users and groups apart to be told from one another. */
const firstUid = 100_000;
const firstGid = 200_000;
const folder = `${firstUid}.${firstGid}`;

const runc = ['/usr/sbin/runc', '/usr/bin/runc'].find((path) => existsSync(path));
/** Those a container is tried with: the built-in one, and runc where the machine has it. */
const runtimes = ['berth', ...(runc ? ['other'] : [])];

let etc: string;
let daemon: TestDaemon;
let docker: Docker;

/** The machine's users are not those of the test: its daemon sees files of the test's in their place. */
function remapped(): EngineOptions {
  const bind =
    'for file in passwd group subuid subgid; do mount --bind "$0/$file" /etc/$file; done; exec "$@"';
  return {
    under: ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', bind, etc],
    flags: ['--userns-remap', 'mapped', ...(runc ? ['--add-runtime', `other=${runc}`] : [])],
  };
}

before(async () => {
  etc = mkdtempSync('/tmp/berth-etc-');
  writeFileSync(join(etc, 'passwd'), 'root:x:0:0::/root:/bin/sh\nmapped:x:2999:2999::/:/bin/false\n');
  writeFileSync(join(etc, 'group'), 'root:x:0:\nmapped:x:2999:\n');
  writeFileSync(join(etc, 'subuid'), `mapped:${firstUid}:65536\n`);
  writeFileSync(join(etc, 'subgid'), `mapped:${firstGid}:65536\n`);
  ({ daemon, docker } = await startEngine(remapped()));
  // On the way to the root filesystems that runc mounts.
  chmodSync(daemon.root, 0o711);
});
after(async () => {
  await stopEngine({ daemon, docker });
  rmSync(etc, { recursive: true });
});

async function start(
  script: string,
  HostConfig: Docker.HostConfig = {},
  more: Docker.ContainerCreateOptions = {},
): Promise<Docker.Container> {
  const Cmd = ['sh', '-c', script];
  const container = await docker.createContainer({ Image: 'busybox', Cmd, Tty: true, HostConfig, ...more });
  await container.start();
  return container;
}

/** What a script prints in a container of its own. */
async function run(...given: Parameters<typeof start>): Promise<string> {
  const container = await start(...given);
  await container.wait();
  const output = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  await container.remove();
  return output.toString().replaceAll('\r', '').trim();
}

async function exec(
  container: Docker.Container,
  script: string,
  more: Docker.ExecCreateOptions = {},
): Promise<string> {
  const made = await container.exec({ Cmd: ['sh', '-c', script], AttachStdout: true, Tty: true, ...more });
  const stream = await made.start({ Tty: true });
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>))
    .toString()
    .replaceAll('\r', '')
    .trim();
}

const owner = (path: string): string => {
  const { uid, gid } = statSync(path);
  return `${uid - firstUid}:${gid - firstGid}`;
};

let serial = 0;
function fresh(): string {
  const path = join(daemon.root, `host${++serial}`);
  mkdirSync(path, { mode: 0o755 });
  return path;
}

async function tarOf(...entries: Parameters<Pack['entry']>[0][]): Promise<Buffer> {
  const tar = pack();
  for (const header of entries) tar.entry(header, '');
  tar.finalize();
  return Buffer.concat(await Array.fromAsync(tar as unknown as AsyncIterable<Buffer>));
}

/** Owners by name. */
async function ownersIn(tar: NodeJS.ReadableStream): Promise<Record<string, string>> {
  const owners: Record<string, string> = {};
  for await (const entry of tar.pipe(extract())) {
    owners[entry.header.name] = `${entry.header.uid}:${entry.header.gid}`;
    entry.resume();
  }
  return owners;
}

async function refusal(
  given: Docker.HostConfig,
  more: object = {},
): Promise<{ status: number; message: string }> {
  const body = { Image: 'busybox', Cmd: ['true'], HostConfig: given, ...more };
  try {
    await (await docker.createContainer(body)).start();
  } catch (error) {
    const { statusCode, json } = error as { statusCode: number; json: { message: string } };
    return { status: statusCode, message: json.message };
  }
  throw new Error('it was not refused');
}

test('the daemon says so, and keeps what it has in a folder of the mapping', async () => {
  const info = (await docker.info()) as { SecurityOptions: string[]; DockerRootDir: string };
  assert.ok(info.SecurityOptions.includes('name=userns'));
  assert.equal(info.DockerRootDir, join(daemon.root, 'data', folder));
  for (const path of ['data', join('data', folder), join('data', folder, 'containers')]) {
    const { uid, gid, mode } = statSync(join(daemon.root, path));
    assert.deepEqual([uid, gid, mode & 0o7777], [0, firstGid, 0o710], path);
  }
});

for (const Runtime of runtimes) {
  test(`${Runtime}: root of a container is an ordinary user of the host`, async () => {
    const container = await start('sleep 60', { Runtime });
    const { Pid } = (await container.inspect()).State;
    const status = readFileSync(`/proc/${Pid}/status`, 'utf8');
    assert.match(status, new RegExp(`^Uid:\\t${firstUid}\\t${firstUid}\\t`, 'm'));
    assert.match(status, new RegExp(`^Gid:\\t${firstGid}\\t${firstGid}\\t`, 'm'));
    assert.notEqual(readlinkSync(`/proc/${Pid}/ns/user`), readlinkSync('/proc/self/ns/user'));
    const maps = await exec(container, 'cat /proc/self/uid_map /proc/self/gid_map; id -u; id -g');
    assert.deepEqual(maps.split(/\s+/), [0, firstUid, 65536, 0, firstGid, 65536, 0, 0].map(String));
    assert.equal(await exec(container, 'id -u', { User: '7' }), '7');
    const { Processes } = (await container.top({ ps_args: '-eo uid,pid,cmd' })) as { Processes: string[][] };
    assert.equal(Processes[0]?.[0], String(firstUid));
    await container.remove({ force: true });
  });

  test(`${Runtime}: its namespaces are the container's own, for its capabilities to act on`, async () => {
    const script = 'ip link set lo down && ip link set lo up && hostname renamed && hostname && id -u';
    const CapAdd = ['NET_ADMIN', 'SYS_ADMIN'];
    assert.equal(await run(script, { Runtime, CapAdd }), 'renamed\n0');
    assert.equal(
      await run('ip link set lo down && echo down', { Runtime, CapAdd, NetworkMode: 'none' }),
      'down',
    );
    const Sysctls = { 'kernel.msgmax': '4096' };
    assert.equal(await run('cat /proc/sys/kernel/msgmax', { Runtime, Sysctls }), '4096');
  });

  test(`${Runtime}: no capability reaches beyond them`, async () => {
    const disk = readFileSync('/proc/partitions', 'utf8').match(/\s([a-z]+)\n/)?.[1] ?? 'null';
    const script = `mkdir /m
      mknod /b b 254 0 || echo mknod
      mount -t ext4 /d/${disk} /m 2>/dev/null || echo mount
      head -c 1 /d/${disk} 2>/dev/null || echo read
      (echo 1 > /proc/sys/kernel/printk) 2>/dev/null || echo printk
      (echo x >> /h/of-root) 2>/dev/null || echo write
      chown 0 /h/of-root 2>/dev/null || echo chown
      cat /h/secret 2>/dev/null || echo secret
      date -s 2020-01-01 2>&1 | grep -q 'not permitted' && echo date
      [ -d /sys/fs/cgroup/memory ] && cd /sys/fs/cgroup/memory || cd /sys/fs/cgroup
      mkdir x 2>/dev/null || echo cgroup`;
    const path = fresh();
    writeFileSync(join(path, 'of-root'), 'the host’s', { mode: 0o644 });
    writeFileSync(join(path, 'secret'), 'the host’s', { mode: 0o600 });
    const output = await run(script, {
      Runtime,
      CapAdd: ['ALL'],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Binds: ['/dev:/d', `${path}:/h`],
    });
    const words = output.split('\n').filter((line) => !line.includes(' '));
    assert.deepEqual(words, [
      'mknod',
      'mount',
      'read',
      'printk',
      'write',
      'chown',
      'secret',
      'date',
      'cgroup',
    ]);
    assert.equal(readFileSync(join(path, 'of-root'), 'utf8'), 'the host’s');
  });

  test(`${Runtime}: devices are the host's nodes, kernel file systems its own`, async () => {
    const script = `stat -c '%n %F %u' /dev/null /dev/fuse /dev/shm /dev/mqueue /dev/pts /t /etc/hosts
      echo a > /dev/null && head -c 1 /dev/zero | wc -c; ls -ln /dev/pts/0 | awk '{print $3 ":" $4}'`;
    const Devices = [{ PathOnHost: '/dev/fuse', PathInContainer: '/dev/fuse', CgroupPermissions: 'rwm' }];
    const output = await run(script, { Runtime, Devices, Tmpfs: { '/t': 'uid=5' } });
    const lines = output.split('\n');
    assert.deepEqual(lines.slice(0, 3), [
      '/dev/null character special file 65534',
      '/dev/fuse character special file 65534',
      '/dev/shm directory 0',
    ]);
    assert.deepEqual(lines.slice(4), [
      '/dev/pts directory 0',
      '/t directory 5',
      '/etc/hosts regular file 0',
      '1',
      '0:5',
    ]);
    assert.equal(statSync('/dev/null').uid, 0, 'the null device is the host’s as ever');
  });

  test(`${Runtime}: streams belong to the user, who may open them again`, async () => {
    const script = 'echo out > /dev/stdout; echo err > /proc/self/fd/2';
    const output = await run(script, { Runtime }, { User: '5', Tty: false });
    assert.deepEqual(output.match(/out|err/g), ['out', 'err']);
    assert.equal(statSync('/dev/null').uid, 0, 'the null device is the host’s as ever');
  });

  test(`${Runtime}: what it writes belongs, on the host, to the users of the ranges`, async () => {
    const path = fresh();
    const Binds = [`${path}/made/deep:/bind`, 'owners:/volume', 'www:/var/www'];
    await run('touch /bind/root /volume/root; touch /volume/five; chown 5:6 /volume/five', {
      Runtime,
      Binds,
    });
    assert.equal(owner(path), `${-firstUid}:${-firstGid}`, 'what was there is whose it was');
    for (const made of ['made', 'made/deep', 'made/deep/root'])
      assert.equal(owner(join(path, made)), '0:0', made);
    const volumes = join(daemon.root, 'data', folder, 'volumes');
    const { uid, mode } = statSync(join(volumes, 'owners'));
    assert.deepEqual([uid, mode & 0o7777], [0, 0o701]);
    for (const [file, expected] of [
      ['', '0:0'],
      ['root', '0:0'],
      ['five', '5:6'],
    ] as const)
      assert.equal(owner(join(volumes, 'owners/_data', file)), expected, file);
    assert.equal(
      owner(join(volumes, 'www/_data')),
      '33:33',
      'a volume begins with what the image has, owners too',
    );
    for (const name of ['owners', 'www']) await docker.getVolume(name).remove();
  });

  test(`${Runtime}: a container joins the user namespace with other namespaces of another`, async () => {
    const other = await start('sleep 60', { Runtime, IpcMode: 'shareable' });
    const user = readlinkSync(`/proc/${(await other.inspect()).State.Pid}/ns/user`);
    for (const mode of ['NetworkMode', 'PidMode', 'IpcMode']) {
      const output = await run('readlink /proc/self/ns/user; id -u', {
        Runtime,
        [mode]: `container:${other.id}`,
      });
      assert.equal(output, `${user}\n0`, mode);
    }
    await other.remove({ force: true });
  });

  test(`${Runtime}: without a user namespace, by the container's wish, it is as on any host`, async () => {
    const script = 'cat /proc/self/uid_map; id -u; stat -c %u:%g / /etc/hosts; touch /x; stat -c %u /x';
    const output = await run(script, { Runtime, UsernsMode: 'host', Privileged: true, NetworkMode: 'host' });
    const [map = '', ...rest] = output.split('\n');
    assert.match(map.trim(), /^0\s+0\s+4294967295$/);
    // Files stay as they are shifted on disk, as with the reference.
    assert.deepEqual(rest, ['0', `${firstUid}:${firstGid}`, `${firstUid}:${firstGid}`, '0']);
  });
}

test('what root of a user namespace has no rights over is refused in the reference’s words', async () => {
  assert.deepEqual(await refusal({ Privileged: true }), {
    status: 400,
    message:
      'privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode',
  });
  assert.deepEqual(await refusal({ NetworkMode: 'host' }), {
    status: 400,
    message: "cannot share the host's network namespace when user namespaces are enabled",
  });
  assert.deepEqual(await refusal({ PidMode: 'host' }), {
    status: 400,
    message: 'cannot share the host PID namespace when user namespaces are enabled',
  });
});

test('a user outside of the range cannot be, nor one of a namespace that has none', async () => {
  const init =
    'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: ';
  const unmapped = await refusal({}, { User: '65536' });
  assert.equal(
    unmapped.message,
    `${init}unable to start container process: error during container init: unable to setup user: cannot setuid to unmapped uid 65536 in user namespace`,
  );
  const host = await start('sleep 60', { UsernsMode: 'host' });
  const { message } = await refusal({ NetworkMode: `container:${host.id}` });
  assert.equal(
    message,
    `${init}user namespaces enabled, but both namespace path and non-matching mapping specified -- you may only provide one`,
  );
  await host.remove({ force: true });
});

test('files go in with the owners they have inside, and come out with those on disk, as with the reference', async () => {
  for (const running of [false, true]) {
    const container = await start(running ? 'sleep 60' : 'true');
    if (!running) await container.wait();
    const tar = await tarOf(
      { name: 'new', type: 'directory', uid: 5, gid: 6 },
      { name: 'new/file', uid: 1000, gid: 1001 },
      { name: 'implied/file' },
    );
    await container.putArchive(tar, { path: '/tmp' });
    const given = await tarOf({ name: 'given', uid: 65536 });
    await assert.rejects(container.putArchive(given, { path: '/tmp' }), {
      statusCode: 500,
      message: /container ID 65536 cannot be mapped to a host ID/,
    });
    const out = await ownersIn(await container.getArchive({ path: '/tmp' }));
    assert.equal(out['tmp/new/'], `${firstUid + 5}:${firstGid + 6}`);
    assert.equal(out['tmp/new/file'], `${firstUid + 1000}:${firstGid + 1001}`);
    assert.equal(out['tmp/implied/'], `${firstUid}:${firstGid}`);
    const exported = await ownersIn(await container.export());
    assert.equal(exported['tmp/new/file'], '1000:1001');
    assert.equal(exported['etc/passwd'], '0:0');
    assert.equal(exported['.dockerenv'], '0:0');
    await container.remove({ force: true });
  }
});

test('an image made of a container has the owners of the inside, and so have containers made of it', async () => {
  const script = 'mkdir /d; touch /d/f; chown 7:8 /d /d/f; rm /bin/vi; rm -r /var; mkdir /var; chown 9 /var';
  const container = await start(script);
  await container.wait();
  const changes = (await container.changes()) as { Path: string; Kind: number }[];
  assert.deepEqual(
    changes.filter(({ Path }) => /^\/(bin|d)/.test(Path)).map(({ Path, Kind }) => `${Kind} ${Path}`),
    ['1 /d', '1 /d/f', '0 /bin', '2 /bin/vi'].sort((a, b) => a.slice(2).localeCompare(b.slice(2))),
  );
  await container.commit({ repo: 'shifted' });
  const layers: Record<string, string>[] = [];
  for await (const entry of (await docker.getImage('shifted').get()).pipe(extract()))
    if (/^blobs\/sha256\/\w+$/.test(entry.header.name)) {
      const bytes = Buffer.concat(await Array.fromAsync(entry as AsyncIterable<Buffer>));
      if (bytes.subarray(257, 262).toString() === 'ustar')
        layers.push(await ownersIn(Readable.from([bytes])));
    } else entry.resume();
  const top = layers.find((names) => 'd/f' in names);
  assert.deepEqual([top?.['d/'], top?.['d/f'], top?.['var/']], ['7:8', '7:8', '9:0']);
  assert.ok(top && 'bin/.wh.vi' in top, 'what is gone is marked');
  const inside = 'stat -c %u:%g / /d/f /var /bin; [ -e /bin/vi ] || echo gone';
  assert.equal(await run(inside, {}, { Image: 'shifted' }), '0:0\n7:8\n9:0\n0:0\ngone');
  await container.remove();
  await docker.getImage('shifted').remove();
});

test('the next daemon has its containers back, and one without the mapping leaves them alone', async () => {
  const container = await start('sleep 600', {}, { name: 'stays' });
  await daemon.kill('SIGKILL');
  ({ daemon, docker } = await nextEngine(daemon));
  assert.deepEqual(await docker.listContainers({ all: true }), []);
  await daemon.kill('SIGTERM');
  ({ daemon, docker } = await nextEngine(daemon, {}, remapped()));
  const again = docker.getContainer(container.id);
  assert.equal((await again.inspect()).State.Running, true);
  assert.equal(await exec(again, 'id -u; touch /root/x; stat -c %u /root/x'), '0\n0');
  await again.restart({ t: 0 });
  assert.equal(await exec(again, 'stat -c %u /root/x'), '0');
  await again.remove({ force: true });
});
