import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { TestDaemon } from '../.setup/daemon.mjs';
import { nextEngine, removeContainers, startEngine, stopEngine } from './engine.testing.ts';

// Every way a start can fail leaves the machine as it was. Only what belongs to this daemon is looked at.

let daemon: TestDaemon;
let docker: Docker;
/** Every container of this file: its shim, cgroup and mounts are found by its id. */
const ids: string[] = [];

before(async () => {
  ({ daemon, docker } = await startEngine());
  // What is made once, by the first start, is not a leak.
  await (await make({ Cmd: ['/nothing'] })).start().catch(() => {});
  await removeContainers(docker);
});
after(() => stopEngine({ daemon, docker }));

async function make(options: Docker.ContainerCreateOptions): Promise<Docker.Container> {
  const container = await docker.createContainer({ Image: 'busybox', Cmd: ['sleep', '600'], ...options });
  ids.push(container.id);
  return container;
}

interface Process {
  pid: number;
  parent: number;
  command: string;
}

function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const parent = Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
        return [{ pid: Number(name), parent, command }];
      } catch {
        return []; // it ended while we looked
      }
    });
}

const executor = (): Process | undefined =>
  processes().find(({ parent, command }) => parent === daemon.pid && command.includes('berth-executor'));
const shims = (): Process[] =>
  processes().filter(
    ({ command }) => command.startsWith('berth-shim') && ids.some((id) => command.includes(id)),
  );

const entries = (path: string): string[] => (existsSync(path) ? readdirSync(path) : []);
const output = (command: string, ...args: string[]): string[] =>
  execFileSync(command, args, { encoding: 'utf8' }).split('\n').filter(Boolean);

/** What the daemon has on the machine, one line each. Descriptors by kind, since their numbers mean nothing. */
function held(): string[] {
  const { root, bridge } = daemon;
  const helper = executor();
  return [
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(root) || ids.some((id) => line.includes(id)))
      .map((line) => `mount ${line.split(' ')[4]}`),
    ...output('ip', '-o', 'link', 'show', 'master', bridge).map((line) => `link ${line.split(': ')[1]}`),
    ...cgroups().map((path) => `cgroup ${path}`),
    ...shims().map(({ command }) => `process ${command}`),
    ...processes()
      .filter(({ pid }) => containerOf(pid))
      .map(({ command }) => `process ${command}`),
    ...output('nft', 'list', 'table', 'inet', `berth_${bridge}`)
      .map((line) => `nft ${line.trim()}`)
      .filter((line) => !/counter packets/.test(line)),
    ...entries(join(root, 'exec', 'containers')).map((name) => `state ${name}`),
    ...entries(join(root, 'exec', 'shims')).map((name) => `socket ${name}`),
    ...entries(join(root, 'data', 'containers')).map((name) => `container ${name}`),
    ...entries(join(root, 'data', 'snapshots')).map((name) => `snapshot ${name}`),
    ...descriptors(daemon.pid).map((name) => `daemon ${name}`),
    ...(helper ? descriptors(helper.pid).map((name) => `executor ${name}`) : ['no executor']),
  ].sort();
}

/** One tree (v2), or a tree for each controller beside it (v1). */
function cgroups(): string[] {
  const top = '/sys/fs/cgroup';
  const trees = ['', ...entries(top)].map((name) => join(top, name, 'docker'));
  return trees.flatMap((tree) => ids.map((id) => join(tree, id))).filter(existsSync);
}

function containerOf(pid: number): boolean {
  try {
    const cgroups = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
    return ids.some((id) => cgroups.includes(id));
  } catch {
    return false;
  }
}

function descriptors(pid: number): string[] {
  const list = execFileSync('sh', ['-c', `for f in /proc/${pid}/fd/*; do readlink $f; done; true`], {
    encoding: 'utf8',
  });
  // Sockets are connections of clients, among them ours.
  return list
    .split('\n')
    .filter((target) => target && !target.startsWith('socket:'))
    .map((target) => target.replace(/\d+/g, 'N'));
}

/** Fails when, after what `attempt` does and the removal of all containers, anything is there that was not before. */
async function leavesNothing(attempt: () => Promise<unknown>): Promise<void> {
  const earlier = await settled();
  await attempt();
  await removeContainers(docker);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const left = difference(held(), earlier);
    if (left.length === 0) return;
    if (Date.now() > deadline) assert.deepEqual(left, [], daemon.log().slice(-2000));
    await delay(50);
  }
}

/** The pool of network namespaces is refilled in the background: what is held twice in a row. */
async function settled(): Promise<string[]> {
  for (let last = held(); ;) {
    await delay(300);
    const now = held();
    if (now.join('\n') === last.join('\n')) return now;
    last = now;
  }
}

function difference(now: string[], earlier: string[]): string[] {
  const rest = [...earlier];
  return now.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

const broken = JSON.stringify({
  defaultAction: 'SCMP_ACT_ALLOW',
  syscalls: [
    {
      names: ['execve', 'exit_group', 'exit', 'write', 'sendmsg', 'sendto'],
      action: 'SCMP_ACT_KILL_PROCESS',
    },
  ],
});

const failures: Record<string, () => Promise<Docker.ContainerCreateOptions>> = {
  'a command that is not there': async () => ({ Cmd: ['/nothing'] }),
  'a command that is a directory': async () => ({ Cmd: ['/etc'] }),
  'a user that is not there': async () => ({ User: 'nobody-at-all' }),
  'a group that is not there': async () => ({ User: '0:no-such-group' }),
  'a working directory that is a file': async () => ({ WorkingDir: '/etc/passwd' }),
  'a mount whose source went away': async () => ({
    HostConfig: { Mounts: [{ Type: 'bind', Source: vanishing(), Target: '/mnt' }] },
  }),
  'a mount of a directory on a file': async () => ({ HostConfig: { Binds: [`${daemon.root}:/etc/passwd`] } }),
  'a mount inside of /proc': async () => ({ HostConfig: { Binds: [`${daemon.root}:/proc/self`] } }),
  'a tmpfs with an option that is none': async () => ({ HostConfig: { Tmpfs: { '/mnt': 'size=a-lot' } } }),
  'a device that is not there': async () => ({
    HostConfig: {
      Devices: [{ PathOnHost: '/dev/no-such', PathInContainer: '/dev/x', CgroupPermissions: 'rwm' }],
    },
  }),
  'a kernel parameter that is none': async () => ({ HostConfig: { Sysctls: { 'net.no.such': '1' } } }),
  'a profile that names an unknown action': async () => ({
    HostConfig: { SecurityOpt: [`seccomp=${JSON.stringify({ defaultAction: 'SCMP_ACT_DANCE' })}`] },
  }),
  'a profile that kills what sets the process up': async () => ({
    HostConfig: { SecurityOpt: [`seccomp=${broken}`] },
  }),
  'a CPU that is not there': async () => ({ HostConfig: { CpusetCpus: '4000' } }),
  'a namespace of a container that is gone': async () => ({ HostConfig: { NetworkMode: 'container:gone' } }),
};

function vanishing(): string {
  const path = join(daemon.root, 'vanishing');
  mkdirSync(path, { recursive: true });
  return path;
}

for (const [what, options] of Object.entries(failures))
  test(`a start that fails for ${what} leaves nothing`, async () => {
    await leavesNothing(async () => {
      const given = await options();
      // Some are refused at once, which must leave as little.
      await assert.rejects(async () => {
        const container = await make({ ...given, ExposedPorts: { '80/tcp': {} } });
        rmSync(join(daemon.root, 'vanishing'), { recursive: true, force: true });
        await container.start();
        // What the profile kills may have been started before.
        const { StatusCode } = (await container.wait()) as { StatusCode: number };
        throw new Error(`ended with ${StatusCode}`);
      });
    });
  });

test('a start whose port is in use leaves nothing, nor do the ports before it stay taken', async () => {
  const other = createServer().listen(0, '0.0.0.0');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    await leavesNothing(async () => {
      const container = await make({
        ExposedPorts: { '80/tcp': {}, '81/tcp': {} },
        HostConfig: {
          PortBindings: { '80/tcp': [{ HostPort: '0' }], '81/tcp': [{ HostPort: String(port) }] },
        },
      });
      await assert.rejects(container.start(), /port|in use/);
    });
  } finally {
    other.close();
  }
});

test('starts whose shim is killed on the way leave nothing', async () => {
  await leavesNothing(async () => {
    for (let attempt = 0; attempt < 12; attempt++) {
      const container = await make({});
      const started = container.start().then(
        () => true,
        () => false,
      );
      await whileStarting(started, () => {
        const shim = shims().find(({ command }) => command.includes(container.id));
        if (!shim) return false;
        process.kill(shim.pid, 'SIGKILL');
        return true;
      });
      await started;
    }
  });
});

test('starts whose executor is killed on the way leave nothing', async () => {
  await leavesNothing(async () => {
    for (let wait = 0; wait < 24; wait += 2) {
      const container = await make({});
      const started = container.start().catch(() => {});
      await delay(wait);
      const helper = executor();
      if (helper) process.kill(helper.pid, 'SIGKILL');
      await started;
    }
    // A killed executor is started anew by the next that needs it.
    await (await make({})).start();
  });
});

test('starts whose daemon is killed on the way leave nothing', async () => {
  for (let wait = 0; wait < 24; wait += 4)
    await leavesNothing(async () => {
      const container = await make({});
      const started = container.start().catch(() => {});
      await delay(wait);
      await daemon.kill('SIGKILL');
      await started;
      ({ daemon, docker } = await nextEngine(daemon));
    });
});

/** Tries again and again until it has worked or the start is over. */
async function whileStarting(started: Promise<unknown>, attempt: () => boolean): Promise<void> {
  let over = false;
  void started.then(() => (over = true));
  while (!over && !attempt()) await delay(0);
}
