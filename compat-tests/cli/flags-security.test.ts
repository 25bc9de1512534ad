import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

/** Capabilities, devices, profiles, kernel settings: what a container may do, seen from inside. */

const directory = mkdtempSync(join(tmpdir(), 'bt-security-'));
after(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]): Promise<string> => dockerOk('run', '--rm', ...args);
const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];
const field = (name: string): string[] => sh(`awk '$1 == "${name}:" { print $2 }' /proc/self/status`);

async function fails(args: string[], text: RegExp): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.notEqual(code, 0);
  assert.match(stderr, text);
}

const capability = { CHOWN: 0n, KILL: 5n, NET_ADMIN: 12n, NET_RAW: 13n, SYS_TIME: 25n };

async function capabilities(...flags: string[]): Promise<(name: keyof typeof capability) => boolean> {
  const mask = BigInt(`0x${await run(...flags, ...field('CapEff'))}`);
  return (name) => ((mask >> capability[name]) & 1n) === 1n;
}

test('--cap-add and --cap-drop change what a container may do', async () => {
  const usual = await capabilities();
  assert.deepEqual([usual('CHOWN'), usual('NET_RAW'), usual('NET_ADMIN')], [true, true, false]);
  const changed = await capabilities('--cap-add', 'net_admin', '--cap-drop', 'CAP_NET_RAW');
  assert.deepEqual([changed('CHOWN'), changed('NET_RAW'), changed('NET_ADMIN')], [true, false, true]);
  const few = await capabilities('--cap-drop', 'ALL', '--cap-add', 'KILL');
  assert.deepEqual([few('CHOWN'), few('KILL')], [false, true]);
  const all = await capabilities('--cap-add', 'ALL', '--cap-drop', 'SYS_TIME');
  assert.deepEqual([all('NET_ADMIN'), all('SYS_TIME')], [true, false]);
  await fails(
    ['run', '--rm', '--cap-add', 'odd', 'busybox'],
    /invalid CapAdd: unknown capability: "CAP_ODD"/,
  );
  await fails(
    ['run', '--rm', '--cap-drop', 'odd', 'busybox'],
    /invalid CapDrop: unknown capability: "CAP_ODD"/,
  );
});

test('a user other than root has no capabilities, but the bound stays', async () => {
  assert.equal(BigInt(`0x${await run('-u', '1000', ...field('CapEff'))}`), 0n);
  assert.notEqual(BigInt(`0x${await run('-u', '1000', ...field('CapBnd'))}`), 0n);
});

test('--privileged gives all capabilities and devices, no filter, and nothing of /proc or /sys is closed', async () => {
  const seen = await run(
    '--privileged',
    ...sh(
      `awk '/^(CapEff|CapBnd|Seccomp):/ { print $2 }' /proc/self/status; mount | grep -cE ' on /proc/'; mount | grep -E ' on /sys type' | grep -o '(..'; ls /dev/kmsg`,
    ),
  );
  const [effective, bounding, seccomp, closed, sys, device] = seen.split('\n');
  assert.equal(effective, bounding);
  assert.deepEqual([seccomp, closed, sys, device], ['0', '0', '(rw', '/dev/kmsg']);
});

test('--security-opt no-new-privileges is seen by the kernel', async () => {
  for (const [option, seen] of [
    ['no-new-privileges', '1'],
    ['no-new-privileges=true', '1'],
    ['no-new-privileges:false', '0'],
  ] as const)
    assert.equal(await run('--security-opt', option, ...field('NoNewPrivs')), seen, option);
  await fails(
    ['run', '--rm', '--security-opt', 'no-new-privileges=maybe', 'busybox'],
    /invalid --security-opt 2: "no-new-privileges=maybe"/,
  );
});

test('--security-opt seccomp takes a profile, the built-in one, or none', async () => {
  const profile = join(directory, 'profile.json');
  const deny = { names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 13 };
  writeFileSync(profile, JSON.stringify({ defaultAction: 'SCMP_ACT_ALLOW', syscalls: [deny] }));
  const attempt = sh(`mkdir /tmp/x 2>&1; awk '$1 == "Seccomp:" { print $2 }' /proc/self/status`);
  assert.match(await run('--security-opt', `seccomp=${profile}`, ...attempt), /Permission denied\n2$/);
  assert.equal(await run('--security-opt', 'seccomp=builtin', ...attempt), '2');
  assert.equal(await run('--security-opt', 'seccomp=unconfined', ...attempt), '0');
  writeFileSync(profile, '{}');
  assert.equal(await run('--security-opt', `seccomp=${profile}`, ...attempt), '0');
});

test('--security-opt systempaths=unconfined opens what is closed of /proc', async () => {
  const closed = sh(`grep -cE ' /proc/(kcore|keys|sys|bus)' /proc/self/mountinfo`);
  assert.notEqual(await run(...closed), '0');
  assert.equal(
    (await docker(['run', '--rm', '--security-opt', 'systempaths=unconfined', ...closed])).stdout,
    '0\n',
  );
});

test('--security-opt writable-cgroups makes the view of the control groups writable', async () => {
  const rights = sh(`mount | grep ' on /sys/fs/cgroup' | tail -1 | grep -o '(r[wo]'`);
  assert.equal(await run(...rights), '(ro');
  assert.equal(await run('--security-opt', 'writable-cgroups=true', ...rights), '(rw');
  assert.equal(await run('--security-opt', 'writable-cgroups=false', ...rights), '(ro');
});

test('--security-opt label and apparmor go without where the kernel has neither, and an odd one is refused', async () => {
  for (const option of ['label=disable', 'apparmor=unconfined'])
    assert.equal(await run('--security-opt', option, ...field('NoNewPrivs')), '0');
  await fails(['run', '--rm', '--security-opt', 'odd=1', 'busybox'], /invalid --security-opt 2: "odd=1"/);
});

test('--device makes the node and opens it, as far as its mode goes', async () => {
  assert.match(
    await run(
      '--device',
      '/dev/null:/dev/void',
      ...sh('ls -l /dev/void; echo x > /dev/void && echo written'),
    ),
    /^crw-rw-rw-.* 1, +3 .*\nwritten$/,
  );
  const { stdout, stderr } = await docker([
    'run',
    '--rm',
    '--device',
    '/dev/kmsg:/dev/log1:r',
    ...sh('ls /dev/log1; echo x > /dev/log1'),
  ]);
  assert.equal(stdout, '/dev/log1\n');
  assert.match(stderr, /\/dev\/log1: Operation not permitted/);
  await fails(
    ['run', '--rm', '--device', '/dev/none', 'busybox'],
    /error gathering device information while adding custom device "\/dev\/none": no such file or directory/,
  );
  await fails(['run', '--rm', '--device', '/etc', 'busybox'], /"\/etc": not a device node/);
});

test('--device of a name that no specification describes, and --gpus without any, are refused', async () => {
  await fails(
    ['run', '--rm', '--device', 'vendor.com/class=none', 'busybox'],
    /CDI device injection failed: unresolvable CDI devices vendor.com\/class=none/,
  );
  await fails(
    ['run', '--rm', '--gpus', 'all', 'busybox'],
    /could not select device driver "" with capabilities: \[\[gpu\]\]/,
  );
});

test('--device-cgroup-rule opens devices that the container makes itself', async () => {
  const attempt = sh(
    'mknod /tmp/kmsg c 1 11 && head -c 0 /tmp/kmsg && dd if=/tmp/kmsg of=/dev/null bs=8k count=1',
  );
  assert.match((await docker(['run', '--rm', ...attempt])).stderr, /Operation not permitted/);
  const allowed = await docker([
    'run',
    '--rm',
    '--cap-add',
    'SYSLOG',
    '--device-cgroup-rule',
    'c 1:11 rwm',
    ...attempt,
  ]);
  assert.match(allowed.stderr, /1\+0 records out|0\+1 records out/);
  await fails(
    ['run', '--rm', '--device-cgroup-rule', 'x 1:1 r', 'busybox'],
    /invalid device cgroup (rule )?format|invalid argument/,
  );
});

test('--sysctl sets what belongs to the container, and nothing of the machine', async () => {
  assert.equal(
    await run(
      '--sysctl',
      'net.core.somaxconn=77',
      '--sysctl',
      'kernel.msgmax=1000',
      ...sh('cat /proc/sys/net/core/somaxconn /proc/sys/kernel/msgmax'),
    ),
    '77\n1000',
  );
  for (const [flags, text] of [
    [['--sysctl', 'vm.swappiness=1'], "sysctl 'vm.swappiness=1' is not allowed"],
    [
      ['--sysctl', 'kernel.msgmax=1', '--ipc', 'host'],
      'sysctl "kernel.msgmax" is not allowed in the hosts ipc',
    ],
    [['--sysctl', 'net.core.somaxconn=1', '--network', 'host'], 'not allowed in host network namespace'],
  ] as const)
    await fails(['run', '--rm', ...flags, 'busybox'], new RegExp(text));
});

test('--read-only closes the root file system and nothing else', async () => {
  const { stdout, stderr } = await docker([
    'run',
    '--rm',
    '--read-only',
    ...sh('touch /x; touch /etc/hosts; touch /dev/shm/x && echo shm'),
  ]);
  assert.equal(stdout, 'shm\n');
  assert.equal(stderr.match(/Read-only file system/g)?.length, 2);
});

test('--storage-opt takes a size only where the file system can keep to it', async () => {
  await fails(['run', '--rm', '--storage-opt', 'odd=1', 'busybox'], /Unknown option odd/);
  const { code, stdout, stderr } = await docker([
    'run',
    '--rm',
    '--storage-opt',
    'size=64m',
    ...sh('df -k / | tail -1'),
  ]);
  if (code === 0) assert.match(stdout, /\s65536\s/);
  else
    assert.match(stderr, /--storage-opt is supported only for overlay over xfs with 'pquota' mount option/);
});

test('what the flags say is what inspect shows', async () => {
  const name = containerName();
  await dockerOk(
    'create',
    '--name',
    name,
    '--cap-add',
    'NET_ADMIN',
    '--security-opt',
    'no-new-privileges',
    '--device',
    '/dev/null:/dev/void:r',
    '--sysctl',
    'net.core.somaxconn=5',
    'busybox',
  );
  const shown = JSON.parse(await dockerOk('inspect', '-f', '{{json .HostConfig}}', name)) as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    [shown['CapAdd'], shown['SecurityOpt'], shown['Devices'], shown['Sysctls']],
    [
      ['CAP_NET_ADMIN'],
      ['no-new-privileges'],
      [{ PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'r' }],
      { 'net.core.somaxconn': '5' },
    ],
  );
});
