import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { cgroupVersion, limitInside, limits, type LimitFile } from '../support/cgroup.ts';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';

/** Runs a container with these flags and gives its name. */
async function running(...flags: string[]): Promise<string> {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--network', 'none', ...flags, 'busybox', 'sleep', '600');
  return name;
}

/** What `docker run FLAGS` sets, on either version; a pattern where the value is not one number on every engine. */
const cases: [flags: string[], file: LimitFile, v1: string, v2: string | RegExp][] = [
  [['--cpu-shares', '512'], limits.shares, '512', /^[2-7]\d$/],
  [['--cpu-quota', '20000', '--cpu-period', '50000'], limits.quota, '20000', '20000 50000'],
  [['--cpu-quota', '20000', '--cpu-period', '50000'], limits.period, '50000', '20000 50000'],
  [['--cpu-quota', '30000'], limits.quota, '30000', '30000 100000'],
  [['--cpus', '0.5'], limits.quota, '50000', '50000 100000'],
  [['--cpuset-cpus', '0'], limits.cpus, '0', '0'],
  [['--cpuset-mems', '0'], limits.mems, '0', '0'],
  [['--memory', '64m'], limits.memory, '67108864', '67108864'],
  [['--memory', '64m'], limits.swap, '134217728', '67108864'],
  [['--memory', '64m', '--memory-swap', '96m'], limits.swap, '100663296', '33554432'],
  [['--memory', '64m', '--memory-swap', '64m'], limits.swap, '67108864', '0'],
  [['--memory', '64m', '--memory-swap', '-1'], limits.swap, '9223372036854771712', 'max'],
  [['--memory-reservation', '32m'], limits.reservation, '33554432', '33554432'],
  [['--pids-limit', '33'], limits.pids, '33', '33'],
  [['--pids-limit', '-1'], limits.pids, 'max', 'max'],
];

for (const [flags, file, v1, v2] of cases)
  test(`run ${flags.join(' ')} is in ${file.v2}`, async () => {
    const name = await running(...flags);
    const found = await limitInside(name, file);
    const expected = (await cgroupVersion()) === 2 ? v2 : v1;
    if (typeof expected === 'string') assert.equal(found, expected);
    else assert.match(found, expected);
  });

test('--memory-swappiness, --oom-kill-disable and --cpu-rt-period: set, or discarded with a warning', async () => {
  const version = await cgroupVersion();
  const flags = ['--memory', '64m', '--memory-swappiness', '20', '--oom-kill-disable'];
  const name = containerName();
  const { code, stderr } = await docker(['create', '--name', name, ...flags, 'busybox', 'sleep', '600']);
  assert.equal(code, 0, stderr);
  if (version === 2) {
    assert.match(stderr, /does not support memory swappiness capabilities.*Memory swappiness discarded\./);
    assert.match(stderr, /does not support OomKillDisable\. OomKillDisable discarded\./);
    return;
  }
  assert.equal(stderr, '');
  await dockerOk('start', name);
  const swappiness = { v1: 'memory/memory.swappiness', v2: '' };
  assert.equal(await limitInside(name, swappiness), '20');
  assert.match(await limitInside(name, { v1: 'memory/memory.oom_control', v2: '' }), /^oom_kill_disable 1$/m);
  if (!existsSync('/sys/fs/cgroup/cpu/cpu.rt_period_us')) return;
  const realtime = await running('--cpu-rt-period', '20000');
  assert.equal(await limitInside(realtime, { v1: 'cpu/cpu.rt_period_us', v2: '' }), '20000');
});

test('--oom-kill-disable without a memory limit is warned of', async () => {
  const { code, stderr } = await docker([
    'create',
    '--name',
    containerName(),
    '--oom-kill-disable',
    'busybox',
  ]);
  assert.equal(code, 0);
  assert.match(
    stderr,
    /OOM killer is disabled for the container, but no memory limit is set|OomKillDisable discarded/,
  );
});

test('--oom-score-adj is that of the process', async () => {
  const name = await running('--oom-score-adj', '500');
  assert.equal(await dockerOk('exec', name, 'cat', '/proc/1/oom_score_adj'), '500');
});

test('--ulimit sets soft and hard limits, -1 is none', async () => {
  const flags = ['--ulimit', 'nofile=100:200', '--ulimit', 'core=-1', '--ulimit', 'nproc=77'];
  const name = await running(...flags);
  const shown = await dockerOk('exec', name, 'cat', '/proc/1/limits');
  assert.match(shown, /^Max open files +100 +200 /m);
  assert.match(shown, /^Max core file size +unlimited +unlimited /m);
  assert.match(shown, /^Max processes +77 +77 /m);
});

test('--pids-limit stops forks', async () => {
  const script = 'for i in 1 2 3 4 5 6 7 8 9; do sleep 5 & done; wait';
  const flags = ['--pids-limit', '4', '--name', containerName()];
  const { stderr } = await docker(['run', '--rm', ...flags, 'busybox', 'sh', '-c', script]);
  assert.match(stderr, /can't fork|Resource temporarily unavailable/);
});

test('--cpus holds a busy process back', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--cpus', '0.1', 'busybox', 'sh', '-c', 'while :; do :; done');
  await eventually(async () => {
    const throttling = { v1: 'cpu/cpu.stat', v2: 'cpu.stat' };
    return Number(/^nr_throttled (\d+)/m.exec(await limitInside(name, throttling))?.[1]) > 0;
  });
});

/** A block device of the machine, by its node and `major:minor`. */
function blockDevice(): { path: string; number: string } | undefined {
  for (const device of existsSync('/sys/block') ? readdirSync('/sys/block') : []) {
    const path = `/dev/${device}`;
    if (/^(vd|sd|nvme|xvd)/.test(device) && existsSync(path))
      return { path, number: readFileSync(`/sys/block/${device}/dev`, 'utf8').trim() };
  }
  return undefined;
}

test('--device-read-bps, --device-write-bps, --device-read-iops, --device-write-iops', async (t) => {
  const device = blockDevice();
  if (!device) return t.skip('needs a machine with a disk');
  const { path, number } = device;
  const name = await running(
    `--device-read-bps=${path}:1mb`,
    `--device-write-bps=${path}:2mb`,
    `--device-read-iops=${path}:300`,
    `--device-write-iops=${path}:400`,
  );
  const file = (v1: string): LimitFile => ({ v1: `blkio/blkio.throttle.${v1}_device`, v2: 'io.max' });
  const expected = { read_bps: '1048576', write_bps: '2097152', read_iops: '300', write_iops: '400' };
  if ((await cgroupVersion()) === 2) {
    const text = `${number} rbps=1048576 wbps=2097152 riops=300 wiops=400`;
    assert.equal(await limitInside(name, file('')), text);
  } else
    for (const [kind, rate] of Object.entries(expected))
      assert.equal(await limitInside(name, file(kind)), `${number} ${rate}`);
});

test('a throttled device that is not there fails the start', async () => {
  const name = containerName();
  const flags = ['--device-read-bps', '/dev/bt-nothing:1mb'];
  const { code, stderr } = await docker(['run', '-d', '--name', name, ...flags, 'busybox', 'true']);
  assert.notEqual(code, 0);
  assert.match(stderr, /stat \/dev\/bt-nothing: no such file or directory/);
});

test('--blkio-weight is set, or discarded with a warning', async () => {
  const name = containerName();
  const flags = ['--name', name, '--blkio-weight', '300'];
  const { code, stderr } = await docker(['run', '-d', ...flags, 'busybox', 'sleep', '600']);
  assert.equal(code, 0, stderr);
  const weight = await dockerOk('inspect', '-f', '{{.HostConfig.BlkioWeight}}', name);
  if (stderr.includes('Block I/O weight')) {
    assert.match(stderr, /Weight discarded\./);
    assert.equal(weight, '0');
  } else assert.equal(weight, '300');
});

/** Left behind by either engine: a parent is not the container's own. */
const parent = `/bt-parent-${process.pid}`;
after(() => {
  const root = '/sys/fs/cgroup';
  for (const place of ['', ...readdirSync(root).map((hierarchy) => `/${hierarchy}`)])
    try {
      rmdirSync(`${root}${place}${parent}`);
    } catch {
      // There is none.
    }
});

test('--cgroup-parent puts the container below it', async () => {
  const name = await running('--cgroup-parent', parent, '--cgroupns', 'host');
  const id = await dockerOk('inspect', '-f', '{{.Id}}', name);
  const lines = (await dockerOk('exec', name, 'cat', '/proc/1/cgroup')).split('\n');
  assert.ok(lines.some((line) => line.endsWith(`:${parent}/${id}`)));
  await dockerOk('rm', '-f', name);
});

test('memory that is not there: killed, OOMKilled, and the event', async () => {
  const name = containerName();
  const watching = spawn('docker', ['events', '--filter', `container=${name}`, '--format', '{{.Action}}']);
  const seen: string[] = [];
  createInterface({ input: watching.stdout }).on('line', (line) => seen.push(line));
  try {
    const flags = ['--name', name, '--memory', '20m', '--memory-swap', '20m', '--network', 'none'];
    await dockerOk(
      'create',
      ...flags,
      'busybox',
      'sh',
      '-c',
      '[ -e /again ] || { touch /again; exec tail /dev/zero; }',
    );
    // Until its events come.
    await eventually(async () => {
      await dockerOk('update', '--cpu-shares', '1024', name);
      return seen.length > 0;
    });
    await dockerOk('start', name);
    assert.equal(await dockerOk('wait', name), '137');
    assert.equal(await dockerOk('inspect', '-f', '{{.State.OOMKilled}}', name), 'true');
    await eventually(() => seen.includes('oom') && seen.includes('die'));
    await dockerOk('start', name);
    assert.equal(await dockerOk('wait', name), '0');
    assert.equal(await dockerOk('inspect', '-f', '{{.State.OOMKilled}}', name), 'false');
  } finally {
    watching.kill('SIGKILL');
  }
});
