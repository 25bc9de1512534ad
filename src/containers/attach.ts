import { conflict, invalidArgument, messageOf } from '../errors.ts';
import { logger } from '../log.ts';
import { readLogs } from '../logs/read.ts';
import type { ShimClient } from '../runtime/shim-client.ts';
import type { ShimParams } from '../runtime/shim-line.ts';
import type { Executor } from '../host/executor.ts';
import { ClientStream, type Connection } from './client-stream.ts';
import type { Container } from './container.ts';
import { defaultDetachKeys, parseDetachKeys } from './detach-keys.ts';
import type { Containers } from './service.ts';

const log = logger('attach');

/** How often a client that waits for a start is looked after, so that those who have left do not pile up. */
const PROBE_MS = 30_000;

export interface AttachOptions {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  /** First what is in the log. */
  logs: boolean;
  /** Then what comes. Without it the stream ends after the log. */
  stream: boolean;
  /** As the user wrote them; '' for the default. */
  detachKeys: string;
  /** Output in Docker's frames unless there is a terminal; otherwise raw always. */
  multiplex: boolean;
}

/** An attach that has been found possible. */
export interface PreparedAttach {
  container: Container;
  /** Output comes in Docker's frames; on a terminal it does not. */
  framed: boolean;
  /** Serves the client until its stream has ended or the shim serves it. Never rejects. */
  serve(connection: Connection): Promise<void>;
}

export interface AttachDeps {
  containers: Pick<Containers, 'get' | 'publish' | 'logPath'>;
  executor: Pick<Executor, 'request'>;
}

/** Attaches clients to the standard streams of containers. */
export class AttachService {
  readonly #containers: Pick<Containers, 'get' | 'publish' | 'logPath'>;
  readonly #executor: Pick<Executor, 'request'>;
  readonly #watchedShims = new WeakSet<ShimClient>();

  constructor(deps: AttachDeps) {
    this.#containers = deps.containers;
    this.#executor = deps.executor;
  }

  /**
   * Checks what can be checked before the connection stops being HTTP.
   * @throws invalid-argument for the keys; not-found; conflict while paused or restarting
   */
  prepare(nameOrId: string, options: AttachOptions): PreparedAttach {
    const keys = options.detachKeys === '' ? defaultDetachKeys : parseDetachKeys(options.detachKeys);
    if (!keys) throw invalidArgument(`Invalid detach keys (${options.detachKeys}) provided`);
    const container = this.#containers.get(nameOrId);
    const { status } = container.state;
    if (status === 'paused')
      throw conflict(`container ${nameOrId} is paused, unpause the container before attach`);
    if (status === 'restarting')
      throw conflict(`container ${nameOrId} is restarting, wait until the container is running`);
    const framed = options.multiplex && !container.config.Tty;
    return {
      container,
      framed,
      serve: (connection) =>
        this.#serve(container, new ClientStream(connection, this.#executor), options, keys),
    };
  }

  async #serve(
    container: Container,
    client: ClientStream,
    options: AttachOptions,
    keys: Buffer,
  ): Promise<void> {
    const params = attachParams(container, options, keys);
    try {
      if (options.logs) await this.#serveWithLog(container, client, options, params);
      else await this.#serveStream(container, client, options.stream ? params : undefined);
    } catch (error) {
      log.debug('attach ended', { container: container.id, error: messageOf(error) });
      client.end();
    }
  }

  /** Opens the stream before the log is read, so that no output falls between the two. */
  async #serveWithLog(
    container: Container,
    client: ClientStream,
    options: AttachOptions,
    params?: ShimParams,
  ): Promise<void> {
    const live = options.stream && params && container.shim;
    if (live) this.#watch(container, live);
    const letFlow = live && (await client.openRelay(live.path, params));
    await this.#writeLog(container, client, options);
    if (!letFlow) return await this.#serveStream(container, client, options.stream ? params : undefined);
    this.#containers.publish(container, 'attach');
    letFlow();
  }

  async #serveStream(
    container: Container,
    client: ClientStream,
    params: ShimParams | undefined,
  ): Promise<void> {
    this.#containers.publish(container, 'attach');
    if (!params) client.end();
    else if (container.shim) await this.#serveByShim(container, container.shim, client, params);
    else this.#holdUntilRun(container, client, params);
  }

  async #serveByShim(
    container: Container,
    shim: ShimClient,
    client: ClientStream,
    params: ShimParams,
  ): Promise<void> {
    this.#watch(container, shim);
    await client.serveBy(shim.path, params);
  }

  /** The detach keys are looked for by the shim, which tells when it has seen them. */
  #watch(container: Container, shim: ShimClient): void {
    if (this.#watchedShims.has(shim)) return;
    this.#watchedShims.add(shim);
    shim.on('detach', ({ exec }) => {
      if (exec === undefined) this.#containers.publish(container, 'detach');
    });
  }

  /**
   * Keeps the client as it is until the container runs, however long that takes; then it is attached before the program
   * begins, so that it misses nothing. A removal ends it.
   */
  #holdUntilRun(container: Container, client: ClientStream, params: ShimParams): void {
    const probing = setInterval(() => client.probe(), PROBE_MS).unref();
    const letGo = (): void => {
      clearInterval(probing);
      offPrepared();
      offClose();
      container.off('removed', removed);
    };
    const removed = (): void => {
      letGo();
      client.end();
    };
    const prepared = async (shim: ShimClient): Promise<void> => {
      letGo();
      try {
        await this.#serveByShim(container, shim, client, params);
      } catch (error) {
        log.warn('a waiting client could not be attached', {
          container: container.id,
          error: messageOf(error),
        });
        client.end();
      }
    };
    const offPrepared = container.onPrepared(prepared);
    const offClose = client.onClose(letGo);
    container.on('removed', removed);
  }

  async #writeLog(container: Container, client: ClientStream, options: AttachOptions): Promise<void> {
    const path = this.#containers.logPath(container);
    if (path === '') return;
    const left = new AbortController();
    const off = client.onClose(() => left.abort());
    const format = {
      framed: options.multiplex && !container.config.Tty,
      stdout: options.stdout,
      stderr: options.stderr,
    };
    try {
      for await (const chunk of readLogs(path, { ...format, signal: left.signal })) {
        if (!(await client.write(chunk))) return;
      }
    } finally {
      off();
    }
  }
}

/** What the shim's `attach` is asked; undefined when nothing of the stream is wanted. */
function attachParams(container: Container, options: AttachOptions, keys: Buffer): ShimParams | undefined {
  const { Tty, OpenStdin } = container.config;
  const stdin = options.stdin && OpenStdin;
  if (!stdin && !options.stdout && !options.stderr) return undefined;
  return {
    stdin,
    stdout: options.stdout,
    stderr: options.stderr,
    framed: options.multiplex && !Tty,
    detachkeys: stdin && Tty ? keys.toString('hex') : undefined,
  };
}
