import { EventEmitter } from 'node:events';
import type { EndpointRequest } from '../networks/service.ts';
import type { ContainerConfig, HostConfig, MountPoint } from '../runtime/config.ts';
import type { ExitStatus, ShimClient } from '../runtime/shim-client.ts';
import type { Link } from './links.ts';
import type { Health } from './health/monitor.ts';
import { assertMove, isRunning, type ContainerState } from './state.ts';

/** What create decided; rename, update and network connect may change parts of it. Stored as JSON. */
export interface ContainerRecord {
  /** 64 hex digits. */
  id: string;
  /** Without the slash. */
  name: string;
  /** RFC 3339 with nanoseconds. */
  created: string;
  config: ContainerConfig;
  hostConfig: HostConfig;
  /** NetworkingConfig.EndpointsConfig as given, by network name. */
  endpoints: Record<string, EndpointRequest | null>;
  /** HostConfig.Links, resolved. */
  links?: Link[] | undefined;
  /** `sha256:...` of the image; '' when made from none. */
  imageId: string;
  mounts: MountPoint[];
  /** Volumes made for this container alone, which `rm -v` and `--rm` remove with it. */
  anonymousVolumes: string[];
}

interface ContainerEvents {
  /** State has changed and is stored. */
  state: [ContainerState];
  /** A run has begun: init has exec'd. */
  started: [];
  /** A run has ended, output flushed, state stored. */
  exited: [ExitStatus];
  /** The container is gone. Nothing follows. */
  removed: [];
}

/** Called for each run while init waits: clients attach here and miss nothing. */
export type PreparedHook = (shim: ShimClient) => Promise<void>;

/**
 * One container in memory. Reads take no lock: fields are replaced whole, never half changed. Moves are made by the
 * containers service under the lock of the container, and stored before they show here.
 */
export class Container extends EventEmitter<ContainerEvents> {
  readonly id: string;
  #record: ContainerRecord;
  #state: ContainerState;
  /** Connection to the shim while a run lasts (from before init execs until the exit is recorded). */
  shim: ShimClient | undefined;
  /** What its health check has found in this run or the last; undefined without a check. In memory only. */
  health: Health | undefined;
  readonly #preparedHooks = new Set<PreparedHook>();

  constructor(record: ContainerRecord, state: ContainerState) {
    super();
    this.setMaxListeners(0);
    this.id = record.id;
    this.#record = record;
    this.#state = state;
  }

  get name(): string {
    return this.#record.name;
  }

  get config(): ContainerConfig {
    return this.#record.config;
  }

  get hostConfig(): HostConfig {
    return this.#record.hostConfig;
  }

  get record(): Readonly<ContainerRecord> {
    return this.#record;
  }

  get state(): Readonly<ContainerState> {
    return this.#state;
  }

  /** A process of it exists (running or paused). */
  get running(): boolean {
    return isRunning(this.#state);
  }

  /**
   * Runs `hook` in every coming run, when init is made and waits; init is let go when all hooks have settled. A
   * hook that fails does not hold up the start. Returns the function that takes it off again.
   */
  onPrepared(hook: PreparedHook): () => void {
    this.#preparedHooks.add(hook);
    return () => this.#preparedHooks.delete(hook);
  }

  /** For the service: runs the hooks. Never rejects. */
  async prepared(shim: ShimClient): Promise<void> {
    if (this.#preparedHooks.size > 0)
      await Promise.allSettled([...this.#preparedHooks].map((hook) => hook(shim)));
  }

  /** Throws internal for a move that the table does not allow. */
  assertMove(state: ContainerState): void {
    assertMove(this.#state.status, state.status);
  }

  /** For the store, which calls it once the row is written. */
  moved(state: ContainerState): void {
    this.#state = state;
    this.emit('state', state);
  }

  /** For the store: the record has been replaced. */
  changed(record: ContainerRecord): void {
    this.#record = record;
  }
}
