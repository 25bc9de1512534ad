import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { cgroupVersion, limitInside, limits, type LimitFile } from '../support/cgroup.ts';
import { containerName, docker, dockerOk, eventually } from '../support/engine.ts';

async function running(...flags: string[]): Promise<string> {
  const name = containerName();
  await dockerOk('run', '-d', '--name', name, '--network', 'none', ...flags, 'busybox', 'sleep', '600');
  return name;
}

const hostConfig = (name: string, field: string): Promise<string> =>
  dockerOk('inspect', '-f', `{{json .HostConfig.${field}}}`, name);

async function expectLimit(name: string, file: LimitFile, v1: string, v2: string | RegExp): Promise<void> {
  const found = await limitInside(name, file);
  const expected = (await cgroupVersion()) === 2 ? v2 : v1;
  if (typeof expected === 'string') assert.equal(found, expected);
  else assert.match(found, expected);
}

/** `docker update FLAGS` of a running container, what inspect says of it, and where the kernel has it. */
const cases: [
  flags: string[],
  field: string,
  value: string,
  file: LimitFile,
  v1: string,
  v2: string | RegExp,
][] = [
  [['--cpu-shares', '512'], 'CpuShares', '512', limits.shares, '512', /^[2-7]\d$/],
  [
    ['--cpu-quota', '20000', '--cpu-period', '50000'],
    'CpuQuota',
    '20000',
    limits.quota,
    '20000',
    '20000 50000',
  ],
  [
    ['--cpu-quota', '20000', '--cpu-period', '50000'],
    'CpuPeriod',
    '50000',
    limits.period,
    '50000',
    '20000 50000',
  ],
  [['--cpus', '0.5'], 'NanoCpus', '500000000', limits.quota, '50000', '50000 100000'],
  [['--cpuset-cpus', '0'], 'CpusetCpus', '"0"', limits.cpus, '0', '0'],
  [['--cpuset-mems', '0'], 'CpusetMems', '"0"', limits.mems, '0', '0'],
  [['--memory', '64m', '--memory-swap', '96m'], 'Memory', '67108864', limits.memory, '67108864', '67108864'],
  [
    ['--memory', '64m', '--memory-swap', '96m'],
    'MemorySwap',
    '100663296',
    limits.swap,
    '100663296',
    '33554432',
  ],
  [
    ['--memory-reservation', '32m'],
    'MemoryReservation',
    '33554432',
    limits.reservation,
    '33554432',
    '33554432',
  ],
  [['--pids-limit', '33'], 'PidsLimit', '33', limits.pids, '33', '33'],
];

for (const [flags, field, value, file, v1, v2] of cases)
  test(`update ${flags.join(' ')}: ${field}, and ${file.v2} at once`, async () => {
    const name = await running();
    assert.equal(await dockerOk('update', ...flags, name), name);
    assert.equal(await hostConfig(name, field), value);
    await expectLimit(name, file, v1, v2);
  });

test('memory and swap grow and shrink together, whatever the kernel has them in', async () => {
  const name = await running('--memory', '64m', '--memory-swap', '128m');
  await dockerOk('update', '--memory', '200m', '--memory-swap', '300m', name);
  await expectLimit(name, limits.memory, '209715200', '209715200');
  await expectLimit(name, limits.swap, '314572800', '104857600');
  await dockerOk('update', '--memory', '32m', '--memory-swap', '40m', name);
  await expectLimit(name, limits.memory, '33554432', '33554432');
  await expectLimit(name, limits.swap, '41943040', '8388608');
});

test('a limit of processes goes away again', async () => {
  const name = await running('--pids-limit', '20');
  await dockerOk('update', '--pids-limit', '-1', name);
  await expectLimit(name, limits.pids, 'max', 'max');
  assert.equal(await hostConfig(name, 'PidsLimit'), '0');
});

test('a paused container is updated, a stopped one has it from its next start on', async () => {
  const name = await running();
  await dockerOk('pause', name);
  await dockerOk('update', '--cpu-shares', '512', name);
  await dockerOk('unpause', name);
  await expectLimit(name, limits.shares, '512', /^[2-7]\d$/);
  await dockerOk('kill', name);
  await dockerOk('wait', name);
  await dockerOk('update', '--pids-limit', '44', name);
  await dockerOk('start', name);
  await expectLimit(name, limits.pids, '44', '44');
  await expectLimit(name, limits.shares, '512', /^[2-7]\d$/);
});

test('one that is only created is updated, several at once are named', async () => {
  const names = [containerName(), containerName()];
  for (const name of names) await dockerOk('create', '--name', name, 'busybox', 'sleep', '600');
  assert.equal(
    await dockerOk('update', '--memory', '80m', '--memory-swap', '160m', ...names),
    names.join('\n'),
  );
  for (const name of names) {
    await dockerOk('start', name);
    await expectLimit(name, limits.memory, '83886080', '83886080');
  }
});

test('a restart policy is changed while the container runs, and holds at its end', async () => {
  const name = containerName();
  const script = '[ -e /twice ] && sleep 600; touch /twice; while [ ! -e /end ]; do sleep 0.05; done; exit 3';
  await dockerOk('run', '-d', '--name', name, '--network', 'none', 'busybox', 'sh', '-c', script);
  assert.equal(await dockerOk('update', '--restart', 'on-failure:3', name), name);
  assert.equal(await hostConfig(name, 'RestartPolicy'), '{"Name":"on-failure","MaximumRetryCount":3}');
  await dockerOk('exec', name, 'touch', '/end');
  const count = (): Promise<string> =>
    dockerOk('inspect', '-f', '{{.RestartCount}} {{.State.Running}}', name);
  await eventually(async () => (await count()) === '1 true');
});

test('what does not go together is refused, and changes nothing', async () => {
  const name = await running('--memory', '64m', '--memory-swap', '64m', '--cpus', '0.5');
  const refused = async (message: RegExp, ...flags: string[]): Promise<void> => {
    const { code, stderr } = await docker(['update', ...flags, name]);
    assert.equal(code, 1);
    assert.match(stderr, message);
  };
  await refused(/Memory limit should be smaller than already set memoryswap limit/, '--memory', '100m');
  await refused(/CPU Period cannot be updated as NanoCPUs has already been set/, '--cpu-period', '50000');
  await refused(/Minimum memory limit allowed is 6MB/, '--memory', '1m');
  await refused(/Requested CPUs are not available/, '--cpuset-cpus', '900');
  await refused(/unknown policy 'odd'/, '--restart', 'odd');
  await expectLimit(name, limits.memory, '67108864', '67108864');
  await expectLimit(name, limits.quota, '50000', '50000 100000');
});

test('what the kernel refuses is not stored', async (t) => {
  if ((await cgroupVersion()) === 2) return t.skip('version 2 takes any number of shares');
  const name = await running('--cpu-shares', '512');
  const { code, stderr } = await docker(['update', '--cpu-shares', '1', name]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot update container .*: the minimum allowed cpu-shares is 2/s);
  assert.equal(await hostConfig(name, 'CpuShares'), '512');
});

test('an automatically removed container takes no restart policy', async () => {
  const name = await running('--rm');
  const { stderr } = await docker(['update', '--restart', 'always', name]);
  assert.match(stderr, /Restart policy cannot be updated because AutoRemove is enabled for the container/);
});

test('a warning for what the kernel cannot set, and the event', async () => {
  const name = await running();
  const watching = spawn('docker', ['events', '--filter', `container=${name}`, '--format', '{{.Action}}']);
  const seen: string[] = [];
  createInterface({ input: watching.stdout }).on('line', (line) => seen.push(line));
  try {
    // Whether events come is seen by those of exec.
    await eventually(async () => {
      await dockerOk('exec', name, 'true');
      return seen.length > 0;
    });
    const { code, stdout } = await docker(['update', '--blkio-weight', '300', name]);
    assert.equal(code, 0);
    const kept = await hostConfig(name, 'BlkioWeight');
    assert.equal(kept, stdout.includes('Weight discarded.') ? '0' : '300');
    await eventually(() => seen.includes('update'));
  } finally {
    watching.kill('SIGKILL');
  }
});
