import { randomBytes } from 'node:crypto';
import { conflict, internal, invalidArgument, notFound, EngineError } from '../../errors.ts';
import type { Executor } from '../../host/executor.ts';
import { logger } from '../../log.ts';
import type { ShimClient } from '../../runtime/shim-client.ts';
import { ClientStream, type Connection } from '../client-stream.ts';
import type { Container } from '../container.ts';
import { defaultDetachKeys, parseDetachKeys } from '../detach-keys.ts';
import { frame } from '../frame.ts';
import { runsOrWill } from '../lifecycle/lock.ts';
import { terminalSize } from '../resize.ts';
import type { Containers } from '../service.ts';
import { Exec, type ExecConfig } from './exec.ts';
import { boundingCapabilities, execProcess, readBundleProcess } from './process.ts';
import { startFailure } from './start-error.ts';

const log = logger('exec');

/** How long an exec that has ended can still be inspected, as in the reference. */
const REMEMBER_MS = 5 * 60_000;
/** How long a resize waits for an exec that has not been started. */
const RESIZE_WAIT_MS = 10_000;

export interface ExecStartOptions {
  /** What the start request says of a terminal: decides about frames, not about the process. */
  tty: boolean;
  /** Rows, columns; undefined for those of create. */
  consoleSize: readonly [number, number] | undefined;
}

export interface ExecDeps {
  containers: Pick<Containers, 'get' | 'find' | 'publish'>;
  executor: Pick<Executor, 'request'>;
  /** Directory of the running container's `config.json`. */
  bundleOf: (containerId: string) => string;
  /** Whether another OCI runtime than ours runs the container. */
  isExternal: (container: Container) => boolean;
}

/** What became of a probe that could be started. */
export interface ProbeAnswer {
  exitCode: number;
  /** It did not end in time and was killed. */
  late: boolean;
  /** Both streams, as it was written. */
  output: string;
  /** There was more output. */
  cut: boolean;
}

/** Further processes in running containers. They are remembered in memory only: no daemon outlives a client's exec. */
export class ExecService {
  readonly #deps: ExecDeps;
  readonly #execs = new Map<string, Exec>();
  readonly #watchedContainers = new WeakSet<Container>();
  readonly #watchedShims = new WeakSet<ShimClient>();
  /** Shims that have been given what probes are made from. */
  readonly #probed = new WeakMap<ShimClient, Promise<unknown>>();
  #capabilities: Promise<string[]> | undefined;

  constructor(deps: ExecDeps) {
    this.#deps = deps;
  }

  /**
   * Registers a process to be run and returns its id. Nothing runs yet.
   * @throws not-found, conflict (not running, paused, restarting), invalid-argument (no such user), internal (detach keys)
   */
  async create(nameOrId: string, config: ExecConfig): Promise<string> {
    const container = this.#deps.containers.get(nameOrId);
    await runsOrWill(container);
    requireActive(container, nameOrId);
    if (config.User !== '') await this.#requireUser(container, config.User);
    const keys = config.DetachKeys === '' ? Buffer.alloc(0) : parseDetachKeys(config.DetachKeys);
    if (!keys) throw internal(`Invalid escape keys (${config.DetachKeys}) provided`);
    const User = config.User || container.config.User;
    const exec = new Exec(randomBytes(32).toString('hex'), container.id, { ...config, User }, keys);
    this.#execs.set(exec.id, exec);
    this.#watch(container);
    this.#deps.containers.publish(container, `exec_create: ${commandOf(exec)}`, { execID: exec.id });
    return exec.id;
  }

  /** Finds an exec for inspection. Throws not-found, also when its container has been removed. */
  get(id: string): Exec {
    const exec = this.#execs.get(id);
    if (!exec || !this.#deps.containers.find(exec.containerId))
      throw notFound(`No such exec instance: ${id}`);
    return exec;
  }

  /** As `get`, but its end is known when a client has seen the end of its stream. */
  async inspect(id: string): Promise<Exec> {
    const exec = this.get(id);
    const shim = this.#deps.containers.find(exec.containerId)?.shim;
    // The shim announces the end before it closes the client's stream; its answer comes after the announcement.
    if (exec.running && shim) await shim.hello({ deadlineMs: 1000 }).catch(() => {});
    return exec;
  }

  /**
   * Finds an exec that could be started or resized.
   * @throws not-found; conflict when its container does not run, is paused or restarting
   */
  getActive(id: string): Exec {
    const exec = this.#execs.get(id);
    if (!exec) throw notFound(`No such exec instance: ${id}`);
    const container = this.#deps.containers.find(exec.containerId);
    if (!container) throw notFound(`No such container: ${id}`);
    requireActive(container, container.id);
    return exec;
  }

  /** The execs of a container that wait or run. */
  idsOf(containerId: string): string[] {
    return this.#of(containerId)
      .filter((exec) => exec.exitCode === null)
      .map((exec) => exec.id);
  }

  /** Starts it with nobody attached. Throws conflict when it was started before; the runtime's error when it cannot run. */
  async startDetached(exec: Exec, options: ExecStartOptions): Promise<void> {
    const container = this.#begin(exec);
    try {
      await this.#start(container, exec, options);
    } catch (error) {
      throw this.#failed(exec, error);
    }
  }

  /**
   * Starts it and lets the client have its streams. Never rejects: the client reads in the stream why it could not run.
   */
  async startAttached(exec: Exec, connection: Connection, options: ExecStartOptions): Promise<void> {
    const client = new ClientStream(connection, this.#deps.executor);
    let told = false;
    try {
      const container = this.#begin(exec);
      try {
        await this.#start(container, exec, options, async (shim) => {
          await client.serveBy(shim.path, attachParams(exec, options.tty));
          told = true;
        });
      } catch (error) {
        throw this.#failed(exec, error);
      }
    } catch (error) {
      log.debug('exec could not be started', { execId: exec.id, error: (error as Error).message });
      // Once the shim has the client, it is the shim that tells it.
      if (told) return;
      await client.write(frame('stdout', `${(error as Error).message}\r\n`, !options.tty));
      client.end();
    }
  }

  /** Sets the size of its terminal, waiting for its start if need be. */
  async resize(exec: Exec, height: number, width: number): Promise<void> {
    const shim = this.#deps.containers.find(exec.containerId)?.shim;
    if (!shim) throw notFound(`No such container: ${exec.containerId}`);
    if (!(await settlesWithin(exec, RESIZE_WAIT_MS)))
      throw internal('timeout waiting for exec session ready');
    if (exec.pid === 0) throw invalidArgument('exec process is not started');
    if (!exec.running) throw notFound(`NotFound: process does not exist ${exec.id}: not found`);
    try {
      await shim.request('resize', { exec: exec.id, ...terminalSize(height, width) });
    } catch (error) {
      // A process without a terminal has no size; the reference says nothing either.
      if (exec.config.Tty && exec.running) throw error;
    }
  }

  /**
   * Runs a command that checks the container's health, as its user. One question to the shim, which follows it by itself:
   * cheaper than an exec, with the same events, and known as one while it runs.
   * @throws conflict when it does not run, is paused or restarting; cancelled when `signal` fires; ShimError with the reference's
   *         words when the command cannot be started
   */
  async probe(
    container: Container,
    command: readonly string[],
    { timeoutMs, limitBytes, signal }: { timeoutMs: number; limitBytes: number; signal: AbortSignal },
  ): Promise<ProbeAnswer> {
    requireActive(container, container.id);
    const exec = new Exec(
      randomBytes(32).toString('hex'),
      container.id,
      probeConfig(container, command),
      noKeys,
    );
    const { execs, shim } = { execs: this.#execs, shim: container.shim! };
    const about = { execID: exec.id };
    execs.set(exec.id, exec);
    this.#deps.containers.publish(container, `exec_create: ${commandOf(exec)}`, about);
    this.#deps.containers.publish(container, `exec_start: ${commandOf(exec)}`, about);
    exec.running = true;
    try {
      await this.#giveProbe(container, shim, exec);
      const {
        code = '0',
        late,
        cut,
        output = '',
      } = await shim.request(
        'probe',
        { id: exec.id, timeout: Math.max(1, Math.round(timeoutMs)), limit: limitBytes },
        // It takes as long as the container is paused, too.
        { deadlineMs: 0, signal },
      );
      exec.ended(Number(code));
      this.#deps.containers.publish(container, 'exec_die', { ...about, exitCode: code });
      return { exitCode: Number(code), late: late === '1', cut: cut === '1', output };
    } finally {
      execs.delete(exec.id);
    }
  }

  /** Once a run: every probe of a container is the same process. */
  #giveProbe(container: Container, shim: ShimClient, exec: Exec): Promise<unknown> {
    let given = this.#probed.get(shim);
    if (!given) {
      given = this.#make(container, shim, exec, { probe: true });
      this.#probed.set(shim, given);
      given.catch(() => this.#probed.delete(shim));
    }
    return given;
  }

  #begin(exec: Exec): Container {
    if (exec.exitCode !== null) throw conflict(`exec command ${exec.id} has already run`);
    if (exec.running) throw conflict(`exec command ${exec.id} is already running`);
    const container = this.#deps.containers.find(exec.containerId);
    if (!container?.shim) throw conflict(`container ${exec.containerId} is not running`);
    exec.running = true;
    this.#deps.containers.publish(container, `exec_start: ${commandOf(exec)}`, { execID: exec.id });
    return container;
  }

  /** Makes the process, attaches, and lets it run. */
  async #start(
    container: Container,
    exec: Exec,
    options: ExecStartOptions,
    attach?: (shim: ShimClient) => Promise<void>,
  ): Promise<void> {
    const shim = container.shim!;
    this.#watchShim(container, shim);
    const { config } = exec;
    await this.#make(container, shim, exec, {
      consoleSize: options.consoleSize ?? config.ConsoleSize,
      stdin: config.AttachStdin && attach !== undefined,
      detach: attach === undefined,
    });
    await attach?.(shim);
    const { pid = '0' } = await shim.request('exec-start', { id: exec.id }, { deadlineMs: 60_000 });
    exec.started(Number(pid));
  }

  /** Has the shim make the process, or with `probe` keep what one is made from. */
  async #make(
    container: Container,
    shim: ShimClient,
    { id, config }: Exec,
    { consoleSize, ...how }: MakeOptions,
  ): Promise<void> {
    this.#capabilities ??= boundingCapabilities();
    const base = await readBundleProcess(this.#deps.bundleOf(container.id));
    await this.#deps.executor.request('shim.exec', {
      socket: shim.path,
      execId: id,
      process: execProcess(base, container.config, config, consoleSize, await this.#capabilities),
      user: config.User || null,
      rootfs: rootOf(container),
      runtime: this.#deps.isExternal(container) ? container.hostConfig.Runtime : null,
      groupAdd: container.hostConfig.GroupAdd ?? [],
      tty: config.Tty,
      privileged: config.Privileged,
      ...how,
    });
  }

  /** Early refusal only: the files it is looked up in belong to the container and may change until the start. */
  async #requireUser(container: Container, user: string): Promise<void> {
    try {
      await this.#deps.executor.request('rootfs.resolve', { rootfs: rootOf(container), user });
    } catch (error) {
      if (!(error instanceof EngineError) || error.kind === 'unavailable') throw error;
      throw new EngineError('invalid-argument', error.message, { cause: error });
    }
  }

  #watch(container: Container): void {
    if (this.#watchedContainers.has(container)) return;
    this.#watchedContainers.add(container);
    container.on('exited', () => this.#containerExited(container));
    container.on('removed', () => {
      for (const exec of this.#of(container.id)) this.#execs.delete(exec.id);
    });
  }

  #watchShim(container: Container, shim: ShimClient): void {
    if (this.#watchedShims.has(shim)) return;
    this.#watchedShims.add(shim);
    shim.on('exec-exit', ({ id, code }) => {
      const exec = this.#execs.get(id);
      if (exec) this.#ended(container, exec, code);
    });
    shim.on('detach', ({ exec }) => {
      if (exec !== undefined) this.#deps.containers.publish(container, 'exec_detach', { execID: exec });
    });
  }

  #containerExited(container: Container): void {
    for (const exec of this.#of(container.id)) {
      if (exec.running) this.#ended(container, exec, 137);
      else if (exec.exitCode === null) this.#execs.delete(exec.id);
    }
  }

  #ended(container: Container, exec: Exec, code: number): void {
    if (!exec.ended(code)) return;
    this.#deps.containers.publish(container, 'exec_die', { execID: exec.id, exitCode: String(code) });
    this.#forgetLater(exec);
  }

  /** Keeps the failure on the exec and returns the error for the client. */
  #failed(exec: Exec, cause: unknown): EngineError {
    const { exitCode, error } = startFailure(cause);
    exec.ended(exitCode);
    this.#forgetLater(exec);
    const running = this.#deps.containers.find(exec.containerId)?.running;
    return running ? error : conflict(`container ${exec.containerId} is not running`, cause);
  }

  #forgetLater(exec: Exec): void {
    setTimeout(() => this.#execs.delete(exec.id), REMEMBER_MS).unref();
  }

  #of(containerId: string): Exec[] {
    return [...this.#execs.values()].filter((exec) => exec.containerId === containerId);
  }
}

interface MakeOptions {
  consoleSize?: readonly [number, number] | undefined;
  stdin?: boolean;
  detach?: boolean;
  probe?: boolean;
}

const noKeys = Buffer.alloc(0);

function probeConfig({ config }: Container, Cmd: readonly string[]): ExecConfig {
  return {
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd,
    Env: [],
    User: config.User,
    WorkingDir: '',
    Privileged: false,
    DetachKeys: '',
    ConsoleSize: undefined,
  };
}

/** The root filesystem as the container sees it, volumes included. */
function rootOf(container: Container): object {
  return { type: 'dir', path: `/proc/${container.state.pid}/root` };
}

function requireActive(container: Container, shownAs: string): void {
  const { status } = container.state;
  if (status === 'paused')
    throw conflict(`Container ${shownAs} is paused, unpause the container before exec`);
  if (status === 'restarting')
    throw conflict(`Container ${container.id} is restarting, wait until the container is running`);
  if (!container.running) throw conflict(`container ${container.id} is not running`);
}

function attachParams(
  { id, config, detachKeys }: Exec,
  unframed: boolean,
): Record<string, string | boolean | undefined> {
  const keys = detachKeys.length > 0 ? detachKeys : defaultDetachKeys;
  return {
    exec: id,
    stdin: config.AttachStdin,
    stdout: config.AttachStdout,
    // A start that asks for a terminal has one stream only.
    stderr: config.AttachStderr && !unframed,
    framed: !unframed,
    detachkeys: config.AttachStdin && config.Tty ? keys.toString('hex') : undefined,
  };
}

function commandOf({ config: { Cmd } }: Exec): string {
  return `${Cmd[0]} ${Cmd.slice(1).join(' ')}`;
}

async function settlesWithin(exec: Exec, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([exec.settled.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
