import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containerName, docker, dockerOk } from '../support/engine.ts';

/** Whose processes, memory, names and control groups a container sees. */

const run = (...args: string[]): Promise<string> => dockerOk('run', '--rm', ...args);
const sh = (script: string): string[] => ['busybox', 'sh', '-c', script];

async function fails(args: string[], text: RegExp): Promise<void> {
  const { code, stderr } = await docker(args);
  assert.notEqual(code, 0);
  assert.match(stderr, text);
}

async function runningBusybox(...flags: string[]): Promise<string> {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, ...flags, 'busybox', 'sleep', '600');
  return name;
}

test('--pid is the container’s own, the host’s or another’s', async () => {
  const processes = sh('ls -d /proc/[0-9]* | wc -l');
  assert.ok(Number(await run(...processes)) < 5);
  assert.ok(Number(await run('--pid', 'host', ...processes)) > 5);
  const other = await runningBusybox();
  assert.match(
    await run('--pid', `container:${other}`, ...sh('cat /proc/1/cmdline | tr "\\0" " "')),
    /^sleep 600/,
  );
  await fails(['run', '--rm', '--pid', 'container:bt-none', 'busybox'], /No such container: bt-none/);
  await fails(['run', '--rm', '--pid', 'odd', 'busybox'], /invalid PID mode/i);
});

test('--ipc: memory is shared with who may share it', async () => {
  assert.match(await run('--ipc', 'private', ...sh('grep " /dev/shm " /proc/mounts')), /^shm /);
  assert.equal(await run('--ipc', 'none', ...sh('grep " /dev/shm " /proc/mounts; true')), '');
  const own = await run(...sh('readlink /proc/self/ns/ipc'));
  assert.notEqual(await run('--ipc', 'host', ...sh('readlink /proc/self/ns/ipc')), own);
  const [open, closed] = [
    await runningBusybox('--ipc', 'shareable'),
    await runningBusybox('--ipc', 'private'),
  ];
  await dockerOk('exec', open, 'sh', '-c', 'echo shared > /dev/shm/x');
  const join = ['--ipc', `container:${open}`];
  assert.equal(
    await run(...join, ...sh('cat /dev/shm/x; readlink /proc/self/ns/ipc; touch /dev/shm/y')),
    `shared\n${await dockerOk('exec', open, 'readlink', '/proc/self/ns/ipc')}`,
  );
  assert.equal(await dockerOk('exec', open, 'ls', '/dev/shm/y'), '/dev/shm/y');
  assert.match(await run(...join, ...sh('grep " /dev/shm " /proc/mounts')), /nosuid,nodev,noexec/);
  const still = containerName();
  await dockerOk('create', '--name', still, '--ipc', 'shareable', 'busybox');
  await fails(
    ['run', '--rm', '--ipc', `container:${still}`, 'busybox'],
    /container [0-9a-f]{64} is not running/,
  );
  await fails(['run', '--rm', '--ipc', `container:${closed}`, 'busybox'], /non-shareable IPC/);
  await fails(['run', '--rm', '--ipc', 'odd', 'busybox'], /invalid IPC mode: odd/);
});

test('--shm-size is the size of /dev/shm', async () => {
  const size = sh(`df -k /dev/shm | tail -1 | awk '{ print $2 }'`);
  assert.equal(await run(...size), '65536');
  assert.equal(await run('--shm-size', '2m', ...size), '2048');
  assert.equal(await run('--shm-size', '1m', '--ipc', 'shareable', ...size), '1024');
});

test('--uts=host has the host’s name, --hostname and --domainname the container’s own', async () => {
  const host = await run('--uts', 'host', ...sh('hostname; readlink /proc/self/ns/uts'));
  const own = await run(...sh('hostname; readlink /proc/self/ns/uts'));
  assert.notEqual(host.split('\n')[1], own.split('\n')[1]);
  assert.match(own, /^[0-9a-f]{12}\n/);
  assert.equal(
    await run(
      '--hostname',
      'inside',
      '--domainname',
      'example.com',
      ...sh('hostname; cat /proc/sys/kernel/domainname /etc/hostname; tail -1 /etc/hosts | cut -f2'),
    ),
    'inside\nexample.com\ninside\ninside.example.com inside',
  );
  await fails(['run', '--rm', '--uts', 'odd', 'busybox'], /invalid UTS mode/i);
  await fails(
    ['run', '--rm', '--uts', 'host', '--hostname', 'x', 'busybox'],
    /conflicting options: hostname and the UTS mode/,
  );
});

test('--cgroupns=private hides what is above, host shows it', async () => {
  const place = sh(`tail -1 /proc/self/cgroup | cut -d: -f3`);
  assert.equal(await run('--cgroupns', 'private', ...place), '/');
  const seen = await run(
    '--cgroupns',
    'host',
    ...sh(`grep -E '^(1|[0-9]+:(memory|pids)|0:):?' /proc/self/cgroup | grep -v '^0::/$' | head -1`),
  );
  assert.match(seen, /[0-9a-f]{64}|docker-/);
  await fails(
    ['run', '--rm', '--cgroupns', 'odd', 'busybox'],
    /invalid cgroup namespace mode|invalid CGROUP mode/i,
  );
});

test('--cgroup-parent puts the container below another group', async () => {
  assert.match(
    await run('--cgroupns', 'host', '--cgroup-parent', '/bt-parent', ...sh('cat /proc/self/cgroup')),
    /:\/bt-parent\/[0-9a-f]{64}$/m,
  );
});

test('--userns=host is the user namespace of the machine', async () => {
  assert.match(await run('--userns', 'host', ...sh('cat /proc/self/uid_map')), /^\s*0\s+0\s+4294967295$/);
  await fails(['run', '--rm', '--userns', 'odd', 'busybox'], /invalid USER mode|invalid userns mode/i);
});

test('--runtime names who runs the container, and one that is not there is refused', async () => {
  const runtime = await dockerOk('info', '-f', '{{.DefaultRuntime}}');
  const name = containerName();
  await dockerOk('create', '--name', name, '--runtime', runtime, 'busybox', 'true');
  assert.equal(await dockerOk('inspect', '-f', '{{.HostConfig.Runtime}}', name), runtime);
  assert.equal((await docker(['start', '-a', name])).code, 0);
  await fails(['run', '--rm', '--runtime', 'bt-none', 'busybox'], /unknown or invalid runtime name: bt-none/);
});

test('--isolation has one value on Linux', async () => {
  assert.equal(await run('--isolation', 'default', 'busybox', 'echo', 'ok'), 'ok');
  await fails(
    ['run', '--rm', '--isolation', 'hyperv', 'busybox'],
    /invalid isolation \(hyperv\): linux only supports/,
  );
});

test('the flags of Windows are not for this engine: --cpu-count, --cpu-percent, --io-maxiops, --io-maxbandwidth', async () => {
  for (const flag of ['--cpu-count', '--cpu-percent', '--io-maxiops', '--io-maxbandwidth'])
    await fails(
      ['run', '--rm', flag, '2', 'busybox'],
      new RegExp(`"${flag}" is only supported on a Docker daemon running on windows`),
    );
});
