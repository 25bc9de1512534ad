import assert from 'node:assert/strict';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

/** An engine started with --userns-remap (README.md says how). On any other there is nothing to see. */

const options = await dockerOk('info', '--format', '{{json .SecurityOptions}}');
const skip =
  !(JSON.parse(options) as string[]).includes('name=userns') && 'needs an engine with --userns-remap';

const run = (...args: string[]): Promise<string> => dockerOk('run', '--rm', ...args);
const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];

async function fails(args: string[], message: string): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.equal(code, 125);
  assert.equal(stderr.split('\n')[0], `docker: Error response from daemon: ${message}`);
}

const failedInit =
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: ';

/** Where the ids of containers begin on the engine's host. */
let first = { uid: 0, gid: 0 };
let directory: string;

before(async () => {
  if (skip) return;
  const [uids = '', gids = ''] = (await run(...sh('cat /proc/self/uid_map /proc/self/gid_map'))).split('\n');
  const begin = (map: string): number => Number(/^\s*0\s+(\d+)\s/.exec(map)?.[1]);
  first = { uid: begin(uids), gid: begin(gids) };
  directory = mkdtempSync('/dev/shm/compat-userns-');
});
after(() => {
  if (!skip) rmSync(directory, { recursive: true });
});

test('ids of a container are others outside, and what was made for it is its root’s', { skip }, async () => {
  assert.ok(first.uid > 0 && first.gid > 0);
  const root = await dockerOk('info', '--format', '{{.DockerRootDir}}');
  assert.ok(root.endsWith(`/${first.uid}.${first.gid}`), root);
  const script =
    'stat -c "%n %u" / /bin /root /.dockerenv /etc/hosts /etc/passwd /dev/shm /dev/pts /proc /sys';
  const owners = Object.fromEntries((await run(...sh(script))).split('\n').map((line) => line.split(' ')));
  for (const [path, uid] of Object.entries(owners))
    assert.equal(uid, path === '/proc' || path === '/sys' ? '65534' : '0', path);
});

test('no node can be made, and nothing of the host changed', { skip }, async () => {
  const script = `mknod /x c 1 3 2>/dev/null || echo mknod
    head -c 1 /host-dev/vda 2>/dev/null || head -c 1 /host-dev/sda 2>/dev/null || echo read
    touch /host-etc/x 2>/dev/null || echo touch
    ip link set lo down && echo network`;
  const binds = ['-v', '/dev:/host-dev', '-v', '/etc:/host-etc'];
  assert.equal(await run('--cap-add', 'ALL', ...binds, ...sh(script)), 'mknod\nread\ntouch\nnetwork');
});

test('what needs the rights of the host’s root is refused', { skip }, async () => {
  await fails(
    ['run', '--rm', '--privileged', 'busybox'],
    'privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running privileged mode',
  );
  await fails(
    ['run', '--rm', '--network', 'host', 'busybox'],
    "cannot share the host's network namespace when user namespaces are enabled",
  );
  await fails(
    ['run', '--rm', '--pid', 'host', 'busybox'],
    'cannot share the host PID namespace when user namespaces are enabled',
  );
});

test('--userns host: the host’s ids, on files that stay shifted', { skip }, async () => {
  const script = 'cat /proc/self/uid_map; stat -c %u:%g / /etc/passwd /etc/hosts; touch /x; stat -c %u /x';
  const flags = ['--userns', 'host', '--privileged', '--network', 'host', '--pid', 'host'];
  const [map = '', ...owners] = (await run(...flags, ...sh(script))).split('\n');
  assert.match(map.trim(), /^0\s+0\s+4294967295$/);
  const shifted = `${first.uid}:${first.gid}`;
  assert.deepEqual(owners, [shifted, shifted, shifted, '0']);
});

test('a user or group outside of the range cannot be', { skip }, async () => {
  const prefix = `${failedInit}unable to start container process: error during container init: `;
  await fails(
    ['run', '--rm', '-u', '70000', 'busybox'],
    `${prefix}unable to setup user: cannot setuid to unmapped uid 70000 in user namespace`,
  );
  await fails(
    ['run', '--rm', '--group-add', '70000', 'busybox'],
    `${prefix}unable to setup user: setgroups: invalid argument`,
  );
  assert.equal(await run('-u', '65535', 'busybox', 'id', '-u'), '65535');
});

test('who joins another’s namespaces is in its user namespace, if it has one', { skip }, async () => {
  const [mapped, host] = [containerName(), containerName()];
  const sleep = ['busybox', 'sleep', '600'];
  await dockerOk('run', '-d', '--name', mapped, '--ipc', 'shareable', ...sleep);
  await dockerOk('run', '-d', '--name', host, '--userns', 'host', ...sleep);
  const own = await dockerOk('exec', mapped, 'readlink', '/proc/self/ns/user');
  for (const flag of ['--network', '--pid', '--ipc']) {
    const found = await run(flag, `container:${mapped}`, 'busybox', 'readlink', '/proc/self/ns/user');
    assert.equal(found, own, flag);
  }
  assert.match(await run('--userns', 'host', '--network', `container:${mapped}`, ...sh('echo in')), /in/);
  await fails(
    ['run', '--rm', '--network', `container:${host}`, 'busybox'],
    `${failedInit}user namespaces enabled, but both namespace path and non-matching mapping specified -- you may only provide one`,
  );
});

test('docker cp shifts owners on the way in, and tells those on disk on the way out', { skip }, async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '-v', '/volume', 'busybox', 'sleep', '600');
  const file = join(directory, 'file');
  writeFileSync(file, 'x');
  chownSync(file, 1000, 1001);
  for (const to of ['/root/file', '/volume/file']) {
    await dockerOk('cp', '-a', file, `${name}:${to}`);
    assert.equal(await dockerOk('exec', name, 'stat', '-c', '%u:%g', to), '1000:1001');
    const tar = await docker(['cp', `${name}:${to}`, '-']);
    const uid = Number.parseInt(tar.stdout.slice(108, 115), 8);
    const gid = Number.parseInt(tar.stdout.slice(116, 123), 8);
    assert.deepEqual([uid, gid], [first.uid + 1000, first.gid + 1001]);
  }
  const own = await docker(['cp', `${name}:/etc/passwd`, '-']);
  await docker(['cp', '-', `${name}:/tmp`], { input: own.stdout });
  assert.equal(await dockerOk('exec', name, 'stat', '-c', '%u:%g', '/tmp/passwd'), '0:0');
  chownSync(file, 70000, 0);
  const { code, stderr } = await docker(['cp', '-a', file, `${name}:/root/file`]);
  assert.equal(code, 1);
  assert.match(stderr, /container ID 70000 cannot be mapped to a host ID/);
});

test('a committed image has the owners of the inside', { skip }, async () => {
  const [name, image] = [containerName(), `userns-${process.pid}`];
  await dockerOk('run', '--name', name, ...sh('mkdir /d; touch /d/f; chown 7:8 /d/f; rm /bin/vi'));
  await dockerOk('commit', name, image);
  try {
    assert.equal(await run(image, 'stat', '-c', '%u:%g', '/d', '/d/f', '/bin'), '0:0\n7:8\n0:0');
  } finally {
    await dockerOk('rmi', image);
  }
});

test('volumes and missing sources of binds are made for the container’s root', { skip }, async () => {
  const name = containerName();
  const missing = `/tmp/compat-userns-${process.pid}/deep`;
  const flags = ['-v', '/new', '-v', '/var/www', '-v', `${missing}:/made`];
  await dockerOk('run', '-d', '--name', name, ...flags, 'busybox', 'sleep', '600');
  const found = await dockerOk('exec', name, 'stat', '-c', '%u:%g', '/new', '/made', '/var/www');
  assert.equal(found, '0:0\n0:0\n33:33');
  await dockerOk('exec', name, 'touch', '/new/x', '/made/x', '/var/www/x');
  await run('-v', '/tmp:/t', '--userns', 'host', 'busybox', 'rm', '-r', `/t/compat-userns-${process.pid}`);
});

test('exec, terminals and streams are the container’s own', { skip }, async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  assert.equal(
    await dockerOk('exec', '-u', '5:6', name, 'sh', '-c', 'id -u; id -g; echo x > /dev/stdout'),
    '5\n6\nx',
  );
  const { code, stdout, stderr } = await docker(['exec', '-u', '70000', name, 'true']);
  assert.notEqual(code, 0);
  assert.match(
    stdout + stderr,
    /unable to setup user: cannot setuid to unmapped uid 70000 in user namespace/,
  );
  const terminal = await run('-t', ...sh('stat -c "%u:%g %n" /dev/pts/0 /dev/console'));
  assert.equal(terminal.replaceAll('\r', ''), '0:5 /dev/pts/0\n0:5 /dev/console');
  const top = await dockerOk('top', name, '-eo', 'uid,pid,args');
  assert.match(top, new RegExp(`^${first.uid} .*sleep 600$`, 'm'));
});
