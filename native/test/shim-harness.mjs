/**
 * Starts real shims on a busybox root file system for the tests, and talks to them as the daemon does. `SHIM_RUNTIME` names
 * another OCI runtime to run the same cases on; without it the built-in one is used.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const build = process.env.BERTH_NATIVE_BUILD ?? path.resolve(import.meta.dirname, '../build');
export const shimPath = path.join(build, 'shim', 'berth-shim');
export const launchPath = path.join(build, 'shim', 'shim-launch');
export const runtime = process.env.SHIM_RUNTIME ?? '';
const applets =
  'sh true false cat echo sleep seq head tail tr yes dd stty tty ls printf kill id wc sync mkdir rm env ps grep'.split(' ');

/** Percent-encodes a value of the line protocol. */
export function encode(value) {
  return [...Buffer.from(value)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_.:/,-]/.test(char) ? char : '%' + byte.toString(16).padStart(2, '0').toUpperCase();
    })
    .join('');
}

/** A connection to a shim's control socket: requests are answered by number, events are collected. */
export class Control {
  static async open(socketPath) {
    const socket = net.connect(socketPath);
    await once(socket, 'connect');
    return new Control(socket);
  }

  constructor(socket) {
    this.socket = socket;
    this.seq = 0;
    this.pending = new Map();
    this.events = [];
    this.waiters = [];
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    // A shim may end with connections not yet accepted: nobody answers those.
    socket.once('close', () => {
      for (const resolve of this.pending.values()) resolve({ ok: false, closed: true });
      this.pending.clear();
    });
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop();
      for (const line of lines) this.#line(line);
    });
  }

  #line(line) {
    const [head, kind, ...rest] = line.split(' ');
    const fields = {};
    for (const field of rest) {
      const at = field.indexOf('=');
      fields[field.slice(0, at)] = decodeURIComponent(field.slice(at + 1));
    }
    if (head === 'event') {
      this.events.push({ kind, ...fields });
      for (const waiter of this.waiters.splice(0)) waiter();
    } else {
      this.pending.get(Number(head))?.({ ok: kind === 'ok', ...fields });
      this.pending.delete(Number(head));
    }
  }

  /** Sends a request and resolves to its answer. */
  ask(verb, fields = {}) {
    const seq = ++this.seq;
    const words = Object.entries(fields).map(([key, value]) => ` ${key}=${encode(String(value))}`);
    if (this.socket.destroyed) return Promise.resolve({ ok: false, closed: true });
    return new Promise((resolve) => {
      this.pending.set(seq, resolve);
      this.socket.write(`${seq} ${verb}${words.join('')}\n`);
    });
  }

  /** Resolves to the first event of this kind that matches, past or to come. */
  async event(kind, match = {}) {
    for (;;) {
      const found = this.events.find(
        (event) => event.kind === kind && Object.entries(match).every(([key, value]) => event[key] === value),
      );
      if (found) return found;
      await new Promise((resolve) => this.waiters.push(resolve));
    }
  }

  close() {
    this.socket.destroy();
  }
}

/** What a client of attach has received; `ended` resolves when the shim closes the stream. */
export class Attached {
  constructor(socket) {
    this.socket = socket;
    this.chunks = [];
    this.length = 0;
    this.waiters = [];
    this.ended = new Promise((resolve) => socket.once('end', resolve));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.length += chunk.length;
      for (const waiter of this.waiters.splice(0)) waiter();
    });
  }

  get bytes() {
    return Buffer.concat(this.chunks);
  }

  /** The payloads of the frames of a stream (1 stdout, 2 stderr), joined. */
  stream(index) {
    const all = this.bytes;
    const parts = [];
    for (let at = 0; at + 8 <= all.length; ) {
      const length = all.readUInt32BE(at + 4);
      if (all[at] === index) parts.push(all.subarray(at + 8, at + 8 + length));
      at += 8 + length;
    }
    return Buffer.concat(parts).toString('latin1');
  }

  async until(predicate) {
    while (!predicate(this)) await new Promise((resolve) => this.waiters.push(resolve));
  }
}

/** A container under a shim of its own. Dispose of it to leave nothing behind. */
export class Container {
  /**
   * @param options.args     the command
   * @param options.tty, options.openStdin, options.stdinOnce, options.log ('json-file' or 'none'), options.params (more launch keys)
   * @param options.edit     changes the OCI config before it is written
   */
  static async launch(options = {}) {
    const container = new Container(options);
    const answer = container.#start();
    if (!answer.ok) {
      container.remove();
      throw new Error(decodeURIComponent(answer.text));
    }
    container.shimPid = Number(/shim=(\d+)/.exec(answer.text)?.[1]);
    container.pid = Number(/pid=(\d+)/.exec(answer.text)?.[1]);
    container.control = await container.connect();
    await container.control.ask('subscribe');
    return container;
  }

  constructor(options) {
    this.options = options;
    this.id = randomBytes(32).toString('hex');
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), 'berth-shim-test-'));
    this.bundle = path.join(this.root, 'bundle');
    this.state = path.join(this.root, 'state');
    fs.mkdirSync(path.join(this.state, 'below'), { recursive: true });
    this.log = path.join(this.root, 'log.json');
    this.socket = path.join(this.root, 'shim.sock');
    const rootfs = path.join(this.bundle, 'rootfs');
    for (const directory of ['bin', 'proc', 'dev', 'sys', 'tmp', 'etc'])
      fs.mkdirSync(path.join(rootfs, directory), { recursive: true });
    fs.copyFileSync('/usr/bin/busybox', path.join(rootfs, 'bin/busybox'));
    for (const applet of applets) fs.symlinkSync('busybox', path.join(rootfs, 'bin', applet));
    fs.writeFileSync(path.join(this.bundle, 'config.json'), JSON.stringify(this.#spec()));
  }

  #spec() {
    const spec = JSON.parse(fs.readFileSync(path.join(import.meta.dirname, 'shim-config.json'), 'utf8'));
    spec.process.args = this.options.args ?? ['true'];
    spec.process.terminal = Boolean(this.options.tty);
    spec.linux.cgroupsPath = `/berth-shim-test-${this.id.slice(0, 16)}`;
    this.options.edit?.(spec);
    this.spec = spec;
    return spec;
  }

  #start() {
    const { tty, openStdin, stdinOnce, log = 'json-file', params = {} } = this.options;
    const keys = {
      id: this.id,
      socket: this.socket,
      statedir: this.state,
      bundle: this.bundle,
      tty: tty ? 1 : 0,
      openstdin: openStdin ? 1 : 0,
      stdinonce: stdinOnce ? 1 : 0,
      log,
      logpath: this.log,
      ...params,
    };
    if (runtime) Object.assign(keys, { runtime, runtimeroot: path.join(this.root, 'runtime') });
    const words = Object.entries(keys).map(([key, value]) => `${key}=${encode(String(value))}`);
    const config = runtime ? '-' : path.join(this.bundle, 'config.json');
    const run = spawnSync(launchPath, ['launch', shimPath, config, ...words], { encoding: 'utf8', timeout: 20_000 });
    return { ok: run.status === 0, text: run.stdout + run.stderr };
  }

  connect() {
    return Control.open(this.socket);
  }

  /** Attaches on a connection of its own. */
  async attach(fields = {}) {
    const socket = net.connect({ path: this.socket, allowHalfOpen: true });
    await once(socket, 'connect');
    const words = Object.entries({ stdout: 1, stderr: 1, framed: 1, ...fields });
    socket.write('1 attach ' + words.map(([key, value]) => `${key}=${encode(String(value))}`).join(' ') + '\n');
    let head = '';
    while (!head.includes('\n')) {
      const byte = socket.read(1);
      if (byte) head += byte;
      else await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
      if (socket.destroyed && !head.includes('\n')) throw new Error('closed before the answer');
    }
    if (!head.startsWith('1 ok')) throw new Error(head);
    socket.removeAllListeners('readable');
    const attached = new Attached(socket);
    socket.resume();
    // Until the change from 'readable' to flowing is done, a pause() of the test would have no effect.
    await new Promise(setImmediate);
    return attached;
  }

  /** Makes an exec; the plan travels by the helper program, for Node cannot send descriptors to a socket. */
  exec(id, args, { tty = false, stdin = false, process: changes = {} } = {}) {
    const file = path.join(this.root, `exec-${id}.json`);
    fs.writeFileSync(file, JSON.stringify({ ...this.spec.process, terminal: tty, args, ...changes }));
    const line = `1 exec id=${id} tty=${tty ? 1 : 0} stdin=${stdin ? 1 : 0}`;
    const words = ['exec', this.socket, file, line];
    const run = spawnSync(launchPath, words, { encoding: 'utf8', timeout: 20_000 });
    return { ok: run.status === 0, text: run.stdout + run.stderr };
  }

  start() {
    return this.control.ask('start');
  }

  exited() {
    return this.control.event('exit');
  }

  logLines() {
    return fs
      .readFileSync(this.log, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** Kills what runs, waits for the shim's end, removes the files. */
  async [Symbol.asyncDispose]() {
    if (this.control?.socket.destroyed) this.control = await this.connect().catch(() => undefined);
    if (this.control) {
      const { state, closed } = await this.control.ask('hello');
      if (!closed && state !== 'stopped') {
        if (state === 'created') await this.control.ask('forget');
        else {
          if (state === 'paused') await this.control.ask('resume');
          await this.control.ask('subscribe');
          await this.control.ask('kill', { signal: 9 });
          await this.exited();
          await this.control.ask('forget');
        }
      } else await this.control.ask('forget');
      await this.control.closed;
    }
    this.remove();
  }

  remove() {
    execFileSync('rm', ['-rf', this.root]);
  }
}
