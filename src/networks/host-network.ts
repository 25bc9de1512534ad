import { createHash } from 'node:crypto';
import { messageOf } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { logger } from '../log.ts';
import { chooseBridge } from './default-bridge.ts';
import { defaultAddressPools } from './ipam/default-subnet.ts';
import type { NetworkOptions } from './options.ts';
import type { BoundPort } from './service.ts';
import type { NetworkRecord } from './store.ts';

const log = logger('networks');

type Bridge = NonNullable<NetworkRecord['bridge']>;

/** A published port with its target, as the firewall has it. */
export type PublishedPort = BoundPort & { containerIp: string };

/**
 * The default bridge and the firewall, as they are on this host: made, kept whole, taken away. `net.*` of
 * native/net/README.md.
 */
export class HostNetwork {
  readonly #executor: Executor;
  readonly #options: NetworkOptions;
  readonly #mark: string;
  /** The ports of all that runs, whenever everything is set up again. */
  readonly #ports: () => PublishedPort[];
  readonly #unsubscribe: (() => void)[] = [];
  readonly #releases = new Set<Promise<void>>();
  #bridge: Bridge | undefined;
  #bridgeIsOurs = false;
  #isSetUp = false;
  /** Forwarding is on because of us or another engine: what else is forwarded must stay forbidden. */
  #guard = false;
  #repair: Promise<void> = Promise.resolve();
  #setUps = 0;
  #closed = false;

  /** @param instance  tells this daemon's bridges from another's */
  constructor(executor: Executor, options: NetworkOptions, instance: string, ports: () => PublishedPort[]) {
    this.#executor = executor;
    this.#options = options;
    this.#mark = `berth:${createHash('sha256').update(instance).digest('hex').slice(0, 16)}`;
    this.#ports = ports;
  }

  /** Decides on the bridge: the one used before, as long as it and the options allow. Makes nothing yet. */
  async choose(known: Bridge | undefined): Promise<Bridge> {
    const { bridge, bip, addressPools } = this.#options;
    const pools = addressPools.length > 0 ? addressPools : defaultAddressPools;
    const choice = await chooseBridge(
      this.#executor,
      { bridge, bip, addressPools: pools },
      this.#mark,
      known,
    );
    const { ours, ...chosen } = choice;
    this.#bridgeIsOurs = ours;
    this.#bridge = chosen;
    return chosen;
  }

  /** Makes bridge and firewall, and from now on puts them right whenever the executor restarts or somebody flushes them. */
  async open(): Promise<void> {
    await this.#setUp();
    this.#unsubscribe.push(this.#executor.onRestart(() => this.repair('executor restarted')));
    this.#unsubscribe.push(this.#executor.onEvent('net.flushed', () => this.repair('firewall was flushed')));
  }

  /** The nftables table: one for each daemon, told apart by its bridge. */
  get table(): string {
    return `berth_${(this.#bridge?.name ?? '').replace(/[^A-Za-z0-9]/g, '_')}`;
  }

  /** Grows with every set-up: what was added to the table since an older one may be lost. */
  get setUps(): number {
    return this.#setUps;
  }

  /** Sets everything up again, after what is being set up now. Returns at once. */
  repair(reason: string): void {
    this.#repair = this.#repair
      .then(async () => {
        if (this.#closed) return;
        await this.#setUp();
        log.warn('network set up again', { reason });
      })
      .catch((error: unknown) => {
        log.error('network cannot be set up again', { reason, error: messageOf(error) });
      });
  }

  /** Cuts links off the bridge and removes published ports from the table. Returns at once; `released` waits. */
  release(ports: readonly PublishedPort[], links: readonly string[]): void {
    if ((ports.length === 0 && links.length === 0) || this.#closed) return;
    const done = this.#executor
      .request('net.release', { table: this.table, links, ports: redirected(ports) })
      .then(() => {})
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

  /** Stops repairing; takes bridge and firewall away unless something still needs them (`inUse`). */
  async close(inUse: boolean): Promise<void> {
    this.#closed = true;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#repair;
    await this.released();
    const bridge = this.#bridge;
    if (!bridge || !this.#isSetUp || inUse) return;
    const bridges = this.#bridgeIsOurs ? [{ name: bridge.name, mark: this.#mark }] : [];
    await this.#executor
      .request('net.teardown', { table: this.table, bridges })
      .catch((error: unknown) => log.warn('network not taken down', { error: messageOf(error) }));
  }

  async #setUp(): Promise<void> {
    const bridge = this.#bridge;
    if (!bridge) return;
    const { mtu, ipMasq, icc, ipForward } = this.#options;
    this.#setUps++;
    const { guard } = await this.#executor.request<{ guard: boolean }>('net.setup', {
      table: this.table,
      forward: ipForward,
      guard: this.#guard,
      bridges: [
        {
          name: bridge.name,
          mark: this.#bridgeIsOurs ? this.#mark : null,
          mac: bridge.mac || null,
          mtu,
          addresses: this.#bridgeIsOurs ? [`${bridge.gateway}/${bridge.subnet.split('/')[1]}`] : [],
          subnet: bridge.subnet,
          masquerade: ipMasq,
          icc,
          internal: false,
        },
      ],
      ports: redirected(this.#ports()),
    });
    this.#guard = guard;
    this.#isSetUp = true;
  }
}

/** Those the firewall redirects; what comes over IPv6 is relayed. */
function redirected(ports: readonly PublishedPort[]): PublishedPort[] {
  return ports.filter(({ hostIp }) => !hostIp.includes(':'));
}
