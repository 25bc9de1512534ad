import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { containerName, docker, dockerOk, dockerode, eventually } from '../support/engine.ts';

interface Stats {
  name?: string;
  read: string;
  preread: string;
  pids_stats: { current?: number; limit?: number };
  cpu_stats: {
    cpu_usage: { total_usage: number };
    system_cpu_usage?: number;
    online_cpus?: number;
    throttling_data: { periods: number; throttled_periods: number; throttled_time: number };
  };
  precpu_stats: Stats['cpu_stats'];
  memory_stats: { usage?: number; limit?: number; stats?: Record<string, number> };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number; tx_packets: number }>;
}

const never = '0001-01-01T00:00:00Z';

const statsOf = (name: string): Promise<Stats> =>
  dockerode.getContainer(name).stats({ stream: false }) as unknown as Promise<Stats>;

const oneShot = (name: string): Promise<Stats> =>
  dockerode.getContainer(name).stats({ stream: false, 'one-shot': true }) as unknown as Promise<Stats>;

test('docker stats --no-stream shows limits, processes and traffic', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    '--memory',
    '64m',
    '--pids-limit',
    '20',
    'busybox',
    'sleep',
    '600',
  );
  const format = '{{.Name}} {{.MemUsage}} {{.PIDs}} {{.NetIO}} {{.CPUPerc}}';
  const line = await dockerOk('stats', '--no-stream', '--format', format, name);
  assert.match(line, new RegExp(`^${name} [\\d.]+[KM]iB / 64MiB 1 [\\d.]+k?B / [\\d.]+k?B [\\d.]+%$`));
});

test('docker stats goes on until it is ended, a line each second', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  const child = spawn('docker', ['stats', '--format', '{{.Name}} {{.PIDs}}', name]);
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes(`${name} 1`) && lines.push(line) === 2) break;
  child.stdout.resume();
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(lines.length, 2);
});

test('processor time, throttling and the reading before', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--cpus', '0.02', 'busybox', 'sh', '-c', 'while :; do :; done');
  const stats = await statsOf(name);
  assert.equal(stats.name, `/${name}`);
  assert.ok(Date.parse(stats.read) > Date.parse(stats.preread) && stats.preread !== never);
  const { cpu_stats: now, precpu_stats: before } = stats;
  assert.ok((now.system_cpu_usage ?? 0) > (before.system_cpu_usage ?? 0));
  assert.ok((now.online_cpus ?? 0) >= 1);
  // What it ran over its limit it pays back: on a slow machine, for seconds.
  await eventually(async () => {
    const { cpu_stats: later, precpu_stats: earlier } = await statsOf(name);
    return later.cpu_usage.total_usage > earlier.cpu_usage.total_usage;
  });
  // A machine that is busy otherwise may take a while to let it reach its limit.
  await eventually(async () => {
    const { throttled_periods: periods, throttled_time: time } = (await oneShot(name)).cpu_stats
      .throttling_data;
    return periods > 0 && time > 0;
  });
});

test("memory: usage, the limit, and the kernel's own counters", async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--memory', '80m', '--tmpfs', '/t', 'busybox', 'sleep', '600');
  const before = await oneShot(name);
  assert.equal(before.memory_stats.limit, 80 * 1024 * 1024);
  await dockerOk('exec', name, 'dd', 'if=/dev/zero', 'of=/t/f', 'bs=1M', 'count=20');
  const after = await oneShot(name);
  assert.ok((after.memory_stats.usage ?? 0) - (before.memory_stats.usage ?? 0) > 15 * 1024 * 1024);
  const kept = after.memory_stats.stats ?? {};
  assert.ok((kept['total_cache'] ?? kept['file'] ?? 0) > 15 * 1024 * 1024);
  assert.ok((kept['pgfault'] ?? 0) > 0);
});

test('without a limit the memory of the machine is the limit', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  const { MemTotal } = (await dockerode.info()) as { MemTotal: number };
  assert.equal((await oneShot(name)).memory_stats.limit, MemTotal);
});

test("traffic of the container's interface, also seen by one that shares it", async () => {
  const [name, guest, peer] = [containerName(), containerName('guest'), containerName('peer')];
  for (const each of [name, peer]) await dockerOk('run', '-d', '--name', each, 'busybox', 'sleep', '600');
  await dockerOk('run', '-d', '--name', guest, '--network', `container:${name}`, 'busybox', 'sleep', '600');
  const before = (await oneShot(name)).networks?.['eth0'];
  assert.ok(before);
  const address = await dockerOk('inspect', '-f', '{{.NetworkSettings.IPAddress}}', peer);
  // Answered or not: it is what leaves that is looked at.
  await docker(['exec', name, 'ping', '-c', '3', '-i', '0.2', '-W', '1', '-s', '400', address]);
  const after = (await oneShot(name)).networks?.['eth0'];
  assert.ok(after && after.tx_bytes > before.tx_bytes && after.tx_packets > before.tx_packets);
  assert.ok(((await oneShot(guest)).networks?.['eth0']?.tx_bytes ?? 0) >= after.tx_bytes);
});

test('processes are counted, and none is limited to none', async () => {
  const name = containerName();
  await dockerOk(
    'run',
    '-d',
    '--name',
    name,
    '--network',
    'none',
    'busybox',
    'sh',
    '-c',
    'sleep 600 & sleep 600 & wait',
  );
  const stats = await statsOf(name);
  assert.equal(stats.pids_stats.current, 3);
  assert.equal(stats.networks, undefined);
});

test('a container that does not run has empty statistics, and so has a paused one not', async () => {
  const name = containerName();
  await dockerOk('create', '--name', name, 'busybox', 'sleep', '600');
  const created = await statsOf(name);
  assert.deepEqual([created.read, created.pids_stats, created.memory_stats], [never, {}, {}]);
  await dockerOk('start', name);
  await dockerOk('pause', name);
  assert.equal((await oneShot(name)).pids_stats.current, 1);
  await dockerOk('kill', name);
  await dockerOk('wait', name);
  assert.equal((await statsOf(name)).read, never);
});

test('a stream follows the container over its end, and ends with its removal', async () => {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, 'busybox', 'sleep', '600');
  const stream = (await dockerode.getContainer(name).stats({ stream: true })) as NodeJS.ReadableStream;
  const reads: string[] = [];
  for await (const line of createInterface({ input: stream })) {
    const { read } = JSON.parse(line) as Stats;
    reads.push(read);
    if (reads.length === 2) await dockerOk('kill', name);
    if (read === never) await docker(['rm', name]);
  }
  assert.ok(reads.length > 2 && reads[0] !== never);
});
