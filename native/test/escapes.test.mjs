/**
 * Escapes known from other container runtimes, tried from inside: what the host has must be untouched and out of reach. Those
 * that are races are in escape-races.test.mjs. Each test has been seen to fail with the step it watches weakened, as its
 * comment says.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import {
  bind,
  cleanUp,
  dockerSpec,
  mountsIn,
  options,
  prepared,
  runtime,
  runWithTerminal,
  skip,
  withBundles,
  withCapabilities,
} from './escape-harness.mjs';
import { Container } from './shim-harness.mjs';

after(cleanUp);

const v2 = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');

/** Runs the runtime with a directory of the host open at descriptors 3 to 7. */
async function callWithOpenDirectories(directory, args) {
  const fd = fs.openSync(directory, 'r');
  const child = spawn(runtime.program, args, { stdio: ['ignore', 'pipe', 'pipe', fd, fd, fd, fd, fd] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = await once(child, 'close');
  fs.closeSync(fd);
  return { code, out, err };
}

describe('what a container tries', { concurrency: false, skip }, () => {
  // Fails when give_up_all does nothing (the program of a container), and when give_up_all and child_enter give up no
  // descriptors and check_directory does nothing (the directories).
  test(
    'CVE-2024-21626: no descriptor leads to the host, for the program or the working directory',
    options,
    () =>
      withBundles(async (bundle) => {
        const program = bundle.host('bin/busybox', fs.readFileSync('/bin/busybox'));
        fs.chmodSync(program, 0o755);
        const id = runtime.start(bundle, withCapabilities(dockerSpec(['sleep', '100']), 'SYS_PTRACE'));
        const exec = ['--root', `${runtime.root}/state`, 'exec'];
        const refused = async (what, args) => {
          const { code, out, err } = await callWithOpenDirectories(bundle.path, args);
          assert.notEqual(code, 0, `${what}: ${out}`);
          assert.match(err, /no such file or directory|not a directory|mkdir/);
        };
        for (let fd = 3; fd < 11; fd++)
          for (const way of ['', '../']) {
            const directory = `/proc/self/fd/${fd}/${way}`;
            await refused(directory, [...exec, '--cwd', directory, id, 'true']);
            await refused(`${directory}bin/busybox`, [...exec, id, `${directory}bin/busybox`, 'true']);
            const spec = withCapabilities(dockerSpec([`${directory}bin/busybox`, 'true']), 'SYS_PTRACE');
            await refused(`${directory}bin/busybox`, prepared(bundle, spec));
            spec.process.args = ['true'];
            spec.process.cwd = directory;
            await refused(directory, prepared(bundle, spec));
          }
      }),
  );

  const streams = {
    'of /dev/null and pipes': {},
    'with its input open': { openStdin: true },
    'with a terminal': { tty: true, openStdin: true },
  };
  for (const [name, mode] of Object.entries(streams))
    // Fails when give_up_all leaves one that is not close-on-exec.
    test(`leaked descriptors: init and exec ${name} have their streams alone`, options, () =>
      withBundles(async (bundle) => {
        const spec = (s) => s.mounts.push(bind(path.join(bundle.rootfs, 'bin'), '/bin'));
        await using c = await Container.launch({
          ...mode,
          args: ['sh', '-c', 'attacker descriptors; exec sleep 100'],
          edit: spec,
        });
        await c.start();
        const lines = async (count) => {
          while (c.logLines().length < count) await new Promise((resolve) => setTimeout(resolve, 5));
          return c.logLines().map(({ log }) => log.trim());
        };
        assertStreamsAlone(await lines(3));
        for (const tty of [false, true]) {
          const client = c.exec(`e${tty}`, ['sh', '-c', 'attacker descriptors; attacker descriptors 1'], {
            tty,
            stdin: mode.openStdin,
          });
          assert.ok(client.ok, client.text);
          const attached = await c.attach({ exec: `e${tty}`, framed: 0 });
          await c.control.ask('exec-start', { id: `e${tty}` });
          await attached.ended;
          const found = attached.bytes.toString().trim().split(/\r?\n/);
          assert.equal(found.length, 6, found.join('\n'));
          assertStreamsAlone(found.slice(0, 3));
          assertStreamsAlone(found.slice(3));
        }
      }),
    );

  // Fails when child_stdio passes on what it was given.
  test('leaked descriptors: the null device is that of the container', options, () =>
    withBundles((bundle) => {
      const { status, stdout } = spawnSync(
        runtime.program,
        prepared(bundle, dockerSpec(['attacker', 'descriptors'])),
        {
          stdio: ['ignore', 'pipe', 'ignore'],
          encoding: 'utf8',
        },
      );
      assert.equal(status, 0);
      assert.doesNotMatch(stdout, /foreign/);
      const id = runtime.start(bundle, dockerSpec(['sleep', '100']));
      const exec = ['--root', `${runtime.root}/state`, 'exec', id, 'attacker', 'descriptors'];
      assert.doesNotMatch(
        spawnSync(runtime.program, exec, { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' }).stdout,
        /foreign/,
      );
    }),
  );

  // Fails when /sys/fs/cgroup is writable.
  test('CVE-2022-0492: no release agent can be set, by root or in a user namespace', options, () =>
    withBundles((bundle) => {
      const agents = () => hierarchies().map((dir) => readIfThere(path.join(dir, 'release_agent')));
      const before = agents();
      for (const cgroupNamespace of [false, true]) {
        const spec = dockerSpec(['attacker', 'release-agent']);
        if (cgroupNamespace) spec.linux.namespaces.push({ type: 'cgroup' });
        const { code, out, err } = runtime.run(bundle, spec);
        assert.equal(code, 0, err);
        // In a hierarchy mounted by a user namespace the container has its own cgroup only, where nothing of this is.
        assert.doesNotMatch(out, /(release_agent|devices.allow).*: done/);
        assert.match(out, /^as it is remount: Operation not permitted\n(unshare|$)/);
        assert.deepEqual(agents(), before);
      }
    }),
  );

  // Fails when a hierarchy is left out of cgroup_create.
  test(
    'CVE-2022-0492: a container is in the root of no hierarchy',
    { ...options, skip: v2 && 'needs cgroup v1' },
    () =>
      withBundles((bundle) => {
        const { out } = runtime.run(bundle, dockerSpec(['cat', '/proc/self/cgroup']));
        for (const line of out.trim().split('\n')) assert.match(line, /berth-side-test/);
      }),
  );

  describe('by what is in its image', () => {
    /** A test over a root file system that `change` has made hostile. */
    const image = (name, change, check, edit = () => {}, run = (...args) => runtime.run(...args)) =>
      test(name, options, () =>
        withBundles((bundle) => {
          change(bundle.rootfs, bundle);
          const spec = dockerSpec(['cat', '/proc/self/mountinfo']);
          edit(spec, bundle);
          const before = fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8');
          check(run(bundle, spec), bundle);
          assert.equal(fs.readFileSync('/proc/sys/kernel/core_pattern', 'utf8'), before);
        }),
      );
    const link = (name, to) => (rootfs) => {
      fs.rmSync(path.join(rootfs, name), { recursive: true, force: true });
      fs.symlinkSync(to, path.join(rootfs, name));
    };
    const refused =
      (why) =>
      ({ code, err }) => {
        assert.notEqual(code, 0);
        assert.match(err, why);
      };
    const ordinary = ({ code, out, err }) => {
      assert.equal(code, 0, err);
      for (const { at } of mountsIn(out)) assert.match(at, /^\/($|proc|sys|dev|tmp|real)/);
    };

    // Each fails without check_ordinary.
    image('/proc is a link', link('proc', '/tmp'), refused(/must be mounted on ordinary directory/));
    image('/sys is a link', link('sys', '/tmp'), refused(/must be mounted on ordinary directory/));
    image(
      '/proc is a file',
      (rootfs) => (fs.rmdirSync(`${rootfs}/proc`), fs.writeFileSync(`${rootfs}/proc`, '')),
      refused(/ordinary directory/),
    );
    // The next fail when fd_open_in_root resolves without RESOLVE_IN_ROOT.
    image('/dev is a link out of the root', link('dev', '../../../../../../tmp/real'), (run, bundle) => {
      ordinary(run);
      assert.ok(fs.existsSync(`${bundle.rootfs}/tmp/real`));
    });
    for (const name of ['dev', 'etc', 'home'])
      image(
        `/${name} is a link to the host's directory, and a mount is below it`,
        (rootfs, bundle) => link(name, bundle.host('outside'))(rootfs),
        (run, bundle) => {
          assert.equal(run.code, 0, run.err);
          assert.deepEqual(fs.readdirSync(bundle.host('outside')), []);
          assert.equal(mountsIn(run.out).filter(({ root }) => root.endsWith('/file')).length, 1);
        },
        (spec, bundle) => spec.mounts.push(bind(bundle.host('file', ''), `/${name}/below/it`)),
      );
    image(
      'links in a ring',
      link('ring', 'ring'),
      refused(/too many levels of symbolic links/i),
      (spec, bundle) => spec.mounts.push(bind(bundle.host('file', ''), '/ring/file')),
    );
    // Fails without check_proc_target.
    for (const target of ['/proc/self/attr', '/proc/sys', '/proc/1'])
      image(
        `CVE-2025-52881: a mount point is a link to ${target}`,
        link('place', target),
        refused(/inside \/proc/),
        (spec, bundle) => spec.mounts.push(bind(bundle.host('fake'), '/place')),
      );
    // Fails without the checks of clone_null, make_device.
    const bareDevices = (spec) =>
      (spec.mounts = spec.mounts.filter(({ destination }) => !destination.startsWith('/dev')));
    image(
      'CVE-2025-31133: /dev/null is a link',
      link('dev/null', '/proc/sys/kernel/core_pattern'),
      refused(/\/dev\/null exists and is another file/),
      bareDevices,
    );
    // Fails when the place of the console is resolved by its path.
    image(
      'CVE-2025-52565: /dev/console is a link',
      link('dev/console', '/proc/sys/kernel/core_pattern'),
      ({ code, out }) => {
        assert.equal(code, 0, out);
        assert.equal(
          mountsIn(out).find(({ root, type }) => type === 'devpts' && root !== '/').at,
          '/dev/console',
        );
      },
      (spec) => (spec.mounts = spec.mounts.filter(({ destination }) => destination !== '/dev')),
      runWithTerminal,
    );
    // Fails without the checks of open_master.
    image(
      'CVE-2025-52565: the terminals are not those of the kernel',
      (rootfs) => {
        fs.mkdirSync(`${rootfs}/dev/pts`);
        assert.equal(spawnSync('mknod', [`${rootfs}/dev/pts/ptmx`, 'c', '1', '5']).status, 0);
      },
      refused(/ptmx is not the terminal multiplexer/),
      bareDevices,
      runWithTerminal,
    );
  });

  // Fails without is_proc_place.
  test('CVE-2025-52881: /proc is procfs and nothing else', options, () =>
    withBundles((bundle) => {
      fs.symlinkSync('proc', path.join(bundle.rootfs, 'other'));
      const fakes = ['/proc', '/proc/', '/other', '/dev/../proc'].flatMap((destination) => [
        bind(bundle.host('fake'), destination),
        { destination, type: 'tmpfs', source: 'tmpfs' },
      ]);
      for (const fake of [...fakes, bind('/proc/sys', '/proc')]) {
        const spec = dockerSpec(['true']);
        spec.mounts[0] = fake;
        const { code, err } = runtime.run(bundle, spec);
        assert.notEqual(code, 0, fake.destination);
        assert.match(err, /cannot be mounted because it is not of type proc/);
      }
      const spec = dockerSpec(['cat', '/proc/self/mountinfo']);
      spec.mounts[0] = bind('/proc', '/proc');
      spec.linux.namespaces = spec.linux.namespaces.filter(({ type }) => type !== 'pid');
      assert.equal(runtime.run(bundle, spec).code, 0);
    }),
  );

  // Fails when an exec keeps the keyring of who launches it.
  test('a process of a container has the keys of its container, not those of the engine', options, () =>
    withBundles((bundle) => {
      const spec = dockerSpec(['sh', '-c', 'attacker keyring; exec sleep 100']);
      const id = runtime.start(bundle, spec);
      const log = () => fs.readFileSync(path.join(bundle.path, 'log'), 'utf8');
      while (!log().includes('\n')) fs.readdirSync(bundle.path);
      const [serial, description] = log().trim().split(' ');
      assert.ok(description.endsWith(`;_ses.${id}`), log());
      for (const user of ['0:0', '0:0', '1000:1000']) {
        const [of, what] = runtime.call(['exec', '-u', user, id, 'attacker', 'keyring']).out.trim().split(' ');
        assert.ok(what.endsWith(`;_ses.${id}`), `${of} ${what}`);
        assert.equal(of, serial);
      }
    }),
  );

  // Fails when the devices of the specification are not made the cgroup's rules.
  test('a device it makes cannot be opened', options, () =>
    withBundles((bundle) => {
      for (const [type, major, minor] of [
        ['b', 254, 0],
        ['c', 1, 1],
        ['c', 10, 237],
        ['b', 8, 0],
      ]) {
        const spec = dockerSpec(['attacker', 'node', type, String(major), String(minor)]);
        assert.equal(runtime.run(bundle, spec).out, 'mknod: done\nopen: Operation not permitted\n');
      }
    }),
  );

  // Fails when exe_protect_self leaves the program as it was started.
  test('CVE-2019-5736: a program that is the runtime itself, once more', options, () =>
    withBundles((bundle) => {
      const before = fs.statSync(runtime.program);
      const loader = /\/lib\S*\/ld-linux\S*/
        .exec(fs.readFileSync(runtime.program, 'latin1'))[0]
        .split('\0')[0];
      fs.mkdirSync(path.join(bundle.rootfs, path.dirname(loader)), { recursive: true });
      fs.copyFileSync(path.join(bundle.rootfs, 'bin/attacker'), path.join(bundle.rootfs, loader));
      fs.chmodSync(path.join(bundle.rootfs, loader), 0o755);
      fs.writeFileSync(path.join(bundle.rootfs, 'bin/again'), '#!/proc/self/exe\n', { mode: 0o755 });
      const { out } = runtime.run(bundle, dockerSpec(['again']));
      assert.match(
        out,
        /^open: (Read-only file system|Text file busy)\nchmod: Read-only file system\ntruncate: Read-only file system\n$/,
      );
      const now = fs.statSync(runtime.program);
      assert.deepEqual([now.size, now.mtimeMs, now.mode], [before.size, before.mtimeMs, before.mode]);
    }),
  );
});

/** Lines of `attacker descriptors`: 0, 1 and 2, each a pipe, a terminal or the container's null device. */
function assertStreamsAlone(lines) {
  assert.deepEqual(lines.map((line) => line.split(' ')[0]).sort(), ['0', '1', '2'], lines.join('\n'));
  for (const line of lines)
    assert.match(
      line,
      /^\d (pipe 0:0 pipe:|character 1:3 \/dev\/null$|character 136:\d+ \/dev\/(pts\/\d+|console)$)/,
    );
}

function hierarchies() {
  return ['', ...fs.readdirSync('/sys/fs/cgroup')].map((name) => path.join('/sys/fs/cgroup', name));
}

function readIfThere(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
