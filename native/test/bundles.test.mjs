/**
 * The life of containers through the OCI command line: the same tests for berth-runtime and for the runc and crun of this
 * machine. What a container sees inside is compared in side-by-side.test.mjs.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { cgroupFile, commandLines, commandTimeoutMs, reason, receiver, removeCgroups } from './bundles-harness.mjs';
import { berth, Bundle, dockerSpec } from './side-by-side-harness.mjs';

const skip = process.getuid() !== 0 ? 'containers need root' : !fs.existsSync('/bin/busybox') && 'needs busybox-static';
const runtimes = skip ? [] : commandLines();
const sh = (script) => ['sh', '-c', script];
const options = { timeout: 6 * commandTimeoutMs };

/** A test with a bundle of its own. */
function bundled(name, body) {
  test(name, options, async () => {
    const bundle = new Bundle();
    try {
      await body(bundle);
    } finally {
      bundle.close();
    }
  });
}

after(() => {
  for (const runtime of runtimes) runtime.close();
  removeCgroups();
});

test('this machine has berth-runtime', { skip }, () => assert.ok(runtimes.some(({ program }) => program === berth)));

for (const runtime of runtimes) {
  const call = (...args) => runtime.call(...args);
  const isCrun = runtime.name === 'crun'; // has its own words for failures, and is milder
  const isRunc = runtime.name === 'runc'; // runs poststart hooks at create

  describe(`the command line of ${runtime.name}`, { concurrency: false, skip: runtime.skip }, () => {
    bundled('create ends while init waits, and start lets it go', async (bundle) => {
      const pidFile = path.join(bundle.path, 'pid');
      const { id, code, err, read } = runtime.create(bundle, dockerSpec(sh('echo begun; exec sleep 100')), '--pid-file', pidFile);
      assert.deepEqual([code, err], [0, '']);
      const created = runtime.state(id);
      assert.equal(created.status, 'created');
      assert.equal(created.bundle, fs.realpathSync(bundle.path));
      assert.match(created.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/);
      assert.equal(fs.readFileSync(pidFile, 'utf8'), String(created.pid));
      assert.deepEqual(read(), ['', ''], 'nothing of the program runs before start');
      assert.equal(call(['start', id]).code, 0);
      assert.equal(runtime.state(id).status, 'running');
      assert.equal(runtime.state(id).pid, created.pid);
      assert.equal(call(['delete', id]).code, 1);
      assert.equal(call(['kill', id, 'KILL']).code, 0);
      assert.equal(await runtime.reaches(id, 'stopped'), 'stopped');
      assert.equal(runtime.state(id).pid, 0);
      assert.equal(read()[0], 'begun\n');
      assert.equal(call(['delete', id]).code, 0);
      assert.equal(runtime.state(id), undefined);
    });

    bundled('init is handed to whoever reaps for the caller', (bundle) => {
      const { id } = runtime.create(bundle, dockerSpec(['sleep', '100']));
      const stat = fs.readFileSync(`/proc/${runtime.state(id).pid}/stat`, 'utf8');
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]);
      assert.ok(!fs.readFileSync(`/proc/${parent}/comm`, 'utf8').startsWith(runtime.name));
    });

    bundled('a created container can be deleted without force', (bundle) => {
      const { id } = runtime.create(bundle, dockerSpec(['true']));
      const { pid } = runtime.state(id);
      assert.equal(call(['delete', id]).code, 0);
      assert.throws(() => fs.readlinkSync(`/proc/${pid}/exe`));
    });

    for (const [script, code] of [
      ['exit 0', 0],
      ['exit 7', 7],
      ['kill -KILL $$', 137],
      ['exec false', 1],
    ])
      bundled(`run gives the code of: ${script}`, (bundle) => {
        // A child, so that signals are not kept from it as from the first process.
        assert.equal(runtime.run(bundle, dockerSpec(sh(`sh -c '${script}'; exit $?`))).code, code);
        assert.equal(call(['list', '-q']).out, '');
      });

    bundled('run passes stdin and both outputs', (bundle) => {
      const id = runtime.prepare(bundle, dockerSpec(sh('cat; echo err >&2')));
      const { code, out, err } = call(['run', '--bundle', bundle.path, id], { input: 'typed\n' });
      assert.deepEqual({ code, out, err }, { code: 0, out: 'typed\n', err: 'err\n' });
    });

    bundled('run passes signals on and gives the code', async (bundle) => {
      const id = runtime.prepare(bundle, dockerSpec(sh('trap "exit 9" TERM; echo ready; while :; do sleep 0.05; done')));
      const running = runtime.begin(['run', '--bundle', bundle.path, id]);
      while (running.read()[0] === '') await new Promise((resolve) => setTimeout(resolve, 10));
      running.child.kill('SIGTERM');
      assert.equal((await running.ended).code, 9);
    });

    bundled('run takes in the orphans of a container without a pid namespace', async (bundle) => {
      const spec = dockerSpec(
        sh(`cat > /tmp/orphan <<'END'
while kill -0 $1 2>/dev/null; do :; done
cut -d' ' -f4 /proc/$$/stat > /tmp/parent.new
mv /tmp/parent.new /tmp/parent
END
sh -c 'sh /tmp/orphan $$ &'
while [ ! -e /tmp/parent ]; do :; done
cat /tmp/parent`),
      );
      fs.symlinkSync('busybox', path.join(bundle.rootfs, 'bin/mv'));
      spec.linux.namespaces = spec.linux.namespaces.filter(({ type }) => type !== 'pid');
      const id = runtime.prepare(bundle, spec);
      const running = runtime.begin(['run', '--bundle', bundle.path, id]);
      const { out } = await running.ended;
      assert.equal(out.trim(), String(running.child.pid));
    });

    bundled('run --detach leaves the container running', async (bundle) => {
      const id = runtime.prepare(bundle, dockerSpec(['sleep', '100']));
      assert.equal(call(['run', '--detach', '--bundle', bundle.path, id]).code, 0);
      assert.equal(runtime.state(id).status, 'running');
    });

    bundled('kill takes names, numbers and none', async (bundle) => {
      const script = 'for s in HUP USR1 TERM; do trap "echo $s" $s; done; echo ready; while :; do sleep 0.05; done';
      const { id, read } = runtime.create(bundle, dockerSpec(sh(script)));
      call(['start', id]);
      for (const [signal, says] of [['HUP', 'HUP'], ['SIGUSR1', 'USR1'], ['15', 'TERM'], [undefined, 'TERM']]) {
        const before = read()[0];
        while (!read()[0].includes('ready')) await new Promise((resolve) => setTimeout(resolve, 10));
        assert.equal(call(['kill', id, ...(signal ? [signal] : [])]).code, 0);
        while (read()[0].length <= before.length || !read()[0].endsWith(`${says}\n`)) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      if (!isCrun) assert.equal(call(['kill', id, 'NONSENSE']).code, 1);
    });

    bundled('kill --all reaches the children of init', async (bundle) => {
      const { id, read } = runtime.create(bundle, dockerSpec(sh('trap : USR2; sh -c "trap \\"echo child; exit\\" USR2; echo ready; while :; do sleep 0.05; done"; sleep 100')));
      call(['start', id]);
      while (!read()[0].includes('ready')) await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(call(['kill', '--all', id, 'USR2']).code, 0);
      while (!read()[0].includes('child')) await new Promise((resolve) => setTimeout(resolve, 10));
    });

    bundled('a paused container stands still, and can be killed', async (bundle) => {
      const id = runtime.start(bundle, dockerSpec(['sleep', '100']));
      assert.equal(call(['pause', id]).code, 0);
      assert.equal(runtime.state(id).status, 'paused');
      assert.notEqual(call(['exec', id, 'true']).code, 0);
      assert.equal(call(['resume', id]).code, 0);
      assert.equal(runtime.state(id).status, 'running');
      if (!isCrun) assert.notEqual(call(['resume', id]).code, 0);
      assert.equal(call(['exec', id, 'true']).code, 0);
      assert.equal(call(['pause', id]).code, 0);
      assert.equal(call(['delete', '--force', id]).code, 0);
      assert.equal(runtime.state(id), undefined);
    });

    bundled('exec gives the code, and takes what the options say', async (bundle) => {
      const id = runtime.start(bundle, dockerSpec(['sleep', '100']));
      assert.equal(call(['exec', id, ...sh('exit 6')]).code, 6);
      assert.equal(call(['exec', '-e', 'A=b', '-e', 'C=d', id, '/bin/sh', '-c', 'echo $A$C']).out, 'bd\n');
      assert.equal(call(['exec', '--cwd', '/tmp', id, ...sh('pwd')]).out, '/tmp\n');
      assert.equal(call(['exec', '--user', '1000:5', id, ...sh('id -u; id -g')]).out, '1000\n5\n');
      assert.equal(call(['exec', id, 'cat'], { input: 'typed' }).out, 'typed');
      const file = bundle.host('process.json', JSON.stringify({ args: sh('pwd'), cwd: '/etc', env: ['PATH=/bin'], user: { uid: 0, gid: 0 } }));
      assert.equal(call(['exec', '--process', file, id]).out, '/etc\n');
      const pidFile = path.join(bundle.path, 'exec.pid');
      assert.equal(call(['exec', '--detach', '--pid-file', pidFile, id, 'sleep', '100']).code, 0);
      const pid = Number(fs.readFileSync(pidFile, 'utf8'));
      assert.equal(fs.readlinkSync(`/proc/${pid}/ns/mnt`), fs.readlinkSync(`/proc/${runtime.state(id).pid}/ns/mnt`));
      assert.match(call(['ps', id]).out, new RegExp(`\\b${pid}\\b`));
    });

    bundled('hooks run in order, each with the state of its moment', (bundle) => {
      const log = bundle.host('log', '');
      const spec = dockerSpec(['true']);
      const hook = (name, file = log) => ({
        path: '/bin/sh',
        args: sh(`read -r state; printf "%s %s\\n" ${name} "$(printf %s "$state" | sed 's/.*"status": *"\\([a-z]*\\)".*/\\1/')" >> ${file}`),
        env: ['PATH=/bin:/usr/bin'],
      });
      spec.mounts.push({ destination: '/log', type: 'bind', source: log, options: ['bind'] });
      spec.hooks = {
        prestart: [hook('prestart')],
        createRuntime: [hook('createRuntime')],
        createContainer: [hook('createContainer')],
        startContainer: [hook('startContainer', '/log')],
        poststart: [hook('poststart')],
        poststop: [hook('poststop-1'), hook('poststop-2')],
      };
      const id = runtime.prepare(bundle, spec);
      const lines = () => fs.readFileSync(log, 'utf8').trim().split('\n');
      const names = () => lines().map((line) => line.split(' ')[0]);
      const atCreate = ['prestart', 'createRuntime', 'createContainer', ...(isRunc ? ['poststart'] : [])];
      call(['create', '--bundle', bundle.path, id]);
      assert.deepEqual(names(), atCreate);
      assert.equal(call(['start', id]).code, 0);
      assert.deepEqual(names(), [...atCreate, 'startContainer', ...(isRunc ? [] : ['poststart'])]);
      call(['delete', '--force', id]);
      assert.deepEqual(lines().slice(5), ['poststop-1 stopped', 'poststop-2 stopped']);
    });

    bundled('a failing createRuntime hook fails the create, and poststop hooks run', (bundle) => {
      const log = bundle.host('log', '');
      const spec = dockerSpec(['true']);
      spec.hooks = {
        createRuntime: [{ path: '/bin/sh', args: sh('echo no thanks; exit 3') }],
        poststop: [{ path: '/bin/sh', args: sh(`echo poststop >> ${log}`) }],
      };
      const { id, code, err } = runtime.create(bundle, spec);
      assert.notEqual(code, 0);
      assert.match(err, /hook/);
      assert.equal(runtime.state(id), undefined);
      assert.equal(fs.readFileSync(log, 'utf8'), isCrun ? '' : 'poststop\n');
    });

    bundled('a failing poststart hook fails the start and ends the container', async (bundle) => {
      const spec = dockerSpec(['sleep', '100']);
      spec.hooks = { poststart: [{ path: '/bin/sh', args: sh('exit 3') }] };
      const { id, code } = runtime.create(bundle, spec);
      assert.equal(code, isRunc ? 1 : 0);
      assert.equal(call(['start', id]).code, isCrun ? 0 : 1);
      if (!isCrun && !isRunc) assert.equal(await runtime.reaches(id, 'stopped'), 'stopped');
    });

    bundled('update changes the limits of a running container', (bundle) => {
      const spec = dockerSpec(['sleep', '100']);
      spec.linux.resources.pids = { limit: 20 };
      const id = runtime.start(bundle, spec);
      const pids = () => fs.readFileSync(cgroupFile(id, 'pids', 'pids.max'), 'utf8').trim();
      const memory = () => fs.readFileSync(cgroupFile(id, 'memory', 'memory.limit_in_bytes', 'memory.max'), 'utf8').trim();
      assert.equal(pids(), '20');
      const { code, err } = call(['update', '--pids-limit', '33', '--memory', '67108864', id]);
      assert.deepEqual([code, err], [0, '']);
      assert.deepEqual([pids(), memory()], ['33', '67108864']);
      for (const size of ['9999999999g', '1x', 'm', '1mbb', '99999999999999999999'])
        assert.notEqual(call(['update', '--memory', size, id]).code, 0, size);
      const input = '{"pids":{"limit":44}}';
      const resources = isCrun ? bundle.host('resources.json', input) : '-';
      assert.equal(call(['update', '--resources', resources, id], { input }).code, 0);
      assert.deepEqual([pids(), memory()], ['44', '67108864']);
    });

    bundled('the master of a terminal goes to the console socket', async (bundle) => {
      const socket = path.join(bundle.path, 'console');
      const listener = spawn(receiver, [socket], { stdio: ['ignore', 'pipe', 'inherit'] });
      let shown = '';
      listener.stdout.on('data', (chunk) => (shown += chunk));
      await once(listener.stdout, 'data');
      const spec = dockerSpec(sh('tty; stty size; echo err >&2'));
      spec.process.terminal = true;
      spec.process.consoleSize = { height: 31, width: 99 };
      const { id, code, err } = runtime.create(bundle, spec, '--console-socket', socket);
      assert.deepEqual([code, err], [0, '']);
      call(['start', id]);
      assert.deepEqual(await once(listener, 'close'), [0, null]);
      assert.match(shown, /\/dev\/(pts\/0|console)\r\n31 99\r\nerr\r\n$/);
    });

    bundled('a terminal without a console socket is refused, and the other way round', (bundle) => {
      const spec = dockerSpec(['true']);
      assert.equal(runtime.create(bundle, spec, '--console-socket', '/no/such').code, 1);
      spec.process.terminal = true;
      assert.equal(runtime.create(bundle, spec).code, 1);
    });

    bundled('list and state speak JSON', (bundle) => {
      const spec = dockerSpec(['sleep', '100']);
      spec.annotations = { 'org.example.key': 'value "quoted"' };
      const id = runtime.start(bundle, spec);
      const [listed, ...others] = JSON.parse(call(['list', '--format', 'json']).out);
      assert.deepEqual(others, []);
      const { pid, annotations } = runtime.state(id);
      assert.deepEqual([listed.id, listed.pid, listed.status], [id, pid, 'running']);
      assert.equal(annotations['org.example.key'], 'value "quoted"');
      assert.deepEqual(JSON.parse(call(['ps', '--format', 'json', id]).out), [pid]);
    });

    bundled('descriptors reach the container only by --preserve-fds', (bundle) => {
      const spec = dockerSpec(sh('ls /proc/self/fd | wc -l; cat <&3'));
      const id = runtime.prepare(bundle, spec);
      const file = bundle.host('given', 'given to it\n');
      const command = `exec ${runtime.program} --root ${runtime.root}/state run --preserve-fds 1 --bundle ${bundle.path} ${id}`;
      const { stdout: out } = spawnSync('sh', ['-c', `${command} 3<${file} 4<${file} 5<${file}`], { encoding: 'utf8', input: '', timeout: commandTimeoutMs });
      assert.equal(out, '5\ngiven to it\n'); // 0 1 2, the preserved one, and that of ls itself
    });

    describe('what fails says why and leaves nothing', () => {
      const failing = (name, change, words, { spec = dockerSpec(['true']), raw } = {}) =>
        bundled(name, (bundle) => {
          change(spec, bundle);
          const id = runtime.prepare(bundle, spec);
          if (raw !== undefined) bundle.host('config.json', raw);
          const log = path.join(bundle.path, 'log.json');
          const { code, err } = call(['create', '--bundle', bundle.path, id], { options: ['--log', log, '--log-format', 'json'] });
          assert.notEqual(code, 0);
          const lines = fs.readFileSync(log, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
          const { level, msg, time } = lines.at(-1);
          assert.equal(level, 'error');
          assert.ok(!Number.isNaN(Date.parse(time)));
          assert.ok(err.trim().endsWith(msg.trim()) || isCrun, `${err} is not ${msg}`);
          if (!isCrun) assert.match(reason(msg), words);
          assert.equal(runtime.state(id), undefined);
          if (!isCrun) assert.equal(fs.existsSync(path.dirname(cgroupFile(id, 'pids', 'pids.max'))), false);
          assert.equal(call(['list', '-q']).out, '');
        });

      failing('a program that is not there', (spec) => (spec.process.args = ['nope']), /^exec: "nope": executable file not found in \$PATH$/);
      failing('a path that is not there', (spec) => (spec.process.args = ['/no/pe']), /^exec: "\/no\/pe": stat \/no\/pe: no such file or directory$/);
      failing('a file that cannot be executed', (spec) => (spec.process.args = ['/etc/plain']), /^exec: "\/etc\/plain": permission denied$/);
      failing('a working directory that is a file', (spec) => (spec.process.cwd = '/etc/plain'), /not a directory$/);
      failing('a source that is not there', (spec) => spec.mounts.push({ destination: '/x', type: 'bind', source: '/no/such', options: ['bind'] }), /no such file or directory$/);
      failing('a namespace that is not there', (spec) => (spec.linux.namespaces[1].path = '/no/such'), /\/no\/such: no such file or directory$/);
      failing('a root that is not there', (spec) => (spec.root.path = 'no/such'), /no such file or directory|no\/such/);
      failing('no arguments', (spec) => (spec.process.args = []), /args|process/i);
      failing('a specification that is cut off', () => {}, /unexpected end|unexpected EOF/i, { raw: '{"ociVersion": "1.0.2",' });
      failing('a specification that is no JSON', () => {}, /invalid/, { raw: 'nonsense' });
      failing('a value of the wrong type', () => {}, /args|process|string/, { raw: '{"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"cwd":"/","args":"true"}}' });
    });

    bundled('what is not there, is there already, or is over is refused', async (bundle) => {
      for (const command of ['state', 'start', 'pause', 'resume', 'kill', 'delete', 'exec', 'ps', 'update']) {
        const { code, err } = call([command, 'no-such', ...(command === 'exec' ? ['true'] : [])]);
        assert.notEqual(code, 0, command);
        if (!isCrun) assert.match(err, /container does not exist/, command);
      }
      assert.equal(call(['delete', '--force', 'no-such']).code, 0);
      assert.equal(call(['create', '--bundle', '/no/such', 'x']).code, 1);
      assert.equal(call(['create', '--bundle', bundle.path, 'with/slash']).code, 1);
      const id = runtime.start(bundle, dockerSpec(['sleep', '100']));
      assert.equal(call(['create', '--bundle', bundle.path, id]).code, 1);
      assert.equal(call(['start', id]).code, 1);
      call(['kill', id, 'KILL']);
      await runtime.reaches(id, 'stopped');
      for (const args of [['start', id], ['kill', id, 'TERM'], ['pause', id], ['exec', id, 'true']])
        assert.notEqual(call(args).code, 0, args[0]);
    });
  });
}

const [ours] = runtimes;
describe('berth-runtime by itself', { concurrency: false, skip: skip || ours?.skip }, () => {
  bundled('a stream that is closed becomes the container’s null device, and no file of the runtime', (bundle) => {
    const id = ours.prepare(bundle, dockerSpec(sh('readlink /proc/self/fd/0; readlink /proc/self/fd/2')));
    const run = `exec ${ours.program} --root ${ours.root}/state run --bundle ${bundle.path} ${id}`;
    const { stdout } = spawnSync('sh', ['-c', `${run} <&- 2>&-`], { encoding: 'utf8', timeout: commandTimeoutMs });
    assert.equal(stdout, '/dev/null\n/dev/null\n');
  });

  bundled('a terminal takes what is typed when its process comes to read it, and gives meanwhile what that writes', (bundle) => {
    const spec = dockerSpec(sh('head -c 400000 /dev/zero | tr "\\0" x; cat > /dev/null; echo read'));
    spec.process.terminal = true;
    const id = ours.prepare(bundle, spec);
    const { code, out } = ours.call(['run', '--bundle', bundle.path, id], { input: `${'\n'.repeat(300_000)}\u0004` });
    assert.equal(code, 0);
    assert.equal(out.replace(/[^x]/g, '').length, 400_000);
    assert.match(out, /read\r\n$/);
  });

  bundled('a container whose start was killed before it could say so runs, and is not deleted without force', (bundle) => {
    const id = ours.start(bundle, dockerSpec(['sleep', '100']));
    const { status } = spawnSync('mkfifo', [path.join(ours.root, 'state', id, 'start')]);
    assert.equal(status, 0);
    assert.equal(ours.state(id).status, 'running');
    assert.equal(ours.call(['delete', id]).code, 1);
    assert.match(ours.call(['start', id]).err, /cannot start an already running container/);
  });

  bundled('descriptors that are to be preserved must be there', (bundle) => {
    const id = ours.prepare(bundle, dockerSpec(sh('ls /proc/self/fd')));
    const { code, err } = ours.call(['run', '--preserve-fds', '5', '--bundle', bundle.path, id]);
    assert.equal(code, 1);
    assert.match(err, /unable to stat preserved-fd 0 \(of 5\): stat \/proc\/self\/fd\/3: no such file or directory/);
    assert.equal(ours.state(id), undefined);
  });

  const v1 = fs.existsSync('/sys/fs/cgroup/freezer');
  test('what a container has frozen itself dies with it', { ...options, skip: !v1 && 'freezes and kills by cgroup v1' }, async () => {
    const bundle = new Bundle();
    try {
      const id = ours.start(bundle, dockerSpec(sh('sleep 100 & sleep 100')));
      const cgroup = path.dirname(cgroupFile(id, 'freezer', 'freezer.state'));
      const other = () => fs.readFileSync(path.join(cgroup, 'cgroup.procs'), 'utf8').trim().split('\n')[1];
      while (!other()) await new Promise((resolve) => setTimeout(resolve, 10));
      fs.mkdirSync(path.join(cgroup, 'inner'));
      fs.writeFileSync(path.join(cgroup, 'inner/cgroup.procs'), other());
      fs.writeFileSync(path.join(cgroup, 'inner/freezer.state'), 'FROZEN');
      assert.equal(ours.call(['kill', id, 'KILL']).code, 0);
      assert.equal(await ours.reaches(id, 'stopped'), 'stopped');
      assert.equal(ours.call(['delete', id]).code, 0);
    } finally {
      bundle.close();
    }
  });

  test('a set of processors that is there and empty is filled', { ...options, skip: !v1 && 'empty sets are of cgroup v1' }, async () => {
    const parent = '/sys/fs/cgroup/cpuset/berth-empty-set';
    const bundle = new Bundle();
    fs.mkdirSync(parent);
    try {
      const spec = dockerSpec(['true']);
      bundle.write({ ...spec, linux: { ...spec.linux, cgroupsPath: '/berth-empty-set/c' } });
      const { code, err } = ours.call(['run', '--bundle', bundle.path, ours.id(bundle)]);
      assert.deepEqual([code, err], [0, '']);
    } finally {
      bundle.close();
      for (const controller of fs.readdirSync('/sys/fs/cgroup'))
        if (fs.existsSync(path.join('/sys/fs/cgroup', controller, 'berth-empty-set')))
          fs.rmdirSync(path.join('/sys/fs/cgroup', controller, 'berth-empty-set'));
    }
  });

  for (const noNewPrivileges of [false, true])
    bundled(`an agent is given the filter that asks about the calls of the start, no_new_privs ${noNewPrivileges}`, async (bundle) => {
      const spec = dockerSpec(['echo', 'ran']);
      const listenerPath = path.join(bundle.path, 'agent');
      spec.process.noNewPrivileges = noNewPrivileges;
      spec.linux.seccomp = {
        defaultAction: 'SCMP_ACT_ALLOW',
        syscalls: [{ names: ['sendmsg'], action: 'SCMP_ACT_NOTIFY' }],
        listenerPath,
      };
      const server = net.createServer().listen(listenerPath);
      await once(server, 'listening');
      const { code, out, err } = ours.run(bundle, spec);
      assert.deepEqual([code, out, err], [0, 'ran\n', '']);
      const [agent] = await once(server, 'connection');
      const [told] = await once(agent, 'data');
      assert.deepEqual(JSON.parse(String(told)).fds, ['seccompFd']);
      server.close();
    });

  bundled('a filter that asks an agent needs one, and leaves the call by which it is handed over', (bundle) => {
    const spec = dockerSpec(['true']);
    spec.linux.seccomp = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['mkdir'], action: 'SCMP_ACT_NOTIFY' }] };
    assert.match(ours.run(bundle, spec).err, /listenerPath is not set/);
    spec.linux.seccomp.listenerPath = '/no/such/socket';
    spec.linux.seccomp.syscalls[0].names = ['write'];
    assert.match(ours.run(bundle, spec).err, /SCMP_ACT_NOTIFY cannot be used for the write syscall/);
    spec.linux.seccomp.defaultAction = 'SCMP_ACT_NOTIFY';
    assert.match(ours.run(bundle, spec).err, /SCMP_ACT_NOTIFY cannot be used as default action/);
  });

  bundled('of two starts at once one wins', async (bundle) => {
    const { id } = ours.create(bundle, dockerSpec(['sleep', '100']));
    const codes = await Promise.all([1, 2, 3].map(() => ours.begin(['start', id]).ended));
    assert.deepEqual(codes.map(({ code }) => code).sort(), [0, 1, 1]);
  });

  bundled('of two creates of one name at once one wins, and the loser leaves it alone', async (bundle) => {
    const id = ours.prepare(bundle, dockerSpec(['sleep', '100']));
    const codes = await Promise.all([1, 2, 3].map(() => ours.begin(['create', '--bundle', bundle.path, id]).ended));
    assert.deepEqual(codes.map(({ code }) => code).sort(), [0, 1, 1]);
    assert.equal(ours.call(['start', id]).code, 0);
  });

  bundled('a create that is killed can be deleted, with its init', async (bundle) => {
    const mark = path.join(bundle.path, 'reached');
    const spec = dockerSpec(['sleep', '100']);
    spec.hooks = { createRuntime: [{ path: '/bin/sh', args: sh(`touch ${mark}; exec sleep 3`), env: ['PATH=/bin:/usr/bin'] }] };
    const id = ours.prepare(bundle, spec);
    const creating = ours.begin(['create', '--bundle', bundle.path, id]);
    while (!fs.existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 10));
    const { pid } = ours.state(id);
    creating.child.kill('SIGKILL');
    await creating.ended;
    assert.equal(await ours.reaches(id, 'stopped'), 'stopped');
    assert.throws(() => fs.readlinkSync(`/proc/${pid}/exe`));
    assert.equal(ours.call(['delete', id]).code, 0);
    assert.equal(fs.existsSync(path.dirname(cgroupFile(id, 'pids', 'pids.max'))), false);
  });

  bundled('delete --force does not wait for a start that hangs in a hook', async (bundle) => {
    const spec = dockerSpec(['true']);
    spec.hooks = { startContainer: [{ path: '/bin/sleep', args: ['sleep', '100'] }] };
    const { id } = ours.create(bundle, spec);
    const starting = ours.begin(['start', id]);
    while (!ours.call(['ps', '--format', 'json', id]).out.includes(',')) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(ours.call(['delete', '--force', id]).code, 0);
    assert.equal(ours.state(id), undefined);
    await starting.ended;
  });

  bundled('exec --tty is a terminal of the caller’s size from the start, and gives the code', (bundle) => {
    const id = ours.start(bundle, dockerSpec(['sleep', '100']));
    const exec = `${ours.program} --root ${ours.root}/state exec --tty ${id} sh -c "tty; stty size; exit 4"`;
    const { stdout } = spawnSync('script', ['-qec', `stty rows 33 cols 101; ${exec}; echo code=$?`, '/dev/null'], {
      encoding: 'utf8',
      input: '',
      timeout: commandTimeoutMs,
    });
    // script(1) types an end of its own, which is echoed whenever it comes.
    assert.match(stdout.replaceAll('^@', ''), /\/dev\/pts\/0\r\n33 101\r\ncode=4/);
  });

  bundled('exec takes its defaults from the container as it was created', (bundle) => {
    const spec = dockerSpec(['sleep', '100']);
    spec.process.env.push('WHEN=created');
    const id = ours.start(bundle, spec);
    bundle.host('config.json', '{');
    assert.equal(ours.call(['exec', id, ...sh('echo $WHEN')]).out, 'created\n');
  });

  bundled('a number that another process has now is not taken for init', async (bundle) => {
    const id = ours.start(bundle, dockerSpec(['true']));
    await ours.reaches(id, 'stopped');
    const file = path.join(ours.root, 'state', id, 'state.json');
    fs.writeFileSync(file, JSON.stringify({ ...JSON.parse(fs.readFileSync(file, 'utf8')), pid: process.pid }));
    assert.equal(ours.state(id).status, 'stopped');
    assert.match(ours.call(['kill', id, '0']).err + ours.call(['kill', id, 'TERM']).err, /container not running/);
  });

  bundled('spec writes a specification that runs', (bundle) => {
    assert.equal(ours.call(['spec', '--bundle', bundle.path]).code, 0);
    assert.match(ours.call(['spec', '--bundle', bundle.path]).err, /exists/);
    const spec = JSON.parse(fs.readFileSync(path.join(bundle.path, 'config.json'), 'utf8'));
    spec.process.terminal = false;
    spec.process.args = ['echo', 'runs'];
    assert.equal(ours.run(bundle, spec).out, 'runs\n');
  });

  const criu = spawnSync('criu', ['check']).status === 0 ? false : 'needs a CRIU in PATH whose `criu check` succeeds';

  test('a container written to disk is gone, and goes on when it is made again', { ...options, skip: criu }, async () => {
    const bundle = new Bundle();
    try {
      const images = path.join(bundle.path, 'images');
      const log = path.join(bundle.path, 'log');
      // A stream must be a pipe: of a file outside CRIU knows nothing. So the program has nothing but its pipes.
      const through = (...args) =>
        spawnSync('sh', ['-c', '"$@" </dev/null 2>&1 | cat >>"$0" &', log, ours.program, '--root', path.join(ours.root, 'state'), ...args], { stdio: 'ignore' });
      const id = ours.prepare(bundle, dockerSpec(sh("trap 'echo bye; exit 7' TERM; i=0; while :; do echo $((i+=1)); sleep 0.05; done")));
      const numbers = () => fs.readFileSync(log, 'utf8').split('\n').filter(Boolean);
      const reach = async (count) => {
        for (const until = Date.now() + commandTimeoutMs; !(fs.existsSync(log) && numbers().length >= count); ) {
          assert.ok(Date.now() < until, `${count} lines`);
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      };
      through('run', '--detach', '--bundle', bundle.path, id);
      await reach(5);
      const { code, err } = ours.call(['checkpoint', '--image-path', images, id]);
      assert.deepEqual([code, err], [0, '']);
      assert.equal(ours.state(id), undefined);
      const before = numbers().length;
      through('restore', '--detach', '--image-path', images, '--bundle', bundle.path, id);
      await reach(before + 5);
      assert.deepEqual(
        numbers(),
        numbers().map((_, index) => String(index + 1)),
      );
      assert.equal(ours.state(id).status, 'running');
      assert.equal(ours.call(['exec', id, 'true']).code, 0);
      assert.equal(ours.call(['kill', id, 'TERM']).code, 0);
      assert.equal(await ours.reaches(id, 'stopped'), 'stopped');
      assert.equal(numbers().at(-1), 'bye');
      assert.equal(ours.call(['delete', id]).code, 0);
    } finally {
      bundle.close();
    }
  });

  bundled('what is no checkpoint is not restored, and leaves nothing', (bundle) => {
    const images = path.join(bundle.path, 'images');
    const id = ours.prepare(bundle, dockerSpec(['true']));
    const restore = () => ours.call(['restore', '--detach', '--image-path', images, '--bundle', bundle.path, id]);
    assert.equal(restore().code, 1);
    fs.mkdirSync(images);
    assert.equal(restore().code, 1);
    assert.equal(ours.state(id), undefined);
  });

  test('features names what there is, --version the specification', () => {
    const features = JSON.parse(ours.call(['features']).out);
    assert.equal(features.ociVersionMax, '1.2.0');
    assert.deepEqual(features.hooks.length, 6);
    assert.equal(features.linux.cgroup.systemd, false);
    assert.match(ours.call(['--version']).out, /^berth-runtime version \S+\nspec: 1\.2\.0\n/);
  });

  test('the systemd driver is refused, rootless accepted', () => {
    const refused = ours.call(['list'], { options: ['--systemd-cgroup'] });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /systemd-cgroup is not supported/);
    assert.equal(ours.call(['list'], { options: ['--systemd-cgroup=false', '--rootless', 'auto', '--debug'] }).code, 0);
  });
});
