/**
 * OCI bundles on a busybox root file system, and the runtimes that run them. Reference runtimes that cannot run the
 * plainest bundle on this machine (crun refuses a hybrid cgroup layout) are left out.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const build = process.env.BERTH_NATIVE_BUILD ?? path.resolve(import.meta.dirname, '../build');
export const berth = path.join(build, 'runtime', 'berth-runtime');

const applets = (
  'sh true false cat echo sleep id ls mount stat touch mkdir rm env ps grep sort readlink hostname tty stty ' +
  'kill head tail wc ip chmod mknod dd printf test tr cut sync umount ln sed date'
).split(' ');

const capabilities = (
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL ' +
  'AUDIT_WRITE'
)
  .split(' ')
  .map((name) => `CAP_${name}`);

const mount = (destination, type, source, options) => ({ destination, type, source, options });

/** The specification Docker gives for `run busybox`, without what belongs to its own directories. */
export function dockerSpec(args) {
  return {
    ociVersion: '1.2.0',
    process: {
      user: { uid: 0, gid: 0, additionalGids: [0] },
      args,
      env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOSTNAME=box'],
      cwd: '/',
      capabilities: { bounding: [...capabilities], effective: [...capabilities], permitted: [...capabilities] },
      oomScoreAdj: 0,
    },
    root: { path: 'rootfs' },
    hostname: 'box',
    mounts: [
      mount('/proc', 'proc', 'proc', ['nosuid', 'noexec', 'nodev']),
      mount('/dev', 'tmpfs', 'tmpfs', ['nosuid', 'strictatime', 'mode=755', 'size=65536k']),
      mount('/dev/pts', 'devpts', 'devpts', ['nosuid', 'noexec', 'newinstance', 'ptmxmode=0666', 'mode=0620', 'gid=5']),
      mount('/sys', 'sysfs', 'sysfs', ['nosuid', 'noexec', 'nodev', 'ro']),
      mount('/sys/fs/cgroup', 'cgroup', 'cgroup', ['ro', 'nosuid', 'noexec', 'nodev']),
      mount('/dev/mqueue', 'mqueue', 'mqueue', ['nosuid', 'noexec', 'nodev']),
      mount('/dev/shm', 'tmpfs', 'shm', ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=67108864']),
    ],
    linux: {
      resources: {
        devices: [
          { allow: false, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 5, access: 'rwm' },
          { allow: true, type: 'c', major: 1, minor: 3, access: 'rwm' },
          { allow: true, type: 'c', major: 5, minor: 0, access: 'rwm' },
        ],
      },
      namespaces: [{ type: 'mount' }, { type: 'network' }, { type: 'uts' }, { type: 'pid' }, { type: 'ipc' }],
      maskedPaths: ['/proc/acpi', '/proc/kcore', '/proc/keys', '/proc/timer_list', '/proc/scsi', '/sys/firmware'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

/** A bundle directory; removed by `close`, with every container made from it. */
export class Bundle {
  constructor() {
    this.path = fs.mkdtempSync(path.join(os.tmpdir(), 'berth-side-'));
    this.rootfs = path.join(this.path, 'rootfs');
    this.used = [];
    for (const dir of ['bin', 'proc', 'sys', 'dev', 'etc', 'tmp', 'root', 'home/user', 'filled'])
      fs.mkdirSync(path.join(this.rootfs, dir), { recursive: true });
    fs.copyFileSync('/bin/busybox', path.join(this.rootfs, 'bin/busybox'));
    for (const applet of applets) fs.symlinkSync('busybox', path.join(this.rootfs, 'bin', applet));
    const etc = (name, text) => fs.writeFileSync(path.join(this.rootfs, 'etc', name), text);
    etc('passwd', 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000:User:/home/user:/bin/sh\n');
    etc('group', 'root:x:0:\nuser:x:1000:\nextra:x:1234:user\n');
    etc('plain', 'not a program\n');
    fs.writeFileSync(path.join(this.rootfs, 'filled/inside'), 'from the image\n', { mode: 0o640 });
    fs.chmodSync(this.path, 0o755);
    fs.chmodSync(path.join(this.rootfs, 'tmp'), 0o1777);
  }

  /** A file or directory of the host beside the root file system. */
  host(name, content) {
    const file = path.join(this.path, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (content === undefined) fs.mkdirSync(file, { recursive: true });
    else fs.writeFileSync(file, content);
    return file;
  }

  write(spec) {
    fs.writeFileSync(path.join(this.path, 'config.json'), JSON.stringify(spec));
  }

  close() {
    for (const [runtime, id] of this.used) runtime.call(['delete', '-f', id]);
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

export class Runtime {
  constructor(name, program) {
    this.name = name;
    this.program = program;
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), `berth-${name}-`));
  }

  /** Runs a command of the runtime. Returns {code, out, err}; quotes in the log are as they were. */
  call(args, options = {}) {
    const result = spawnSync(this.program, ['--root', path.join(this.root, 'state'), ...args], {
      encoding: 'utf8',
      timeout: 30_000,
      input: '',
      ...options,
    });
    const err = (result.stderr ?? '').replaceAll('\\"', '"');
    return { code: result.status ?? `signal ${result.signal}`, out: result.stdout ?? '', err };
  }

  /** A name for a container of the bundle, deleted with it. */
  id(bundle) {
    const id = `bt-${randomBytes(5).toString('hex')}`;
    bundle.used.push([this, id]);
    return id;
  }

  /** Runs the bundle to its end. */
  run(bundle, spec, options = {}) {
    const id = this.id(bundle);
    spec.linux.cgroupsPath = `/berth-side-test/${id}`;
    bundle.write(spec);
    return this.call(['run', '--bundle', bundle.path, id], options);
  }

  /** Creates and starts the bundle; returns its id. Output goes to a file, so that nobody waits for its end. */
  start(bundle, spec) {
    const id = this.id(bundle);
    spec.linux.cgroupsPath = `/berth-side-test/${id}`;
    bundle.write(spec);
    const file = path.join(bundle.path, 'log');
    const log = fs.openSync(file, 'a');
    try {
      for (const args of [
        ['create', '--bundle', bundle.path, id],
        ['start', id],
      ]) {
        const { code } = this.call(args, { stdio: ['ignore', log, log], input: undefined });
        if (code !== 0) throw new Error(`${args[0]}: ${fs.readFileSync(file, 'utf8')}`);
      }
    } finally {
      fs.closeSync(log);
    }
    return id;
  }

  state(id) {
    return JSON.parse(this.call(['state', id]).out);
  }

  close() {
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** The reference runtimes that work here. */
export function references() {
  const found = [];
  for (const name of ['runc', 'crun']) {
    const which = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (which.status !== 0) continue;
    const runtime = new Runtime(name, which.stdout.trim());
    const bundle = new Bundle();
    const { code } = runtime.run(bundle, dockerSpec(['true']));
    bundle.close();
    if (code === 0) found.push(runtime);
    else runtime.close();
  }
  return found;
}
