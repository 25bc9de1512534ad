/**
 * Runtimes driven by the command line that all of them share, for what goes on after a command has ended. What a runtime
 * writes goes to files: a container that outlives the command would keep a pipe open.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { berth, Bundle, dockerSpec, Runtime } from './side-by-side-harness.mjs';

const build = process.env.BERTH_NATIVE_BUILD ?? path.resolve(import.meta.dirname, '../build');
export const receiver = path.join(build, 'test', 'console-receiver');
const cgroupParent = '/berth-bundle-test';
/** How long one command may take; emulated machines ask for more. */
export const commandTimeoutMs = Number(process.env.BERTH_TEST_TIMEOUT_MS ?? 20_000);
let serial = 0;

/** One OCI runtime with a state directory of its own. */
export class CommandLine extends Runtime {
  #files(input) {
    const at = path.join(this.root, `call-${++serial}`);
    fs.writeFileSync(`${at}.in`, input);
    const names = [`${at}.out`, `${at}.err`];
    const fds = [fs.openSync(`${at}.in`, 'r'), ...names.map((name) => fs.openSync(name, 'w'))];
    return { fds, read: () => names.map((name) => fs.readFileSync(name, 'utf8')) };
  }

  #arguments(args, options = []) {
    return ['--root', path.join(this.root, 'state'), ...options, ...args];
  }

  /**
   * Runs a command to its end.
   * @param input    what is on its stdin
   * @param options  more global options
   * @returns its exit code, what was written by then, and `read` for what has been written since
   */
  call(args, { input = '', options } = {}) {
    const { fds, read } = this.#files(input);
    const { status, signal } = spawnSync(this.program, this.#arguments(args, options), { stdio: fds, timeout: commandTimeoutMs });
    for (const fd of fds) fs.closeSync(fd);
    const [out, err] = read();
    return { code: status ?? signal, out, err, read };
  }

  /** Starts a command; `ended` resolves to what `call` returns. */
  begin(args) {
    const { fds, read } = this.#files('');
    const child = spawn(this.program, this.#arguments(args), { stdio: fds });
    for (const fd of fds) fs.closeSync(fd);
    const ended = once(child, 'exit').then(([code, signal]) => {
      const [out, err] = read();
      return { code: code ?? signal, out, err };
    });
    return { child, ended, read };
  }

  /** Writes the specification with a cgroup of its own; returns the container's name. */
  prepare(bundle, spec) {
    const id = this.id(bundle);
    bundle.write({ ...spec, ociVersion: '1.0.2', linux: { ...spec.linux, cgroupsPath: `${cgroupParent}/${id}` } });
    return id;
  }

  /** Runs a container to its end. */
  run(bundle, spec) {
    return this.call(['run', '--bundle', bundle.path, this.prepare(bundle, spec)]);
  }

  create(bundle, spec, ...options) {
    const id = this.prepare(bundle, spec);
    return { id, ...this.call(['create', '--bundle', bundle.path, ...options, id]) };
  }

  /** Creates and starts a container; returns its name. */
  start(bundle, spec) {
    const { id, code, err } = this.create(bundle, spec);
    if (code !== 0) throw new Error(`${this.name} create: ${err}`);
    const started = this.call(['start', id]);
    if (started.code !== 0) throw new Error(`${this.name} start: ${started.err}`);
    return id;
  }

  /** The OCI state, undefined when there is no such container. */
  state(id) {
    const { code, out } = this.call(['state', id]);
    return code === 0 ? JSON.parse(out) : undefined;
  }

  /** Waits as long as a command may take until the container is in this status; returns the one it is in. */
  async reaches(id, status) {
    const deadline = Date.now() + commandTimeoutMs;
    for (;;) {
      const now = this.state(id)?.status;
      if (now === status || Date.now() > deadline) return now;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** The path of a cgroup file of a container on this machine's layout. */
export function cgroupFile(id, controller, v1, v2 = v1) {
  const unified = fs.existsSync('/sys/fs/cgroup/cgroup.controllers');
  return path.join('/sys/fs/cgroup', unified ? '' : controller, cgroupParent, id, unified ? v2 : v1);
}

/** The words of a failure, without what each runtime puts before them and without the dress of a log line. */
export function reason(text) {
  const last = text.trimEnd().split('\n').at(-1);
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(last)?.[1].replace(/\\(.)/g, '$1') ?? last;
  let words = message;
  for (let before; before !== words; ) {
    before = words;
    words = words.replace(/^(?:(?:[a-z-]+ )?(?:run|create|exec) failed|unable to start container process|error during container init): /, '');
  }
  return words;
}

/** The runtimes of this machine, Berth's first; `skip` says why one cannot be used here. */
export function commandLines() {
  return [
    ['berth-runtime', berth],
    ['runc', '/usr/sbin/runc'],
    ['crun', '/usr/bin/crun'],
  ]
    .filter(([, program]) => fs.existsSync(program))
    .map(([name, program]) => {
      const runtime = new CommandLine(name, program);
      const bundle = new Bundle();
      const { code, err } = runtime.run(bundle, dockerSpec(['true']));
      bundle.close();
      if (code !== 0) runtime.skip = `${name} does not run here: ${err.trim()}`;
      return runtime;
    });
}

/** Removes the parent of the containers' cgroups, where it was made, with what a failed create of crun leaves. */
export function removeCgroups() {
  for (const controller of ['', ...fs.readdirSync('/sys/fs/cgroup')]) {
    const parent = path.join('/sys/fs/cgroup', controller, cgroupParent);
    if (!fs.existsSync(parent)) continue;
    for (const entry of fs.readdirSync(parent, { withFileTypes: true }))
      if (entry.isDirectory()) fs.rmdirSync(path.join(parent, entry.name));
    fs.rmdirSync(parent);
  }
}
