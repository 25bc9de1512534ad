import { randomBytes } from 'node:crypto';
import { conflict, internal, invalidArgument, messageOf, notFound, permissionDenied } from '../errors.ts';
import { ExecutorError, type Executor } from '../host/executor.ts';
import { logger } from '../log.ts';
import type { Database } from '../metadata/database.ts';
import { checkPruneFilters, matchesFilters, type NetworkFilters } from './filters.ts';
import { HostNetwork } from './host-network.ts';
import { AddressPool } from './ipam/pool.ts';
import { hostAddresses, PortLedger, publicationsOf, type Publication } from './ports.ts';
import { nameFiles } from './name-files.ts';
import type { NetworkOptions } from './options.ts';
import type {
  Network,
  NetworkService,
  NetworkSettings,
  PortSpec,
  PreparedSandbox,
  SandboxRequest,
  StartResult,
} from './service.ts';
import { networkSettings } from './settings.ts';
import { networkView } from './view.ts';
import {
  NetworkStore,
  timestamp,
  type EndpointRecord,
  type NetworkRecord,
  type SandboxRecord,
} from './store.ts';
import { formatAddress, parseAddress, parseSubnet } from './subnet.ts';

const log = logger('networks');

export interface NetworkDeps {
  db: Database;
  executor: Executor;
  options: NetworkOptions;
  /** Tells this daemon's bridges from another's: its data root. */
  instance: string;
}

const predefined = ['none', 'host', 'bridge'] as const;
const drivers = { none: 'null', host: 'host', bridge: 'bridge' } as const;

/** The predefined networks and the sandboxes of containers on them. */
export class NetworkController implements NetworkService {
  readonly #store: NetworkStore;
  readonly #options: NetworkOptions;
  readonly #networks = new Map<string, NetworkRecord>();
  readonly #sandboxes = new Map<string, SandboxRecord>();
  readonly #ports = new PortLedger();
  /** The ports of starts under way, in the order the executor counts them. */
  readonly #asked = new Map<string, { ports: PortSpec[]; setUps: number }>();
  #pool: AddressPool | undefined;
  readonly #host: HostNetwork;

  /**
   * Reads the records. Call `recover` before anything else: it makes the bridge and the firewall.
   */
  constructor({ db, executor, options, instance }: NetworkDeps) {
    this.#store = new NetworkStore(db);
    this.#options = options;
    this.#host = new HostNetwork(executor, options, instance, () =>
      [...this.#sandboxes.values()].filter((each) => each.active).flatMap((each) => each.ports),
    );
    for (const network of this.#store.networks()) this.#networks.set(network.name, network);
    for (const sandbox of this.#store.sandboxes()) this.#sandboxes.set(sandbox.containerId, sandbox);
    for (const name of predefined) if (!this.#networks.has(name)) this.#addPredefined(name);
  }

  async recover(live: readonly { containerId: string; pid: number }[]): Promise<void> {
    await this.#makeBridge();
    const pids = new Map(live.map(({ containerId, pid }) => [containerId, pid]));
    for (const sandbox of this.#sandboxes.values()) {
      if (!sandbox.active) continue;
      if (pids.has(sandbox.containerId)) this.#take(sandbox, pids.get(sandbox.containerId) ?? 0);
      else {
        this.#host.release(sandbox.ports, sandbox.links ?? []);
        this.#deactivate(sandbox);
      }
    }
    await this.#host.open();
  }

  async prepare(request: SandboxRequest): Promise<PreparedSandbox> {
    this.release(request.containerId);
    const network = this.#networkName(request.networkMode);
    if (network === 'container') return { sandbox: null, files: null };
    const record = this.#networks.get(network);
    if (!record) throw notFound(`network ${network} not found`);
    const sandbox = this.#newSandbox(request, record);
    try {
      return await this.#describe(request, record, sandbox);
    } catch (error) {
      this.release(request.containerId);
      throw error;
    }
  }

  started(containerId: string, { pid, ports = [], links }: StartResult): void {
    const sandbox = this.#sandboxes.get(containerId);
    if (!sandbox?.active) return;
    const asked = this.#asked.get(containerId);
    this.#asked.delete(containerId);
    sandbox.pid = pid;
    const containerIp = sandbox.endpoints[0]?.address ?? '';
    sandbox.ports = ports.map((port) => ({ ...port, containerIp }));
    sandbox.links = links;
    for (const port of ports) this.#ports.add(containerId, port.proto, port.hostIp, port.hostPort);
    this.#store.saveSandbox(sandbox);
    // Everything was set up again meanwhile, without these ports.
    if (asked && ports.length > 0 && asked.setUps !== this.#host.setUps)
      this.#host.repair('a start was under way');
  }

  failed(containerId: string, error: unknown): unknown {
    const sandbox = this.#sandboxes.get(containerId);
    const worded = sandbox ? this.#wordFailure(sandbox, error) : error;
    this.release(containerId);
    return worded;
  }

  release(containerId: string): void {
    const sandbox = this.#sandboxes.get(containerId);
    if (!sandbox?.active) return;
    this.#host.release(sandbox.ports, sandbox.links ?? []);
    this.#deactivate(sandbox);
  }

  forget(containerId: string): void {
    this.release(containerId);
    if (!this.#sandboxes.delete(containerId)) return;
    this.#store.removeSandbox(containerId);
  }

  settings(request: SandboxRequest): NetworkSettings {
    return networkSettings(
      request,
      this.#sandboxes.get(request.containerId),
      this.#networkName(request.networkMode),
    );
  }

  list(filters: NetworkFilters = {}): Network[] {
    const order = (name: string): number => predefined.indexOf(name as (typeof predefined)[number]);
    return [...this.#networks.values()]
      .sort((a, b) => order(a.name) - order(b.name))
      .map((network) => this.#show(network))
      .filter((network) =>
        matchesFilters(network, filters, (each) => Object.keys(each.Containers).length > 0),
      )
      .map((network) => ({ ...network, Containers: {} }));
  }

  get(nameOrId: string): Network {
    const all = [...this.#networks.values()];
    const exact = all.find(({ name, id }) => name === nameOrId || id === nameOrId);
    if (exact) return this.#show(exact);
    const matches = nameOrId === '' ? [] : all.filter(({ id }) => id.startsWith(nameOrId));
    if (matches.length > 1)
      throw conflict(`network ${nameOrId} is ambiguous (${matches.length} matches found based on ID prefix)`);
    if (!matches[0]) throw notFound(`network ${nameOrId} not found`);
    return this.#show(matches[0]);
  }

  async remove(nameOrId: string): Promise<void> {
    const network = this.get(nameOrId);
    throw permissionDenied(`${network.Name} is a pre-defined network and cannot be removed`);
  }

  async prune(filters: NetworkFilters): Promise<string[]> {
    checkPruneFilters(filters);
    return [];
  }

  async close(): Promise<void> {
    await this.#host.close([...this.#sandboxes.values()].some((sandbox) => sandbox.active));
  }

  #addPredefined(name: (typeof predefined)[number]): void {
    const record: NetworkRecord = {
      id: randomBytes(32).toString('hex'),
      name,
      driver: drivers[name],
      created: timestamp(),
    };
    this.#networks.set(name, record);
    this.#store.saveNetwork(record);
  }

  /** The network a NetworkMode stands for: `default` is the bridge. */
  #networkName(mode: string): string {
    if (mode.startsWith('container:')) return 'container';
    return mode === '' || mode === 'default' ? 'bridge' : mode;
  }

  async #makeBridge(): Promise<void> {
    if (this.#options.bridge === 'none') {
      this.#networks.delete('bridge');
      return;
    }
    const network = this.#networks.get('bridge') as NetworkRecord;
    const bridge = await this.#host.choose(network.bridge);
    network.bridge = bridge;
    this.#store.saveNetwork(network);
    const { fixedCidr } = this.#options;
    this.#pool = new AddressPool(parseSubnet(bridge.subnet), {
      reserved: [parseAddress(bridge.gateway), ...this.#otherGateway()],
      ...(fixedCidr ? { range: parseSubnet(fixedCidr) } : {}),
    });
  }

  #otherGateway(): number[] {
    return this.#options.defaultGateway ? [parseAddress(this.#options.defaultGateway)] : [];
  }

  /** What survived a restart of the daemon holds its addresses and ports again. */
  #take(sandbox: SandboxRecord, pid: number): void {
    sandbox.pid = pid;
    for (const endpoint of sandbox.endpoints) {
      if (!endpoint.address) continue;
      try {
        this.#pool?.take(parseAddress(endpoint.address));
      } catch (error) {
        log.warn('address of a running container is not of its network', {
          container: sandbox.containerId,
          address: endpoint.address,
          error: messageOf(error),
        });
      }
    }
    for (const port of sandbox.ports)
      this.#ports.add(sandbox.containerId, port.proto, port.hostIp, port.hostPort);
  }

  #newSandbox(request: SandboxRequest, network: NetworkRecord): SandboxRecord {
    const sandbox: SandboxRecord = {
      containerId: request.containerId,
      containerName: request.name,
      active: true,
      sandboxId: randomBytes(32).toString('hex'),
      pid: 0,
      mode: network.driver === 'null' ? 'none' : network.driver,
      endpoints: [],
      ports: [],
      exposed: network.driver === 'bridge' ? Object.keys(request.exposedPorts ?? {}) : [],
    };
    this.#sandboxes.set(request.containerId, sandbox);
    return sandbox;
  }

  async #describe(
    request: SandboxRequest,
    network: NetworkRecord,
    sandbox: SandboxRecord,
  ): Promise<PreparedSandbox> {
    const endpoint = {
      network: network.name,
      networkId: network.id,
      endpointId: randomBytes(32).toString('hex'),
    };
    if (!network.bridge) {
      sandbox.endpoints = [endpoint];
      const files = await this.#files(request, sandbox);
      const empty = { endpoints: [], ports: [], sysctls: netSysctls(request), table: '' };
      return { sandbox: sandbox.mode === 'host' ? null : empty, files };
    }
    const { bridge } = network;
    const attached = this.#attach(request, endpoint, bridge);
    sandbox.endpoints = [attached];
    const publications = this.#reserve(request, sandbox, attached);
    const ports = publications.map((each) => portSpec(each, attached.address as string));
    this.#asked.set(request.containerId, { ports, setUps: this.#host.setUps });
    await this.#host.released();
    const files = await this.#files(request, sandbox);
    return {
      sandbox: {
        endpoints: [
          {
            bridge: bridge.name,
            ifName: 'eth0',
            mac: attached.mac as string,
            addresses: [`${attached.address}/${attached.prefix}`],
            gateway: attached.gateway as string,
            mtu: this.#options.mtu,
            isolated: !this.#options.icc,
          },
        ],
        ports,
        sysctls: netSysctls(request),
        table: this.#host.table,
      },
      files,
    };
  }

  #attach(
    request: SandboxRequest,
    endpoint: { network: string; networkId: string; endpointId: string },
    bridge: NonNullable<NetworkRecord['bridge']>,
  ): EndpointRecord {
    const asked = request.endpoints?.[endpoint.network] ?? request.endpoints?.['default'];
    if (asked?.IPAMConfig?.IPv4Address || asked?.IPAMConfig?.IPv6Address)
      throw invalidArgument(
        'invalid config for network bridge: invalid endpoint settings:\n* user specified IP address is supported on user defined networks only\n* user specified IP address is supported only when connecting to networks with user configured subnets',
      );
    const address = (this.#pool as AddressPool).allocate();
    return {
      ...endpoint,
      address: formatAddress(address),
      prefix: parseSubnet(bridge.subnet).prefix,
      gateway: this.#options.defaultGateway || bridge.gateway,
      mac: asked?.MacAddress || request.macAddress || macOf(address),
    };
  }

  #reserve(request: SandboxRequest, sandbox: SandboxRecord, endpoint: EndpointRecord): Publication[] {
    const publications = publicationsOf(request, bindingIp(this.#options.defaultBindingIp));
    try {
      return this.#ports.reserve(request.containerId, publications);
    } catch (error) {
      throw internal(`${programmingFailed(sandbox, endpoint)}: ${messageOf(error)}`, error);
    }
  }

  #files(request: SandboxRequest, sandbox: SandboxRecord): Promise<{ hosts: string; resolvConf: string }> {
    return nameFiles(request, {
      isolated: sandbox.mode !== 'host',
      addresses: sandbox.endpoints.flatMap(({ address }) => (address ? [address] : [])),
      gateway: sandbox.endpoints[0]?.gateway ?? this.#networks.get('bridge')?.bridge?.gateway,
      options: this.#options,
      sources: { resolvConf: '/etc/resolv.conf', hosts: '/etc/hosts' },
    });
  }

  #deactivate(sandbox: SandboxRecord): void {
    for (const { address } of sandbox.endpoints) if (address) this.#pool?.release(parseAddress(address));
    this.#ports.release(sandbox.containerId);
    this.#asked.delete(sandbox.containerId);
    const wasStarted = sandbox.pid > 0;
    sandbox.active = false;
    sandbox.pid = 0;
    sandbox.ports = [];
    sandbox.links = undefined;
    sandbox.endpoints = sandbox.endpoints.map(({ network, networkId }) => ({
      network,
      networkId,
      endpointId: '',
    }));
    if (wasStarted) this.#store.saveSandbox(sandbox);
  }

  #show(network: NetworkRecord): Network {
    return networkView(network, this.#sandboxes.values(), this.#options);
  }

  /** dockerd's words for a host port that cannot be had; anything else is passed on. */
  #wordFailure(sandbox: SandboxRecord, error: unknown): unknown {
    if (!(error instanceof ExecutorError) || !error.stage.startsWith('bind')) return error;
    const endpoint = sandbox.endpoints[0];
    const [family, index] = error.stage.split(':');
    const port = this.#asked.get(sandbox.containerId)?.ports[Number(index)];
    if (!endpoint || !port) return error;
    const host = family === 'bind6' ? `[${port.hostIp6}]` : port.hostIp;
    const what = `${host}:${port.hostPort}:${port.containerIp}:${port.containerPort}/${port.proto}`;
    return internal(
      `${programmingFailed(sandbox, endpoint)}: failed to bind host port for ${what}: ${error.message}`,
      error,
    );
  }
}

function programmingFailed(sandbox: SandboxRecord, { endpointId }: EndpointRecord): string {
  return `failed to set up container networking: driver failed programming external connectivity on endpoint ${sandbox.containerName} (${endpointId})`;
}

/**
 * A MAC from the address: whoever gets an address again gets its MAC too, so that no neighbour's table is ever stale.
 */
function macOf(address: number): string {
  return [
    '02',
    '42',
    ...[24, 16, 8, 0].map((shift) => ((address >>> shift) & 255).toString(16).padStart(2, '0')),
  ].join(':');
}

function portSpec(publication: Publication, containerIp: string): PortSpec {
  const { proto, hostIp, first, last, containerPort } = publication;
  return { proto, ...hostAddresses(hostIp), hostPort: first, hostPortEnd: last, containerIp, containerPort };
}

/** The daemon's `--ip`: its default stands for every address of both families. */
function bindingIp(option: string): string {
  return option === '0.0.0.0' ? '' : option;
}

function netSysctls({ sysctls }: SandboxRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(sysctls ?? {}).filter(([name]) => name.startsWith('net.')));
}
