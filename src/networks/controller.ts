import type { Executor } from '../host/executor.ts';
import type { Database } from '../metadata/database.ts';
import { NetworkCatalog, predefined } from './catalog.ts';
import { dnsNames } from './dns-names.ts';
import type { EndpointTarget } from './endpoint-config.ts';
import { checkPruneFilters, matchesFilters, matchesPruneFilters, type NetworkFilters } from './filters.ts';
import { HostNetwork } from './host-network.ts';
import type { Joined, Left } from './hot-plug.ts';
import type { NetworkRequest } from './network-request.ts';
import type { NetworkOptions } from './options.ts';
import { Sandboxes } from './sandboxes.ts';
import type {
  Network,
  NetworkService,
  NetworkSettings,
  PreparedSandbox,
  SandboxRequest,
  StartResult,
} from './service.ts';
import { networkSettings } from './settings.ts';
import { NetworkStore, type NetworkRecord } from './store.ts';
import { networkView } from './view.ts';

export interface NetworkDeps {
  db: Database;
  executor: Executor;
  options: NetworkOptions;
  /** Tells this daemon's bridges from another's: its data root. */
  instance: string;
  /** Where the records of containers' resolvers are kept; lost with a reboot. */
  dnsDirectory: string;
}

/** The networks and the sandboxes of containers on them: a door to the parts. */
export class NetworkController implements NetworkService {
  readonly #options: NetworkOptions;
  readonly #host: HostNetwork;
  readonly #catalog: NetworkCatalog;
  readonly #sandboxes: Sandboxes;

  /**
   * Reads the records. Call `recover` before anything else: it makes bridges and firewall.
   */
  constructor({ db, executor, options, instance, dnsDirectory }: NetworkDeps) {
    const store = new NetworkStore(db);
    this.#options = options;
    this.#host = new HostNetwork(executor, options, instance, {
      ports: () => this.#sandboxes.ports(),
      bridges: () => this.#catalog.bridges(),
    });
    this.#catalog = new NetworkCatalog(store, options, this.#host);
    this.#sandboxes = new Sandboxes({
      store,
      catalog: this.#catalog,
      host: this.#host,
      options,
      dnsDirectory,
    });
  }

  async recover(live: readonly { containerId: string; pid: number }[]): Promise<void> {
    await this.#catalog.open();
    await this.#sandboxes.recover(live);
    await this.#host.open();
  }

  async prepare(request: SandboxRequest): Promise<PreparedSandbox> {
    if (request.networkMode.startsWith('container:')) {
      this.release(request.containerId);
      return { sandbox: null, files: null };
    }
    return this.#sandboxes.prepare(request, this.#namesOf(request));
  }

  started(containerId: string, result: StartResult): void {
    this.#sandboxes.started(containerId, result);
  }

  failed(containerId: string, error: unknown): unknown {
    return this.#sandboxes.failed(containerId, error);
  }

  async connect(request: SandboxRequest, nameOrId: string, socket: string): Promise<Joined> {
    return this.#sandboxes.connect(request, this.#catalog.get(nameOrId), socket);
  }

  async disconnect(request: SandboxRequest, nameOrId: string, socket: string): Promise<Left> {
    return this.#sandboxes.disconnect(request, this.#catalog.get(nameOrId), socket);
  }

  async settle(
    requestOf: (containerId: string) => { request: SandboxRequest; socket: string } | undefined,
  ): Promise<void> {
    await this.#sandboxes.settle((containerId) => {
      const container = requestOf(containerId);
      if (!container) return undefined;
      const ids = this.#namesOf(container.request).flatMap((name) => this.#lookUp(name)?.id ?? []);
      return { ...container, networks: new Set(ids) };
    });
  }

  driverOf(networkId: string): string | undefined {
    return networkId === '' ? undefined : this.#catalog.find(networkId)?.driver;
  }

  networksOf(containerId: string): string[] | undefined {
    const sandbox = this.#sandboxes.find(containerId);
    return sandbox?.active ? sandbox.endpoints.map(({ networkId }) => networkId) : undefined;
  }

  renamed(request: SandboxRequest): void {
    this.#sandboxes.renamed(request);
  }

  dnsNames(request: SandboxRequest, nameOrId: string): string[] | null {
    const network = this.#catalog.get(nameOrId);
    return network.user ? dnsNames(request, request.endpoints?.[network.name] ?? {}) : null;
  }

  release(containerId: string): void {
    this.#sandboxes.release(containerId);
  }

  forget(containerId: string): void {
    this.#sandboxes.forget(containerId);
  }

  interfaces(containerId: string): string[] {
    const { endpoints = [] } = this.#sandboxes.find(containerId) ?? {};
    return endpoints.flatMap(({ ifName }) => ifName ?? []);
  }

  settings(request: SandboxRequest): NetworkSettings {
    return networkSettings(
      request,
      this.#sandboxes.find(request.containerId),
      this.#namesOf(request),
      this.#primaryOf(request.networkMode),
    );
  }

  target(nameOrId: string): EndpointTarget & { id: string | undefined } {
    const name = nameOrId === 'default' || nameOrId === '' ? 'bridge' : nameOrId;
    const network = this.#lookUp(name);
    if (!network) return { name, id: undefined, subnets: undefined };
    return { name: network.name, id: network.id, subnets: this.#ownSubnets(network) };
  }

  list(filters: NetworkFilters = {}): Network[] {
    const order = (name: string): number => predefined.indexOf(name as (typeof predefined)[number]);
    return this.#catalog
      .all()
      .sort((a, b) => order(a.name) - order(b.name) || (a.created < b.created ? -1 : 1))
      .map((network) => this.#show(network))
      .filter((network) =>
        matchesFilters(network, filters, (each) => Object.keys(each.Containers).length > 0),
      )
      .map((network) => ({ ...network, Containers: {} }));
  }

  get(nameOrId: string): Network {
    return this.#show(this.#catalog.get(nameOrId));
  }

  async create(request: NetworkRequest): Promise<Network> {
    return this.#show(await this.#catalog.create(request));
  }

  async remove(nameOrId: string): Promise<Network> {
    const network = this.#catalog.get(nameOrId);
    const view = this.#show(network);
    await this.#catalog.remove(network, this.#sandboxes.occupants(network.id));
    this.#sandboxes.forgetNetwork(network.id);
    return view;
  }

  async prune(filters: NetworkFilters): Promise<Network[]> {
    checkPruneFilters(filters);
    const removed: Network[] = [];
    for (const network of this.#catalog.all()) {
      const view = this.#show(network);
      const used =
        this.#sandboxes.occupants(network.id).length > 0 ||
        this.#catalog.all().some(({ user }) => user?.configFrom === network.name);
      if (!network.user || used || !matchesPruneFilters(view, filters)) continue;
      await this.#catalog.remove(network, []);
      this.#sandboxes.forgetNetwork(network.id);
      removed.push(view);
    }
    return removed;
  }

  async close(): Promise<void> {
    await this.#host.close([...this.#sandboxes.all()].some((sandbox) => sandbox.active));
  }

  /** The networks a container is to be on, by name: the one of its mode first. */
  #namesOf(request: SandboxRequest): string[] {
    const primary = this.#primaryOf(request.networkMode);
    if (!request.endpoints) return [primary];
    const names = Object.keys(request.endpoints).map((name) => (name === 'default' ? 'bridge' : name));
    return names.toSorted((a, b) => Number(b === primary) - Number(a === primary) || (a < b ? -1 : 1));
  }

  /** The name of the network a NetworkMode stands for: `default` is the bridge. */
  #primaryOf(mode: string): string {
    const name = mode === '' || mode === 'default' ? 'bridge' : mode;
    return this.#catalog.find(name)?.name ?? name;
  }

  #lookUp(nameOrId: string): NetworkRecord | undefined {
    try {
      return this.#catalog.get(nameOrId);
    } catch {
      return undefined;
    }
  }

  /** The default bridge's subnet counts as chosen, as with dockerd for a bridge that is there when it starts. */
  #ownSubnets({ bridge, user }: NetworkRecord): string[] {
    return [
      ...(bridge && (user?.ownSubnet ?? true) ? [bridge.subnet] : []),
      ...(bridge?.v6 && user?.ownSubnet6 ? [bridge.v6.subnet] : []),
    ];
  }

  #show(network: NetworkRecord): Network {
    return networkView(network, this.#sandboxes.all(), this.#options);
  }
}
