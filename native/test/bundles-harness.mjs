/**
 * Bundles on a busybox root file system, driven through the command line that all OCI runtimes share. What a runtime writes
 * goes to files: a container that outlives the command would keep a pipe open.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const build = process.env.BERTH_NATIVE_BUILD ?? path.resolve(import.meta.dirname, '../build');
export const receiverPath = path.join(build, 'test', 'console-receiver');
const applets =
  'sh true false cat echo sleep ls printf kill id mkdir mknod env readlink sort wc touch tty stty hostname umask head rm trap'.split(' ');

/** Makes a root file system in which `sh` and a few more work. */
function makeRootfs(directory) {
  for (const name of ['bin', 'proc', 'sys', 'dev', 'tmp', 'etc', 'mnt', 'work']) {
    fs.mkdirSync(path.join(directory, name), { recursive: true });
  }
  fs.copyFileSync('/usr/bin/busybox', path.join(directory, 'bin/busybox'));
  for (const name of applets) fs.symlinkSync('busybox', path.join(directory, 'bin', name));
  fs.writeFileSync(path.join(directory, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/home/user:/bin/sh\n');
  fs.writeFileSync(path.join(directory, 'etc/plain'), 'not executable\n');
}

const capabilities = ['CAP_CHOWN', 'CAP_KILL', 'CAP_MKNOD', 'CAP_NET_BIND_SERVICE', 'CAP_SETUID', 'CAP_SETGID'];

/** A specification such as engines write; `change` edits it. */
export function specification(args, change = () => {}) {
  const spec = {
    ociVersion: '1.0.2',
    process: {
      user: { uid: 0, gid: 0 },
      args,
      env: ['PATH=/bin', 'GIVEN=as it is'],
      cwd: '/',
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
      rlimits: [{ type: 'RLIMIT_NOFILE', hard: 512, soft: 256 }],
      noNewPrivileges: false,
    },
    root: { path: 'rootfs' },
    hostname: 'bundle',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc', options: ['nosuid', 'noexec', 'nodev'] },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'] },
      {
        destination: '/dev/pts',
        type: 'devpts',
        source: 'devpts',
        options: ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      { destination: '/dev/mqueue', type: 'mqueue', source: 'mqueue', options: ['nosuid', 'noexec', 'nodev'] },
      { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=1m'] },
    ],
    linux: {
      resources: {},
      namespaces: ['pid', 'network', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/sys/firmware', '/proc/no-such'],
      readonlyPaths: ['/proc/bus', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
  change(spec);
  return spec;
}

/** The words of a failure without what each runtime puts before them, and without the time of a log line. */
export function reason(text) {
  const last = text.trimEnd().split('\n').at(-1);
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1].replace(/\\(.)/g, '$1') ?? last;
  return message
    .replace(/^(?:runc|crun|berth-runtime) (?:create|run) failed: /, '')
    .replace(/^exec failed: /, '')
    .replace(/^unable to start container process: /, '')
    .replace(/^error during container init: /, '');
}

let serial = 0;

/** One bundle with one container id, on one runtime; disposing of it leaves nothing. */
export class Bundle {
  constructor(runtime, spec) {
    this.runtime = runtime;
    this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'berth-bundle-'));
    this.root = path.join(this.directory, 'state');
    this.bundle = path.join(this.directory, 'bundle');
    this.id = `bundle-${process.pid}-${++serial}`;
    makeRootfs(path.join(this.bundle, 'rootfs'));
    if (spec) {
      spec.linux.cgroupsPath ??= `/berth-bundles-${process.pid}/${this.id}`;
      this.cgroupsPath = spec.linux.cgroupsPath;
      this.write(typeof spec === 'string' ? spec : JSON.stringify(spec));
    }
  }

  write(text) {
    fs.writeFileSync(path.join(this.bundle, 'config.json'), text);
  }

  file(name) {
    return path.join(this.directory, name);
  }

  #open(input) {
    const stdin = this.file('stdin');
    fs.writeFileSync(stdin, input);
    const at = ++serial;
    const names = [this.file(`out-${at}`), this.file(`err-${at}`)];
    return { names, fds: [fs.openSync(stdin, 'r'), fs.openSync(names[0], 'w'), fs.openSync(names[1], 'w')] };
  }

  /** Runs a command to its end: its exit code, and what has been written by then. */
  command(args, { input = '', options = [], wrap = [] } = {}) {
    const { names, fds } = this.#open(input);
    const [program, ...rest] = [...wrap, this.runtime.path, '--root', this.root, ...options, ...args];
    const { status, signal } = spawnSync(program, rest, { stdio: fds, timeout: 20_000, cwd: this.bundle });
    for (const fd of fds) fs.closeSync(fd);
    const read = () => names.map((name) => fs.readFileSync(name, 'utf8'));
    const [stdout, stderr] = read();
    return { code: status ?? `killed by ${signal}`, stdout, stderr, read };
  }

  /** Starts a command without waiting for it; `ended` gives its exit code. */
  begin(args) {
    const { names, fds } = this.#open('');
    const child = spawn(this.runtime.path, ['--root', this.root, ...args], { stdio: fds, cwd: this.bundle });
    for (const fd of fds) fs.closeSync(fd);
    const ended = once(child, 'exit').then(([code, signal]) => code ?? signal);
    return { child, ended, read: () => names.map((name) => fs.readFileSync(name, 'utf8')) };
  }

  run(...options) {
    return this.command(['run', ...options, this.id]);
  }

  create(...options) {
    return this.command(['create', ...options, this.id]);
  }

  /** A command whose only argument is the id. */
  on(name, ...options) {
    return this.command([name, ...options, this.id]);
  }

  exec(...args) {
    const at = args.findIndex((arg) => !arg.startsWith('-'));
    return this.command(['exec', ...args.slice(0, at), this.id, ...args.slice(at)]);
  }

  /** exec with options that take values: the id stands between `options` and `args`. */
  execWith(options, ...args) {
    return this.command(['exec', ...options, this.id, ...args]);
  }

  state() {
    const { code, stdout } = this.on('state');
    return code === 0 ? JSON.parse(stdout) : undefined;
  }

  status() {
    return this.state()?.status;
  }

  /** Waits until `state` says so. */
  async reaches(status, withinMs = 5000) {
    for (const deadline = Date.now() + withinMs; Date.now() < deadline; ) {
      if (this.status() === status) return status;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return this.status();
  }

  [Symbol.dispose]() {
    this.on('delete', '--force');
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Where a controller's files of the container are, on either version. */
export function cgroupFile(cgroupsPath, controller, v1, v2) {
  const unified = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');
  return unified ? path.join('/sys/fs/cgroup', cgroupsPath, v2) : path.join('/sys/fs/cgroup', controller, cgroupsPath, v1);
}

/** Removes the parent of all containers' cgroups. */
export function removeCgroups() {
  const name = `berth-bundles-${process.pid}`;
  const roots = ['/sys/fs/cgroup', ...fs.readdirSync('/sys/fs/cgroup').map((entry) => path.join('/sys/fs/cgroup', entry))];
  for (const root of roots) {
    const directory = path.join(root, name);
    try {
      for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
        if (entry.isDirectory()) fs.rmdirSync(path.join(directory, entry.name));
      }
      fs.rmdirSync(directory);
    } catch {
      // not there, or still in use: the leak check of the suite tells
    }
  }
}

/** The runtimes of this machine, each with the reason why it cannot be used here, if there is one. */
export function findRuntimes() {
  const known = [
    { name: 'runc', path: '/usr/sbin/runc' },
    { name: 'crun', path: '/usr/bin/crun' },
    { name: 'berth-runtime', path: path.join(build, 'runtime', 'berth-runtime') },
  ].filter((runtime) => fs.existsSync(runtime.path));
  for (const runtime of known) {
    using trial = new Bundle(runtime, specification(['true']));
    const { code, stderr } = trial.run();
    if (code !== 0) runtime.skip = `${runtime.name} does not run here: ${stderr.trim()}`;
  }
  return known;
}
