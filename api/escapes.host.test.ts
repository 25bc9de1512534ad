import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { extract, pack } from 'tar-stream';
import Docker, { type ContainerCreateOptions } from 'dockerode';
import { startDaemon, type TestDaemon } from '../.setup/daemon.mjs';
import { stopEngine } from './engine.testing.ts';

// Escapes known from other engines, through the whole of ours. What is the runtime's alone is in native/test/escapes.test.mjs.
// Each test has been seen to fail with the step it watches weakened, as its comment says.

/** How often a race is tried: what CI has time for. 2000 is the number to trust. */
const tries = Number(process.env['BERTH_ESCAPE_TRIES'] ?? 20);
const timeout = 60_000 + tries * 500;
const build = fileURLToPath(new URL('../native/build', import.meta.url));
const attacker = join(build, 'test', 'attacker');
const scratch = mkdtempSync(join(tmpdir(), 'berth-escapes-'));
let daemon: TestDaemon;
let docker: Docker;

before(async () => {
  daemon = await startDaemon({ bridge: `be${randomBytes(3).toString('hex')}` });
  docker = new Docker({ socketPath: daemon.socket });
  await makeImage('hostile', () => undefined);
});
after(async () => {
  try {
    await stopEngine({ daemon, docker });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

/** Imports an image of busybox and the attacker, after `change` has made its root file system hostile. */
async function makeImage(name: string, change: (root: string) => void): Promise<void> {
  const root = join(scratch, name);
  for (const directory of ['bin', 'etc', 'tmp', 'work'])
    mkdirSync(join(root, directory), { recursive: true });
  copyFileSync('/bin/busybox', join(root, 'bin/busybox'));
  copyFileSync(attacker, join(root, 'bin/attacker'));
  for (const applet of ['sh', 'cat', 'sleep', 'stat', 'true', 'ls', 'mkdir', 'ln'])
    symlinkSync('busybox', join(root, 'bin', applet));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\n');
  change(root);
  const archive = execFileSync('tar', ['c', '-C', root, '.'], { maxBuffer: 1 << 28 });
  const answer = await docker.importImage(archive as unknown as string, { repo: name, tag: 'latest' });
  for await (const _ of answer) {
    // read to its end
  }
}

type Host = NonNullable<ContainerCreateOptions['HostConfig']>;

async function start(
  Cmd: string[],
  HostConfig: Host = {},
  more: ContainerCreateOptions = {},
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    Image: 'hostile',
    Cmd,
    HostConfig: { NetworkMode: 'none', ...HostConfig },
    ...more,
  });
  await container.start();
  return container;
}

/** Runs a container to its end. Rejects when it cannot be started. */
async function run(...args: Parameters<typeof start>): Promise<{ code: number; out: string }> {
  const container = await start(...args);
  const { StatusCode } = (await container.wait()) as { StatusCode: number };
  return { code: StatusCode, out: await logsOf(container) };
}

async function logsOf(container: Docker.Container): Promise<string> {
  const framed = (await container.logs({ stdout: true, stderr: true })) as unknown as Buffer;
  let text = '';
  for (let at = 0; at + 8 <= framed.length; at += 8 + framed.readUInt32BE(at + 4))
    text += framed.toString('utf8', at + 8, at + 8 + framed.readUInt32BE(at + 4));
  return text;
}

/** Runs a command in a container to its end. What cannot be started is told in the output, with code 126 or 127. */
async function exec(
  container: Docker.Container,
  Cmd: string[],
  options: Docker.ExecCreateOptions = {},
): Promise<{ code: number | null; out: string }> {
  const made = await container.exec({ Cmd, AttachStdout: true, AttachStderr: true, Tty: true, ...options });
  let out = '';
  for await (const chunk of await made.start({ Tty: true })) out += String(chunk);
  return { code: (await made.inspect()).ExitCode, out };
}

async function repeat(t: TestContext, once: (i: number) => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let i = 0; i < tries; i++) await once(i);
  t.diagnostic(`${tries} tries in ${Math.round(performance.now() - began)} ms`);
}

// Fails when the executor starts the shim's file itself instead of its read-only mount.
test(
  'CVE-2019-5736: the program of the shim cannot be written to through an exec',
  { timeout },
  async (t) => {
    const shim = join(build, 'shim', 'berth-shim');
    const facts = (): number[] => [statSync(shim).size, statSync(shim).mtimeMs, statSync(shim).mode];
    const before = facts();
    const container = await start(['attacker', 'executables'], { CapAdd: ['SYS_PTRACE'] });
    await repeat(t, async () => {
      assert.equal((await exec(container, ['true'])).code, 0);
    });
    const seen = (await logsOf(container)).trim().split('\n');
    t.diagnostic(seen.join(', '));
    for (const line of seen)
      assert.match(
        line,
        /^(watching: yes|(open|chmod|truncate): Read-only file system|open: Text file busy)$/,
      );
    assert.deepEqual(facts(), before);
  },
);

// Fails when child_enter leaves descriptors open and check_directory does nothing.
test('CVE-2024-21626: no descriptor of the shim leads an exec out', { timeout }, async () => {
  const container = await start(['sleep', '600'], { CapAdd: ['SYS_PTRACE'] });
  for (let fd = 3; fd < 18; fd++)
    for (const directory of [`/proc/self/fd/${fd}`, `/proc/self/fd/${fd}/..`]) {
      const moved = await exec(container, ['true'], { WorkingDir: directory });
      assert.notEqual(moved.code, 0, `${directory}: ${moved.out}`);
      const program = await exec(container, [`${directory}/bin/true`]);
      assert.notEqual(program.code, 0, `${directory}/bin/true`);
    }
});

// Fails when give_up_all leaves descriptors open (the program) and check_directory does nothing besides.
test('CVE-2024-21626: no descriptor of the shim leads a container out', { timeout }, async () => {
  for (let fd = 3; fd < 18; fd++) {
    await assert.rejects(
      start([`/proc/self/fd/${fd}/../bin/true`]),
      /no such file or directory|not a directory/,
    );
    await assert.rejects(start(['true'], {}, { WorkingDir: `/proc/self/fd/${fd}` }), /cwd|mkdir/);
  }
});

// Fails as the one before it, when the descriptor is one of those left open.
test(
  'CVE-2024-21626: an exec is in the directory of its container, whatever is swapped meanwhile',
  { timeout },
  async (t) => {
    const swap = 'mkdir -p /swap/directory; ln -s /proc/self/fd/7/.. /swap/link; stat -c %i /swap/directory';
    const container = await start(['sh', '-c', `${swap}; exec attacker exchange /swap/directory /swap/link`]);
    while (!(await logsOf(container)).includes('swapping')) await new Promise(setImmediate);
    const inode = (await logsOf(container)).split('\n')[0];
    let reached = 0;
    await repeat(t, async (i) => {
      const { code, out } = await exec(container, ['stat', '-c', '%i', '.'], {
        WorkingDir: '/swap/directory',
        User: 'root',
      });
      assert.ok(code !== 0 || out.trim() === inode, `try ${i}: ${out}`);
      if (code === 0) reached++;
    });
    t.diagnostic(`${reached} ran in the directory, the others were refused`);
  },
);

// Fails when the default profile is not loaded, or for the machine's first ABI only.
test(
  'forbidden system calls are forbidden by every ABI, also in a privileged exec',
  { timeout },
  async () => {
    const all = (out: string): void => {
      const lines = out.trim().split(/\r?\n/);
      assert.ok(lines.length > 17);
      assert.deepEqual(
        lines.filter((line) => !line.endsWith(': Operation not permitted')),
        [],
      );
    };
    all((await run(['attacker', 'calls'])).out);
    const container = await start(['sleep', '600']);
    all((await exec(container, ['attacker', 'calls'])).out);
    // More capabilities, the same filter.
    all((await exec(container, ['attacker', 'calls'], { Privileged: true })).out);
  },
);

// Fails without the default profile: a container may then make user namespaces.
test('CVE-2022-0492: no release agent, and no user namespace to look for one in', { timeout }, async () => {
  for (const CgroupnsMode of ['host', 'private'] as const) {
    const { out } = await run(['attacker', 'release-agent'], { CgroupnsMode } as Host);
    assert.equal(out, 'as it is remount: Operation not permitted\nunshare: Operation not permitted\n');
  }
});

// Fails when an exec of the shim passes a descriptor on.
test('leaked descriptors: a health check has its streams alone', { timeout }, async () => {
  const container = await start(
    ['sleep', '600'],
    {},
    {
      Healthcheck: {
        Test: ['CMD', 'attacker', 'descriptors'],
        Interval: 1e9,
        StartInterval: 1e8,
        StartPeriod: 6e10,
      },
    },
  );
  type Health = { Log?: { Output: string }[] };
  const checks = async (): Promise<string[]> =>
    ((await container.inspect()).State as { Health?: Health }).Health?.Log?.map(({ Output }) => Output) ?? [];
  const deadline = Date.now() + 20_000;
  while ((await checks()).length === 0 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const lines = (await checks())[0]?.trim().split('\n') ?? [];
  assert.deepEqual(lines.map((line) => line.split(' ')[0]).sort(), ['0', '1', '2'], lines.join('\n'));
  for (const line of lines) assert.match(line, /^(0 character 1:3 \/dev\/null|[12] pipe 0:0 pipe:\[\d+\])$/);
});

/** The content of the files of an archive, by name. */
async function filesOf(archive: NodeJS.ReadableStream): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const unpacked = extract();
  archive.pipe(unpacked);
  for await (const entry of unpacked) {
    let text = '';
    for await (const chunk of entry) text += String(chunk);
    files.set(entry.header.name, text);
  }
  return files;
}

async function archiveOf(name: string, content: string): Promise<Buffer> {
  const packed = pack();
  packed.entry({ name, uname: 'nobody', gname: 'nogroup' }, content);
  packed.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

// Fails when the archive's program does not make the container's root its own (view.c) and resolves paths from the host's.
test(
  'CVE-2018-15664: copies stay in the container, whatever is swapped meanwhile',
  { timeout: 3 * timeout },
  async (t) => {
    const host = join(scratch, 'copied');
    mkdirSync(host);
    writeFileSync(join(host, 'secret'), "the host's");
    const swap = `mkdir -p /swap/directory; echo inside > /swap/directory/secret; ln -s ${host} /swap/link`;
    const container = await start(['sh', '-c', `${swap}; exec attacker exchange /swap/directory /swap/link`]);
    while (!(await logsOf(container)).includes('swapping')) await new Promise(setImmediate);
    let [got, put] = [0, 0];
    await repeat(t, async (i) => {
      for (const path of ['/swap/directory/secret', '/swap/directory/.']) {
        const archive = await container.getArchive({ path }).catch(() => undefined);
        if (!archive) continue;
        for (const [name, content] of await filesOf(archive))
          assert.notEqual(content, "the host's", `try ${i}: ${name} of ${path}`);
        got++;
      }
      const sent = container.putArchive(await archiveOf(`planted-${i}`, 'planted'), {
        path: '/swap/directory',
      });
      put += await sent.then(
        () => 1,
        () => 0,
      );
      assert.deepEqual(readdirSync(host), ['secret'], `try ${i}`);
    });
    t.diagnostic(`${got} of ${2 * tries} were read, ${put} of ${tries} were written`);
    assert.ok(got > 0 && put > 0);
  },
);

// Fails when the program looks users up (getpwnam) once it is in the container's root and that could be executed from.
test('CVE-2019-14271: copies load nothing from the image', { timeout }, async () => {
  const poison = join(build, 'test', 'poison.so');
  await makeImage('poisoned', (root) => {
    const nss = ['files', 'dns', 'compat', 'poison', 'systemd'].map((name) => `libnss_${name}.so.2`);
    const libraries = [
      ...nss,
      'libc.so.6',
      'gconv/ISO8859-1.so',
      'gconv/UTF-16.so',
      'libidn2.so.0',
      'libgcc_s.so.1',
    ];
    for (const directory of [
      'lib',
      'lib64',
      'usr/lib',
      'usr/lib64',
      'lib/x86_64-linux-gnu',
      'usr/lib/x86_64-linux-gnu',
    ])
      for (const library of libraries) {
        mkdirSync(dirname(join(root, directory, library)), { recursive: true });
        copyFileSync(poison, join(root, directory, library));
      }
    writeFileSync(
      join(root, 'etc/nsswitch.conf'),
      'passwd: poison files\ngroup: poison files\nhosts: poison files\n',
    );
    writeFileSync(join(root, 'etc/ld.so.preload'), '/lib/libnss_poison.so.2\n');
    writeFileSync(
      join(root, 'usr/lib/x86_64-linux-gnu/gconv/gconv-modules'),
      'module INTERNAL UTF-8// /lib/poison 1\n',
    );
    writeFileSync(join(root, 'etc/named'), 'of a user without a name', { mode: 0o644 });
    chownSync(join(root, 'etc/named'), 4321, 4321);
  });
  for (const running of [true, false]) {
    const container = await start(running ? ['sleep', '600'] : ['true'], {}, { Image: 'poisoned' });
    if (!running) await container.wait();
    await filesOf(await container.getArchive({ path: '/etc' }));
    await container.putArchive(await archiveOf('n\u00e4me', 'put'), { path: '/tmp' });
    await container.putArchive(await archiveOf('owned', 'put'), {
      path: '/tmp',
      copyUIDGID: 'true',
    } as never);
    const top = await filesOf(await container.getArchive({ path: '/' }));
    assert.equal(top.get('/poisoned') ?? top.get('poisoned') ?? top.get('./poisoned'), undefined);
    assert.ok([...top.keys()].some((name) => name.endsWith('tmp/owned')));
    assert.throws(() => statSync('/poisoned'), { code: 'ENOENT' });
  }
});

/** A link of an image to a file of the host, which must stay as it is. */
function outside(name: string): string {
  const file = join(scratch, 'outside', name);
  mkdirSync(dirname(file), { recursive: true });
  return file;
}

const names: Record<string, (root: string) => void> = {
  'the files of the engine': (root) => {
    for (const file of ['hosts', 'hostname', 'resolv.conf'])
      symlinkSync(outside(file), join(root, 'etc', file));
  },
  'its working directory': (root) => {
    rmSync(join(root, 'work'), { recursive: true });
    symlinkSync(outside('work'), join(root, 'work'));
  },
  '/dev, /etc/mtab and /dev/shm': (root) => {
    symlinkSync(outside('dev'), join(root, 'dev'));
    symlinkSync(outside('mtab'), join(root, 'etc/mtab'));
  },
  'where a volume goes': (root) => symlinkSync(outside('volumes'), join(root, 'data')),
};
for (const [what, change] of Object.entries(names))
  // Fails when fd_open_in_root resolves without RESOLVE_IN_ROOT.
  test(`links of an image out of its root make nothing on the host: ${what}`, { timeout }, async () => {
    mkdirSync(join(scratch, 'outside'), { recursive: true });
    const image = `links-${randomBytes(3).toString('hex')}`;
    await makeImage(image, change);
    const { code, out } = await run(
      ['sh', '-c', 'stat -c %i . /etc/hosts && cat /data/below/from 2>/dev/null; true'],
      { Binds: [`below-${image}:/data/below`] },
      { Image: image, WorkingDir: '/work', User: '0:0' },
    );
    assert.equal(code, 0, out);
    assert.deepEqual(readdirSync(join(scratch, 'outside')), []);
  });

const passwds: Record<string, [(file: string) => void, RegExp | undefined]> = {
  'a pipe': [(file) => execFileSync('mkfifo', [file]), undefined],
  'a device': [(file) => execFileSync('mknod', [file, 'c', '241', '99']), undefined],
  'a directory': [(file) => mkdirSync(file), undefined],
  'a link to itself': [(file) => symlinkSync('passwd', file), undefined],
  'a link to the host': [(file) => symlinkSync('/proc/1/root/etc/passwd', file), undefined],
  'of 32 MiB': [(file) => writeFileSync(file, Buffer.alloc(32 << 20, 'x')), /more than/],
};
for (const [what, [make, refusal]] of Object.entries(passwds))
  // Fails (by waiting, or with the device's error) when it is opened before it is known to be a file; the last without a limit.
  test(`an image whose /etc/passwd is ${what}`, { timeout }, async () => {
    const image = `passwd-${randomBytes(3).toString('hex')}`;
    await makeImage(image, (root) => {
      rmSync(join(root, 'etc/passwd'));
      make(join(root, 'etc/passwd'));
    });
    const started = run(['stat', '-c', '%u', '/proc/self/'], {}, { Image: image, User: '1234' });
    if (refusal) await assert.rejects(started, refusal);
    else assert.deepEqual(await started, { code: 0, out: '1234\n' });
    await assert.rejects(
      run(['true'], {}, { Image: image, User: 'daemon' }),
      refusal ?? /unable to find user daemon/,
    );
  });

// Fails (by never ending) when whatever calls itself a file is read: the kernel's log waits for what is to come.
test('an exec waits for no file of the kernel that a container names /etc/passwd', { timeout }, async () => {
  const container = await start(['sleep', '600']);
  const named = await exec(container, [
    'sh',
    '-c',
    'cd /etc && ln -sf /proc/kmsg passwd && ln -sf /proc/kmsg group',
  ]);
  assert.equal(named.code, 0, named.out);
  assert.equal(
    (await exec(container, ['stat', '-c', '%u', '/proc/self/'], { User: '1234' })).out.trim(),
    '1234',
  );
  await assert.rejects(exec(container, ['true'], { User: 'daemon' }), /unable to find user daemon/);
});

// Fails when a name is read to its first NUL only, as C does: the user would be nobody in particular, and that is root.
test('a name with a NUL inside is not the name before it', { timeout }, async () => {
  const nul = '\0';
  await assert.rejects(run(['true'], {}, { User: `1234${nul}` }), /unable to find user 1234/);
  await assert.rejects(run(['true'], { GroupAdd: [`root${nul}x`] }), /unable to find group root/);
  await assert.rejects(run(['true'], { Sysctls: { [`net.ipv4.ip_forward${nul}`]: '1' } }), /sysctl/);
  const container = await start(['sleep', '600']);
  await assert.rejects(exec(container, ['true'], { User: `1234${nul}` }), /unable to find user 1234/);
});

// CVE-2021-41091, and what is in the rows of containers.
test("the engine's data is nobody else's", () => {
  const mode = (name: string): string => (statSync(join(daemon.root, name)).mode & 0o777).toString(8);
  assert.equal(mode('data'), '710');
  for (const name of ['berth.db', 'berth.db-wal', 'berth.db-shm']) assert.equal(mode(`data/${name}`), '600');
  assert.equal(mode('exec/shims'), '700');
});
