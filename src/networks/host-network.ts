import { createHash } from 'node:crypto';
import { messageOf } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { logger } from '../log.ts';
import { chooseBridge, type NetFacts } from './default-bridge.ts';
import { defaultAddressPools } from './ipam/default-subnet.ts';
import type { NetworkOptions } from './options.ts';
import type { BoundPort } from './service.ts';
import type { BridgeRecord } from './store.ts';

const log = logger('networks');

/** A published port with its target, as the firewall has it. */
export type PublishedPort = BoundPort & { containerIp: string };

/** A bridge as `net.setup` of native/net/README.md takes it. */
export interface BridgeSpec {
  name: string;
  /** The alias that makes it ours; null for one that somebody else made. */
  mark: string | null;
  mac: string | null;
  mtu: number;
  addresses: string[];
  subnet: string;
  /** Where it has IPv6, too. */
  subnet6?: string;
  masquerade: boolean;
  icc: boolean;
  internal: boolean;
  /** When it cannot be made, the others are all the same. */
  optional: boolean;
}

/** What everything is set up from, whenever it is. */
export interface HostState {
  /** The ports of all that runs. */
  ports: () => PublishedPort[];
  /** Bridges beside the default one. */
  bridges: () => BridgeSpec[];
}

/**
 * Bridges and the firewall, as they are on this host: made, kept whole, taken away. `net.*` of native/net/README.md.
 * Changes of bridges happen one after the other.
 */
export class HostNetwork {
  readonly #executor: Executor;
  readonly #options: NetworkOptions;
  /** The alias of bridges this daemon makes. */
  readonly mark: string;
  readonly #state: HostState;
  readonly #unsubscribe: (() => void)[] = [];
  readonly #releases = new Set<Promise<void>>();
  #bridge: BridgeRecord | undefined;
  #bridgeIsOurs = false;
  #isOpen = false;
  #isSetUp = false;
  /** Forwarding is on because of us or another engine: what else is forwarded must stay forbidden. */
  #guard = false;
  #queue: Promise<void> = Promise.resolve();
  #setUps = 0;
  /** Resolves when the set-up under way has ended, however. */
  #settingUp: Promise<void> | undefined;
  #closed = false;

  /** @param instance  tells this daemon's bridges from another's */
  constructor(executor: Executor, options: NetworkOptions, instance: string, state: HostState) {
    this.#executor = executor;
    this.#options = options;
    this.mark = `berth:${createHash('sha256').update(instance).digest('hex').slice(0, 16)}`;
    this.#state = state;
  }

  /** Addresses, routes and the named links of the host. */
  async facts(links: readonly string[]): Promise<NetFacts> {
    return this.#executor.request<NetFacts>('net.facts', { links });
  }

  /**
   * Decides on the default bridge: the one used before, as long as it and the options allow. Makes nothing yet.
   * @param others  subnets of the engine's other networks
   */
  async choose(known: BridgeRecord | undefined, others: readonly string[]): Promise<BridgeRecord> {
    const { bridge, bip, addressPools } = this.#options;
    const pools = addressPools.length > 0 ? addressPools : defaultAddressPools;
    const choice = await chooseBridge(
      this.#executor,
      { bridge, bip, addressPools: pools, others },
      this.mark,
      known,
    );
    const { ours, ...chosen } = choice;
    this.#bridgeIsOurs = ours;
    this.#bridge = chosen;
    return chosen;
  }

  /** Makes bridges and firewall, and from now on puts them right whenever the executor restarts or somebody flushes them. */
  async open(): Promise<void> {
    this.#isOpen = true;
    await this.#enqueue(() => this.#setUp());
    this.#unsubscribe.push(this.#executor.onRestart(() => this.repair('executor restarted')));
    this.#unsubscribe.push(this.#executor.onEvent('net.flushed', () => this.repair('firewall was flushed')));
  }

  /** The nftables table: one for each daemon, told apart by its bridge, or its mark when it has no default bridge. */
  get table(): string {
    return `berth_${(this.#bridge?.name ?? this.mark).replace(/[^A-Za-z0-9]/g, '_')}`;
  }

  /** Grows with every set-up: what was added to the table since an older one may be lost. */
  get setUps(): number {
    return this.#setUps;
  }

  /** Sets everything up again, after what is being set up now. Returns at once. */
  repair(reason: string): void {
    this.#enqueue(async () => {
      if (this.#closed) return;
      await this.#setUp();
      log.warn('network set up again', { reason });
    }).catch((error: unknown) => {
      log.error('network cannot be set up again', { reason, error: messageOf(error) });
    });
  }

  /** Makes a bridge of the state, and lets it through the firewall. */
  async addBridge(bridge: BridgeSpec): Promise<void> {
    await this.#changeBridges([bridge], []);
  }

  /** Takes a bridge away that is no longer of the state. One that is gone already is as good. */
  async removeBridge(bridge: BridgeSpec): Promise<void> {
    await this.#changeBridges([], [bridge]);
  }

  async #changeBridges(add: BridgeSpec[], remove: BridgeSpec[]): Promise<void> {
    await this.#enqueue(async () => {
      if (!this.#isSetUp && this.#isOpen) return this.#setUp();
      const table = this.#isSetUp ? this.table : null;
      const all = [...this.#defaultBridge(), ...this.#state.bridges()];
      const teardown = remove.filter(({ mark }) => mark !== null);
      try {
        await this.#executor.request('net.bridges', {
          table,
          add,
          remove,
          teardown,
          all,
          forward: this.#options.ipForward,
        });
      } catch (error) {
        if (add.length > 0 || !this.#isSetUp) throw error;
        // The table may have been flushed by somebody: made anew, it is without what is to go.
        await this.#setUp();
        await this.#executor.request('net.bridges', { table: null, teardown });
      }
    });
  }

  /** Changes endpoints of a container that runs: `net.connect`, `net.disconnect`. */
  async plug<T>(operation: 'net.connect' | 'net.disconnect', parameters: object): Promise<T> {
    return this.#executor.request<T>(operation, { table: this.table, ...parameters });
  }

  /** Cuts links off the bridge and removes published ports from the table. Returns at once; `released` waits. */
  release(ports: readonly PublishedPort[], links: readonly string[]): void {
    if ((ports.length === 0 && links.length === 0) || this.#closed) return;
    const gone = redirected(ports);
    const withdraw = (of: readonly string[]): Promise<unknown> =>
      this.#executor.request('net.release', { table: this.table, links: of, ports: gone });
    const setUp = this.#settingUp;
    const done = withdraw(links)
      .then(async () => {
        if (!setUp || gone.length === 0) return;
        // It was told of these ports, and may have put them in after they were removed.
        await setUp;
        await withdraw([]);
      })
      .catch((error: unknown) => {
        log.warn('endpoints not removed', { links, ports, error: messageOf(error) });
      })
      .finally(() => this.#releases.delete(done));
    this.#releases.add(done);
  }

  /** Resolves when every release so far is done: the same addresses and ports may be used again. */
  async released(): Promise<void> {
    await Promise.all(this.#releases);
  }

  /** Stops repairing; takes bridges and firewall away unless something still needs them (`inUse`). */
  async close(inUse: boolean): Promise<void> {
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#queue;
    await this.released();
    if (!this.#isSetUp || inUse) return;
    const bridges = [...this.#defaultBridge(), ...this.#state.bridges()].filter(({ mark }) => mark !== null);
    await this.#executor
      .request('net.teardown', { table: this.table, bridges })
      .catch((error: unknown) => log.warn('network not taken down', { error: messageOf(error) }));
  }

  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  async #setUp(): Promise<void> {
    const bridges = [...this.#defaultBridge(), ...this.#state.bridges()];
    if (bridges.length === 0) return;
    this.#setUps++;
    const asked = this.#executor.request<{
      guard: boolean;
      failed: { name: string; message: string }[];
    }>('net.setup', {
      table: this.table,
      forward: this.#options.ipForward,
      guard: this.#guard,
      bridges,
      ports: redirected(this.#state.ports()),
    });
    const setUp = asked.then(
      () => {},
      () => {},
    );
    this.#settingUp = setUp;
    const { guard, failed } = await asked.finally(() => {
      this.#settingUp = undefined;
    });
    for (const { name: bridge, message: error } of failed)
      log.error('bridge cannot be made', { bridge, error });
    this.#guard = guard;
    this.#isSetUp = true;
  }

  #defaultBridge(): BridgeSpec[] {
    if (!this.#bridge) return [];
    const { name, mac, gateway, subnet } = this.#bridge;
    const { mtu, ipMasq: masquerade, icc } = this.#options;
    const ours = this.#bridgeIsOurs;
    return [
      {
        name,
        mark: ours ? this.mark : null,
        mac: mac || null,
        mtu,
        addresses: ours ? [`${gateway}/${subnet.split('/')[1]}`] : [],
        subnet,
        masquerade,
        icc,
        internal: false,
        optional: false,
      },
    ];
  }
}

/** Those the firewall redirects; what comes over IPv6 is relayed. */
function redirected(ports: readonly PublishedPort[]): PublishedPort[] {
  return ports.filter(({ hostIp }) => !hostIp.includes(':'));
}
