import { randomBytes } from 'node:crypto';
import { internal, invalidArgument, messageOf, notFound, permissionDenied } from '../errors.ts';
import { ExecutorError } from '../host/executor.ts';
import { logger } from '../log.ts';
import type { NetworkCatalog, Occupant } from './catalog.ts';
import { dnsNames, linkPairs } from './dns-names.ts';
import { DnsRecords } from './dns-records.ts';
import { freeInterface, gatewayEndpoint } from './endpoint-order.ts';
import type { HostNetwork, PublishedPort } from './host-network.ts';
import { nameFiles, resolverSettings } from './name-files.ts';
import type { NetworkOptions } from './options.ts';
import { hostAddresses, PortLedger, publicationsOf, type Publication } from './ports.ts';
import type {
  DnsSpec,
  EndpointSpec,
  PortSpec,
  PreparedSandbox,
  SandboxRequest,
  StartResult,
} from './service.ts';
import type { EndpointRecord, NetworkRecord, NetworkStore, SandboxRecord } from './store.ts';
import { formatAddress, parseAddress, parseSubnet } from './subnet.ts';

const log = logger('networks');

export interface SandboxDeps {
  store: NetworkStore;
  catalog: NetworkCatalog;
  host: HostNetwork;
  options: NetworkOptions;
  /** Where the records of resolvers are kept; lost with a reboot. */
  dnsDirectory: string;
}

/** The sandboxes of containers: in memory and, once started, on disk. */
export class Sandboxes {
  readonly #store: NetworkStore;
  readonly #catalog: NetworkCatalog;
  readonly #host: HostNetwork;
  readonly #options: NetworkOptions;
  readonly #sandboxes = new Map<string, SandboxRecord>();
  readonly #ports = new PortLedger();
  readonly #dns: DnsRecords;
  /** The ports of starts under way, in the order the executor counts them. */
  readonly #asked = new Map<string, { ports: PortSpec[]; setUps: number }>();

  constructor({ store, catalog, host, options, dnsDirectory }: SandboxDeps) {
    this.#store = store;
    this.#catalog = catalog;
    this.#host = host;
    this.#options = options;
    this.#dns = new DnsRecords(dnsDirectory, (id) => this.#endpointsOn(id));
    for (const sandbox of store.sandboxes()) this.#sandboxes.set(sandbox.containerId, sandbox);
  }

  /** Takes up those that run and releases the others, after a restart of the daemon. */
  async recover(live: readonly { containerId: string; pid: number }[]): Promise<void> {
    const pids = new Map(live.map(({ containerId, pid }) => [containerId, pid]));
    for (const sandbox of this.#sandboxes.values()) {
      if (!sandbox.active) continue;
      if (pids.has(sandbox.containerId)) this.#take(sandbox, pids.get(sandbox.containerId) ?? 0);
      else {
        this.#host.release(sandbox.ports, linksOf(sandbox));
        this.#deactivate(sandbox);
      }
    }
    const active = [...this.#sandboxes.values()].filter((sandbox) => sandbox.active);
    await this.#dns.open(
      new Set(active.map(({ containerId }) => containerId)),
      new Set(this.#catalog.all().flatMap(({ id, user, bridge }) => (user && bridge ? [id] : []))),
    );
  }

  all(): Iterable<SandboxRecord> {
    return this.#sandboxes.values();
  }

  find(containerId: string): SandboxRecord | undefined {
    return this.#sandboxes.get(containerId);
  }

  /** Published ports of all that runs. */
  ports(): PublishedPort[] {
    return [...this.#sandboxes.values()].filter((each) => each.active).flatMap((each) => each.ports);
  }

  /** A network is gone: its names are, too. */
  forgetNetwork(networkId: string): void {
    this.#dns.removeNetwork(networkId);
  }

  /** Who is on a network now. */
  occupants(networkId: string): Occupant[] {
    return [...this.#sandboxes.values()].flatMap(({ active, containerName, endpoints }) =>
      active
        ? endpoints
            .filter((endpoint) => endpoint.networkId === networkId && endpoint.endpointId !== '')
            .map(({ endpointId }) => ({ name: containerName, endpointId }))
        : [],
    );
  }

  #endpointsOn(networkId: string): EndpointRecord[] {
    return [...this.#sandboxes.values()].flatMap(({ active, endpoints }) =>
      active ? endpoints.filter((endpoint) => endpoint.networkId === networkId) : [],
    );
  }

  /** `NetworkService.prepare` for a container with a sandbox of its own, or on the host. */
  async prepare(request: SandboxRequest, names: readonly string[]): Promise<PreparedSandbox> {
    this.release(request.containerId);
    const networks = names.map((name) => this.#catalog.get(name));
    checkCombination(networks);
    const sandbox = this.#newSandbox(request, networks);
    try {
      return await this.#describe(request, networks, sandbox);
    } catch (error) {
      this.release(request.containerId);
      throw error;
    }
  }

  started(containerId: string, { pid, ports = [], links = [] }: StartResult): void {
    const sandbox = this.#sandboxes.get(containerId);
    if (!sandbox?.active) return;
    const asked = this.#asked.get(containerId);
    this.#asked.delete(containerId);
    sandbox.pid = pid;
    const containerIp = gatewayEndpoint(sandbox.endpoints)?.address ?? '';
    sandbox.ports = ports.map((port) => ({ ...port, containerIp }));
    for (const [index, endpoint] of sandbox.endpoints.entries()) endpoint.link = links[index];
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
    this.#host.release(sandbox.ports, linksOf(sandbox));
    this.#deactivate(sandbox);
  }

  forget(containerId: string): void {
    this.release(containerId);
    if (!this.#sandboxes.delete(containerId)) return;
    this.#store.removeSandbox(containerId);
  }

  /** What survived a restart of the daemon holds its addresses and ports again. */
  #take(sandbox: SandboxRecord, pid: number): void {
    sandbox.pid = pid;
    for (const { networkId, address } of sandbox.endpoints) {
      if (!address) continue;
      try {
        this.#catalog.pool(networkId)?.take(parseAddress(address));
      } catch (error) {
        log.warn('address of a running container is not of its network', {
          container: sandbox.containerId,
          address,
          error: messageOf(error),
        });
      }
    }
    for (const port of sandbox.ports)
      this.#ports.add(sandbox.containerId, port.proto, port.hostIp, port.hostPort);
  }

  #newSandbox(request: SandboxRequest, networks: readonly NetworkRecord[]): SandboxRecord {
    const onBridge = networks.some(({ bridge }) => bridge !== undefined);
    const host = networks.some(({ driver }) => driver === 'host');
    const sandbox: SandboxRecord = {
      containerId: request.containerId,
      containerName: request.name,
      active: true,
      sandboxId: randomBytes(32).toString('hex'),
      pid: 0,
      mode: onBridge ? 'bridge' : host ? 'host' : 'none',
      endpoints: [],
      ports: [],
      exposed: onBridge ? Object.keys(request.exposedPorts ?? {}) : [],
    };
    this.#sandboxes.set(request.containerId, sandbox);
    return sandbox;
  }

  async #describe(
    request: SandboxRequest,
    networks: readonly NetworkRecord[],
    sandbox: SandboxRecord,
  ): Promise<PreparedSandbox> {
    for (const network of networks) sandbox.endpoints.push(this.#attach(request, network, sandbox.endpoints));
    const ports = this.#publish(request, sandbox);
    if (sandbox.mode === 'bridge') {
      this.#asked.set(request.containerId, { ports, setUps: this.#host.setUps });
      await this.#host.released();
    }
    const [files, dns] = await Promise.all([
      this.#files(request, sandbox),
      needsResolver(sandbox) ? this.#writeNames(request, sandbox) : undefined,
    ]);
    if (sandbox.mode === 'host') return { sandbox: null, files };
    const gateway = gatewayEndpoint(sandbox.endpoints);
    return {
      sandbox: {
        endpoints: sandbox.endpoints.flatMap((endpoint) =>
          endpoint.address ? [this.#spec(endpoint, endpoint === gateway)] : [],
        ),
        ports,
        sysctls: netSysctls(request),
        table: sandbox.mode === 'bridge' ? this.#host.table : '',
        ...(dns ? { dns } : {}),
      },
      files,
    };
  }

  /** Allocates an endpoint. What it takes is given back by `#deactivate` or `#giveBack`. */
  #attach(
    request: SandboxRequest,
    network: NetworkRecord,
    others: readonly EndpointRecord[],
  ): EndpointRecord {
    const { bridge } = network;
    const asked = request.endpoints?.[network.name] ?? {};
    const endpoint: EndpointRecord = {
      network: network.name,
      networkId: network.id,
      endpointId: randomBytes(32).toString('hex'),
    };
    if (!bridge) return endpoint;
    const pool = this.#catalog.pool(network.id);
    if (!pool) throw notFound(`network ${network.name} not found`);
    const fixed = asked.IPAMConfig?.IPv4Address;
    if (fixed && !network.user?.ownSubnet)
      throw invalidArgument(
        `invalid config for network ${network.name}: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`,
      );
    const address = fixed ? parseAddress(fixed) : pool.allocate();
    if (fixed) pool.take(address);
    const internalOnly = network.user?.internal ?? false;
    const macAddress = asked.MacAddress || (isPrimary(request, network) ? request.macAddress : '');
    const gateway = network.user ? bridge.gateway : this.#options.defaultGateway || bridge.gateway;
    const { interfacePrefix } = this.#catalog.optionsOf(network);
    return {
      ...endpoint,
      address: formatAddress(address),
      prefix: parseSubnet(bridge.subnet).prefix,
      ...(internalOnly ? { internal: true } : { gateway }),
      mac: macAddress ? macAddress.replaceAll('-', ':').toLowerCase() : macOf(address),
      ifName: freeInterface(others, interfacePrefix || 'eth'),
      gwPriority: asked.GwPriority ?? 0,
      ...(network.user ? { dnsNames: dnsNames(request, asked), links: linkPairs(asked.Links) } : {}),
    };
  }

  #spec(endpoint: EndpointRecord, isGateway: boolean): EndpointSpec {
    const network = this.#catalog.get(endpoint.networkId);
    const { mtu, icc } = this.#catalog.optionsOf(network);
    return {
      bridge: network.bridge?.name as string,
      ifName: endpoint.ifName as string,
      mac: endpoint.mac as string,
      addresses: [`${endpoint.address}/${endpoint.prefix}`],
      gateway: isGateway ? (endpoint.gateway as string) : null,
      mtu,
      isolated: !icc,
    };
  }

  #publish(request: SandboxRequest, sandbox: SandboxRecord): PortSpec[] {
    const endpoint = gatewayEndpoint(sandbox.endpoints);
    if (!endpoint) return [];
    const { hostBinding } = this.#catalog.optionsOf(this.#catalog.get(endpoint.networkId));
    const publications = publicationsOf(request, bindingIp(hostBinding || this.#options.defaultBindingIp));
    try {
      return this.#ports
        .reserve(request.containerId, publications)
        .map((each) => portSpec(each, endpoint.address as string));
    } catch (error) {
      throw internal(`${programmingFailed(sandbox, endpoint)}: ${messageOf(error)}`, error);
    }
  }

  #files(request: SandboxRequest, sandbox: SandboxRecord): Promise<{ hosts: string; resolvConf: string }> {
    return nameFiles(request, {
      isolated: sandbox.mode !== 'host',
      resolver: needsResolver(sandbox),
      addresses: sandbox.endpoints.flatMap(({ address }) => (address ? [address] : [])),
      gateway: gatewayEndpoint(sandbox.endpoints)?.gateway ?? this.#catalog.find('bridge')?.bridge?.gateway,
      options: this.#options,
      sources: { resolvConf: '/etc/resolv.conf', hosts: '/etc/hosts' },
    });
  }

  /** What the container's resolver must know, and others of the container, before it runs. */
  async #writeNames(request: SandboxRequest, sandbox: SandboxRecord): Promise<DnsSpec> {
    const { servers, ndots } = await resolverSettings(request, this.#options);
    const { containerId, endpoints } = sandbox;
    await Promise.all([
      this.#dns.writeSandbox(containerId, { endpoints, servers, ndots }),
      ...namedNetworks(sandbox).map((id) => this.#dns.updateNetwork(id)),
    ]);
    return {
      directory: this.#dns.directory,
      name: containerId,
      inside: servers.some(({ inside }) => inside),
    };
  }

  #deactivate(sandbox: SandboxRecord): void {
    const named = namedNetworks(sandbox);
    for (const endpoint of sandbox.endpoints) this.#giveBack(endpoint);
    this.#ports.release(sandbox.containerId);
    this.#asked.delete(sandbox.containerId);
    const wasStarted = sandbox.pid > 0;
    sandbox.active = false;
    sandbox.pid = 0;
    sandbox.ports = [];
    sandbox.endpoints = sandbox.endpoints.map(({ network, networkId, dnsNames: names }) => ({
      network,
      networkId,
      endpointId: '',
      ...(names ? { dnsNames: names } : {}),
    }));
    if (wasStarted) this.#store.saveSandbox(sandbox);
    if (named.length > 0) this.#dns.removeSandbox(sandbox.containerId);
    for (const id of named) this.#dns.noteChange(id);
  }

  #giveBack({ networkId, address }: EndpointRecord): void {
    if (address) this.#catalog.pool(networkId)?.release(parseAddress(address));
  }

  /** dockerd's words for a host port that cannot be had; anything else is passed on. */
  #wordFailure(sandbox: SandboxRecord, error: unknown): unknown {
    if (!(error instanceof ExecutorError) || !error.stage.startsWith('bind')) return error;
    const endpoint = gatewayEndpoint(sandbox.endpoints);
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

/** Networks that one sandbox cannot have together. */
function checkCombination(networks: readonly NetworkRecord[]): void {
  if (networks.some(({ user }) => user?.configOnly))
    throw permissionDenied('cannot create endpoint on configuration-only network');
  if (networks.length < 2) return;
  if (networks.some(({ driver }) => driver === 'null'))
    throw invalidArgument(
      'container cannot be connected to multiple networks with one of the networks in private (none) mode',
    );
  if (networks.some(({ driver }) => driver === 'host'))
    throw invalidArgument(
      'container sharing network namespace with another container or host cannot be connected to any other network',
    );
}

/** It is on a network where containers have names. */
function needsResolver({ endpoints }: SandboxRecord): boolean {
  return endpoints.some(({ dnsNames: names }) => names !== undefined);
}

/** The networks on which a running container has names. */
function namedNetworks({ endpoints }: SandboxRecord): string[] {
  return endpoints.flatMap(({ networkId, dnsNames: names, address }) =>
    names && address ? [networkId] : [],
  );
}

function isPrimary({ networkMode }: SandboxRequest, { name, id }: NetworkRecord): boolean {
  const mode = networkMode === '' || networkMode === 'default' ? 'bridge' : networkMode;
  return mode === name || mode === id;
}

function linksOf({ endpoints }: SandboxRecord): string[] {
  return endpoints.flatMap(({ link }) => (link ? [link] : []));
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

/** The default stands for every address of both families. */
function bindingIp(option: string): string {
  return option === '0.0.0.0' ? '' : option;
}

function netSysctls({ sysctls }: SandboxRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(sysctls ?? {}).filter(([name]) => name.startsWith('net.')));
}
