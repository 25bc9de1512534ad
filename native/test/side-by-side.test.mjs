/** The runtime's command line over bundles, side by side with the reference runtimes of this machine. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';

import { cases } from './side-by-side-cases.mjs';
import { Bundle, berth, dockerSpec, references, Runtime } from './side-by-side-harness.mjs';

const root = process.getuid() === 0 && fs.existsSync('/bin/busybox');
const options = root ? {} : { skip: 'needs root and busybox-static' };
const ours = new Runtime('berth', berth);
const others = root ? references() : [];

/** The largest limit does not fit a JavaScript number. */
BigInt.prototype.toJSON = function () {
  return JSON.rawJSON(this.toString());
};

after(() => {
  ours.close();
  for (const runtime of others) runtime.close();
  for (const dir of fs.existsSync('/sys/fs/cgroup/memory') ? fs.readdirSync('/sys/fs/cgroup') : ['']) {
    try {
      fs.rmdirSync(path.join('/sys/fs/cgroup', dir, 'berth-side-test'));
    } catch {
      // not made there
    }
  }
});

/** Runs `body` with a fresh bundle. */
async function withBundle(body) {
  const bundle = new Bundle();
  try {
    await body(bundle);
  } finally {
    bundle.close();
  }
}

/** The status once init has ended, or after ten seconds. */
function ended(id) {
  const deadline = Date.now() + 10_000;
  while (ours.state(id).status !== 'stopped' && Date.now() < deadline) spawnSync('true');
  return ours.state(id).status;
}

async function runCase(item, runtime) {
  let result;
  await withBundle((bundle) => {
    const spec = dockerSpec(item.args);
    item.spec?.(spec, bundle);
    result = runtime.run(bundle, spec);
  });
  return result;
}

describe('what a container sees', options, () => {
  for (const item of cases) {
    test(item.name, async (t) => {
      const mine = await runCase(item, ours);
      if (item.unsupported?.test(mine.err)) return t.skip('not with this kernel and file system');
      if (item.fails) {
        assert.notEqual(mine.code, 0);
        assert.match(mine.err, item.fails);
      } else {
        assert.equal(mine.code, item.code ?? 0, mine.err);
        if (item.expect) assert.match(mine.out, item.expect);
      }
      for (const runtime of item.berthOnly ? [] : others) {
        const theirs = await runCase(item, runtime);
        if (item.fails) {
          if (!item.referenceSucceeds) assert.notEqual(theirs.code, 0, runtime.name);
        } else {
          assert.deepEqual({ code: mine.code, out: mine.out }, { code: theirs.code, out: theirs.out }, runtime.name);
        }
      }
    });
  }
});

describe('the life of a container', options, () => {
  test('is created, started, paused, resumed, killed and deleted', () =>
    withBundle((bundle) => {
      const id = ours.id(bundle);
      const spec = dockerSpec(['sleep', '100']);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      spec.annotations = { 'a.b': 'c' };
      bundle.write(spec);
      const pidFile = path.join(bundle.path, 'pid');
      const quiet = { stdio: 'ignore', input: undefined };
      assert.equal(ours.call(['create', '-b', bundle.path, '--pid-file', pidFile, id], quiet).code, 0);
      const state = ours.state(id);
      assert.equal(state.status, 'created');
      assert.equal(state.pid, Number(fs.readFileSync(pidFile, 'utf8')));
      assert.deepEqual(state.annotations, { 'a.b': 'c' });
      assert.match(ours.call(['create', '-b', bundle.path, id]).err, /container with given ID already exists/);
      assert.equal(ours.call(['start', id]).code, 0);
      assert.equal(ours.state(id).status, 'running');
      assert.match(ours.call(['start', id]).err, /cannot start an already running container/);
      assert.equal(ours.call(['pause', id]).code, 0);
      assert.equal(ours.state(id).status, 'paused');
      assert.match(ours.call(['exec', id, 'true']).err, /cannot exec in a paused container/);
      assert.equal(ours.call(['resume', id]).code, 0);
      assert.match(ours.call(['delete', id]).err, /that is not stopped: running/);
      assert.deepEqual(JSON.parse(ours.call(['ps', '--format', 'json', id]).out), [state.pid]);
      assert.equal(ours.call(['kill', id, 'KILL']).code, 0);
      assert.equal(ended(id), 'stopped');
      assert.match(ours.call(['kill', id, 'TERM']).err, /container not running/);
      assert.equal(ours.call(['delete', id]).code, 0);
      assert.match(ours.call(['state', id]).err, /container does not exist/);
      assert.equal(ours.call(['delete', '--force', id]).code, 0);
    }));

  test('a shared volume shows mounts both ways, a slave one only those of the host', () =>
    withBundle((bundle) => {
      const shown = bundle.host('shown');
      const mount = (...args) => assert.equal(spawnSync('mount', args).status, 0);
      mount('-t', 'tmpfs', 'shown', shown);
      mount('--make-shared', shown);
      try {
        fs.mkdirSync(`${shown}/theirs`);
        fs.mkdirSync(`${shown}/ours`);
        const spec = dockerSpec(['sleep', '100']);
        spec.linux.rootfsPropagation = 'shared';
        for (const set of Object.values(spec.process.capabilities)) set.push('CAP_SYS_ADMIN');
        for (const kind of ['rshared', 'rslave'])
          spec.mounts.push({ destination: `/${kind}`, type: 'bind', source: shown, options: ['rbind', kind] });
        const id = ours.start(bundle, spec);
        const inside = (command) => ours.call(['exec', id, 'sh', '-c', command]);
        assert.match(inside('grep " / / " /proc/self/mountinfo || grep " / " /proc/self/mountinfo').out, / shared:/);
        mount('-t', 'tmpfs', 'x', `${shown}/theirs`);
        assert.match(inside('cut -d" " -f5 /proc/self/mountinfo').out, /\/rshared\/theirs\n[^]*\/rslave\/theirs\n/);
        assert.equal(inside('mount -t tmpfs y /rshared/ours').code, 0);
        assert.ok(fs.readFileSync('/proc/mounts', 'utf8').includes(`${shown}/ours`));
        assert.equal(ours.call(['delete', '-f', id]).code, 0);
      } finally {
        spawnSync('umount', ['-R', shown]);
      }
    }));

  test('runs where pivot_root cannot be', () =>
    withBundle((bundle) => {
      const spec = dockerSpec(['sleep', '100']);
      const id = ours.id(bundle);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      bundle.write(spec);
      assert.equal(ours.call(['run', '-d', '--no-pivot', '-b', bundle.path, id], { stdio: 'ignore', input: undefined }).code, 0);
      const inside = ours.call(['exec', id, 'sh', '-c', 'ls -d /filled; cut -d" " -f2 /proc/mounts | sort | uniq -d']);
      assert.equal(inside.out, '/filled\n', inside.err);
    }));

  test('a failed create leaves nothing', () =>
    withBundle((bundle) => {
      const id = ours.id(bundle);
      const spec = dockerSpec(['true']);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      spec.mounts.push({ destination: '/x', type: 'bind', source: '/no/such/source', options: ['bind'] });
      bundle.write(spec);
      const before = fs.readFileSync('/proc/mounts', 'utf8');
      assert.match(ours.call(['create', '-b', bundle.path, id]).err, /no such file or directory/);
      assert.match(ours.call(['state', id]).err, /does not exist/);
      for (const dir of ['/sys/fs/cgroup', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/pids'])
        assert.equal(fs.existsSync(`${dir}/berth-side-test/${id}`), false);
      assert.equal(fs.readFileSync('/proc/mounts', 'utf8'), before);
    }));

  test('all six hooks run in their order, with the state on their stdin', () =>
    withBundle((bundle) => {
      const log = bundle.host('hooks/log', '');
      const spec = dockerSpec(['sh', '-c', 'echo process >> /hooks/log']);
      spec.mounts.push({ destination: '/hooks', type: 'bind', source: path.dirname(log), options: ['bind'] });
      const hook = (name, file) => ({
        path: '/bin/sh',
        args: ['sh', '-c', `read state; echo ${name} $(echo "$state" | grep -o '"status":"[a-z]*"') >> ${file}`],
        env: ['PATH=/bin:/usr/bin'],
      });
      spec.hooks = {
        prestart: [hook('prestart', log)],
        createRuntime: [hook('createRuntime', log)],
        createContainer: [hook('createContainer', log)],
        startContainer: [hook('startContainer', '/hooks/log')],
        poststart: [hook('poststart', log)],
        poststop: [hook('poststop', log)],
      };
      const run = ours.run(bundle, spec);
      assert.equal(run.code, 0, run.err);
      const lines = fs.readFileSync(log, 'utf8').trim().split('\n');
      assert.deepEqual(lines.filter((line) => !/^(process|poststart)/.test(line)), [
        'prestart "status":"creating"',
        'createRuntime "status":"creating"',
        'createContainer "status":"creating"',
        'startContainer "status":"created"',
        'poststop "status":"stopped"',
      ]);
      assert.ok(lines.includes('process') && lines.some((line) => line.startsWith('poststart')));
    }));

  test('a failing hook stops the start, with what it printed', () =>
    withBundle((bundle) => {
      const spec = dockerSpec(['true']);
      spec.hooks = { createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', 'echo no way; exit 3'] }] };
      const run = ours.run(bundle, spec);
      assert.equal(run.code, 1);
      assert.match(run.err, /error running createRuntime hook #0: exit status 3, stdout\+stderr: no way/);
    }));

  test('limits are those of the specification, and those of an update', () =>
    withBundle((bundle) => {
      const spec = dockerSpec(['sleep', '100']);
      Object.assign(spec.linux.resources, {
        memory: { limit: 64 << 20, reservation: 32 << 20 },
        cpu: { shares: 512, quota: 50000, period: 100000, cpus: '0' },
        pids: { limit: 77 },
      });
      const id = ours.start(bundle, spec);
      const v2 = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');
      const read = (controller, file) =>
        fs.readFileSync(path.join('/sys/fs/cgroup', v2 ? '' : controller, 'berth-side-test', id, file), 'utf8').trim();
      assert.equal(read('memory', v2 ? 'memory.max' : 'memory.limit_in_bytes'), String(64 << 20));
      assert.equal(read('pids', 'pids.max'), '77');
      assert.equal(v2 ? read('cpu', 'cpu.max') : read('cpu', 'cpu.cfs_quota_us'), v2 ? '50000 100000' : '50000');
      assert.equal(read('cpuset', 'cpuset.cpus'), '0');
      assert.equal(ours.call(['update', '--memory', '128m', '--pids-limit', '88', id]).code, 0);
      assert.equal(read('memory', v2 ? 'memory.max' : 'memory.limit_in_bytes'), String(128 << 20));
      assert.equal(read('pids', 'pids.max'), '88');
    }));

  test('a terminal is the controlling one, with its size', () =>
    withBundle(async (bundle) => {
      const spec = dockerSpec(['sh', '-c', 'tty; stty size; test -c /dev/console && echo console; exit 5']);
      spec.process.terminal = true;
      const id = ours.id(bundle);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      bundle.write(spec);
      const command = `stty rows 33 cols 101; ${berth} --root ${ours.root}/state run -b ${bundle.path} ${id}; echo code=$?`;
      // Its input stays open: at the end of it script hangs up, whatever still runs.
      const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let out = '';
      for await (const chunk of child.stdout) out += chunk;
      child.stdin.end();
      assert.match(out, /\/dev\/(pts\/0|console)\r\n33 101\r\nconsole\r\ncode=5/);
    }));
});

describe('namespaces of another container', options, () => {
  const mapped = (spec, bundle) => {
    spec.linux.namespaces.push({ type: 'user' });
    spec.linux.uidMappings = spec.linux.gidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }];
    fs.chownSync(bundle.rootfs, 100000, 100000);
    for (const entry of fs.readdirSync(bundle.rootfs)) fs.lchownSync(path.join(bundle.rootfs, entry), 100000, 100000);
    return spec;
  };

  test('its user, network and pid namespaces, and an exec into them', () =>
    withBundle((first) =>
      withBundle((second) => {
        const one = ours.state(ours.start(first, mapped(dockerSpec(['sleep', '100']), first)));
        const spec = mapped(dockerSpec(['sleep', '101']), second);
        delete spec.linux.uidMappings;
        delete spec.linux.gidMappings;
        for (const [type, link] of [
          ['user', 'user'],
          ['network', 'net'],
          ['pid', 'pid'],
        ])
          spec.linux.namespaces.find((ns) => ns.type === type).path = `/proc/${one.pid}/ns/${link}`;
        const id = ours.start(second, spec);
        const inside = (command) => ours.call(['exec', id, 'sh', '-c', command]).out;
        for (const link of ['user', 'net', 'pid'])
          assert.equal(inside(`readlink /proc/self/ns/${link}`).trim(), fs.readlinkSync(`/proc/${one.pid}/ns/${link}`));
        assert.notEqual(inside('readlink /proc/self/ns/ipc').trim(), fs.readlinkSync(`/proc/${one.pid}/ns/ipc`));
        assert.match(inside('ps'), /sleep 100[^]*sleep 101/);
        assert.match(inside('cat /proc/self/uid_map; id -u'), /0\s+100000\s+65536\n0/);
        assert.equal(ours.call(['kill', id, 'KILL']).code, 0);
      }),
    ));

  test('a joined user namespace with new others', () =>
    withBundle((first) =>
      withBundle((second) => {
        const one = ours.state(ours.start(first, mapped(dockerSpec(['sleep', '100']), first)));
        const spec = mapped(dockerSpec(['sh', '-c', 'id -u; echo $$; mount -t tmpfs x /tmp && echo mounted']), second);
        delete spec.linux.uidMappings;
        delete spec.linux.gidMappings;
        for (const set of Object.values(spec.process.capabilities)) set.push('CAP_SYS_ADMIN');
        spec.linux.namespaces.find((ns) => ns.type === 'user').path = `/proc/${one.pid}/ns/user`;
        const run = ours.run(second, spec);
        assert.deepEqual([run.code, run.out], [0, '0\n1\nmounted\n'], run.err);
      }),
    ));
});

describe('a process in a container', options, () => {
  test('is in its namespaces and cgroup, as the user asked for', () =>
    withBundle((bundle) => {
      const id = ours.start(bundle, dockerSpec(['sleep', '100']));
      const inside = (...args) => ours.call(['exec', ...args]);
      assert.match(inside(id, 'readlink', '/proc/self/ns/mnt').out, /mnt:/);
      assert.equal(inside(id, 'readlink', '/proc/self/ns/pid').out, inside(id, 'readlink', '/proc/1/ns/pid').out);
      assert.equal(inside(id, 'cat', '/proc/self/cgroup').out, inside(id, 'cat', '/proc/1/cgroup').out);
      assert.match(inside('-u', '1000:1000', '-e', 'A=b', id, 'sh', '-c', 'id -u; echo $A $HOME').out, /1000\nb \/home\/user/);
      assert.equal(inside(id, 'sh', '-c', 'exit 9').code, 9);
      assert.equal(inside('--cwd', '/tmp', id, 'sh', '-c', 'pwd').out, '/tmp\n');
      assert.match(inside('--cwd', '/nope', id, 'true').err, /chdir to cwd \("\/nope"\) set in config.json failed: no such file or directory/);
      assert.match(inside(id, 'nope').err, /exec: "nope": executable file not found in \$PATH/);
      assert.match(inside('--cap', 'CAP_SYS_ADMIN', id, 'grep', 'CapEff', '/proc/self/status').out, /a82425fb/);
      const file = bundle.host('process.json', JSON.stringify({ args: ['id', '-g'], cwd: '/', user: { uid: 1, gid: 55 }, env: ['PATH=/bin'] }));
      assert.equal(inside('--process', file, id).out, '55\n');
    }));

  test('fails in a container that has stopped', () =>
    withBundle((bundle) => {
      const id = ours.start(bundle, dockerSpec(['true']));
      assert.equal(ended(id), 'stopped');
      assert.match(ours.call(['exec', id, 'true']).err, /cannot exec in a stopped container/);
    }));
});

describe('a seccomp agent', options, () => {
  test('is told of the container, and answers for its calls until it goes', () =>
    withBundle(async (bundle) => {
      const socket = path.join(bundle.path, 'agent');
      const told = new Promise((resolve) => {
        const server = net.createServer((connection) => {
          connection.once('data', (data) => {
            resolve(JSON.parse(data.toString()));
            connection.destroy();
            server.close();
          });
        });
        server.listen(socket);
      });
      const spec = dockerSpec(['sh', '-c', 'mkdir /tmp/d']);
      spec.linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        architectures: ['SCMP_ARCH_X86_64'],
        listenerPath: socket,
        listenerMetadata: 'a "quoted" word',
        syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_NOTIFY' }],
      };
      const id = ours.id(bundle);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      bundle.write(spec);
      const child = spawn(berth, ['--root', `${ours.root}/state`, 'run', '-b', bundle.path, id], {
        stdio: ['ignore', 'inherit', 'pipe'],
      });
      const state = await told;
      assert.deepEqual(state.fds, ['seccompFd']);
      assert.equal(state.metadata, 'a "quoted" word');
      assert.equal(state.state.id, id);
      assert.equal(state.pid, state.state.pid);
      let text = '';
      for await (const chunk of child.stderr) text += chunk;
      assert.match(text, /Function not implemented/);
    }));
});

describe('what a container must not reach', options, () => {
  test('descriptors of whoever starts the runtime', () =>
    withBundle(async (bundle) => {
      const spec = dockerSpec(['sh', '-c', 'ls /proc/1/fd']);
      const id = ours.id(bundle);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      bundle.write(spec);
      const leak = fs.openSync('/', 'r');
      const child = spawn(berth, ['--root', `${ours.root}/state`, 'run', '-b', bundle.path, id], {
        stdio: ['ignore', 'pipe', 'inherit', leak, leak, leak, leak],
      });
      let out = '';
      for await (const chunk of child.stdout) out += chunk;
      fs.closeSync(leak);
      assert.deepEqual(out.trim().split('\n').filter((fd) => Number(fd) > 3), []);
    }));

  test("the runtime's executable through /proc of init", () =>
    withBundle((bundle) => {
      const id = ours.id(bundle);
      const spec = dockerSpec(['sleep', '100']);
      spec.linux.cgroupsPath = `/berth-side-test/${id}`;
      bundle.write(spec);
      assert.equal(ours.call(['create', '-b', bundle.path, id], { stdio: 'ignore', input: undefined }).code, 0);
      const exe = `/proc/${ours.state(id).pid}/exe`;
      // Opening for writing says ETXTBSY while it runs; what counts is what holds afterwards: the mount is read-only.
      assert.throws(() => fs.chmodSync(exe, 0o755), { code: 'EROFS' });
    }));
});
