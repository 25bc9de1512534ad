import { randomBytes } from 'node:crypto';
import { conflict, internal, invalidArgument, messageOf, permissionDenied } from '../errors.ts';
import { ExecutorError } from '../host/executor.ts';
import { logger } from '../log.ts';
import type { NetworkCatalog, Occupant } from './catalog.ts';
import { dnsNames } from './dns-names.ts';
import { DnsRecords } from './dns-records.ts';
import { gatewayEndpoint } from './endpoint-order.ts';
import { EndpointAllocator, endpointSysctls } from './endpoints.ts';
import type { HostNetwork, PublishedPort } from './host-network.ts';
import { HotPlug, namedNetworks, needsResolver, type Joined, type Left } from './hot-plug.ts';
import { nameFiles } from './name-files.ts';
import type { NetworkOptions } from './options.ts';
import { hostAddresses, PortLedger, publicationsOf, type Publication } from './ports.ts';
import type { PortSpec, PreparedSandbox, SandboxRequest, StartResult } from './service.ts';
import type { EndpointRecord, NetworkRecord, NetworkStore, SandboxRecord } from './store.ts';
import { parseAddress } from './subnet.ts';
import { parseAddress6 } from './subnet6.ts';

const log = logger('networks');

export interface SandboxDeps {
  store: NetworkStore;
  catalog: NetworkCatalog;
  host: HostNetwork;
  options: NetworkOptions;
  /** Where the records of resolvers are kept; lost with a reboot. */
  dnsDirectory: string;
}

/** A container that runs, after a restart of the daemon. */
export interface LiveContainer {
  request: SandboxRequest;
  /** Ids of the networks it is to be on. */
  networks: ReadonlySet<string>;
  /** Its shim's. */
  socket: string;
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
  readonly #endpoints: EndpointAllocator;
  readonly #plugs: HotPlug;
  /** The ports of starts under way, in the order the executor counts them. */
  readonly #asked = new Map<string, { ports: PortSpec[]; setUps: number }>();

  constructor({ store, catalog, host, options, dnsDirectory }: SandboxDeps) {
    this.#store = store;
    this.#catalog = catalog;
    this.#host = host;
    this.#options = options;
    this.#dns = new DnsRecords(dnsDirectory, (id) => this.#endpointsOn(id));
    this.#endpoints = new EndpointAllocator(catalog, options);
    this.#plugs = new HotPlug({ store, catalog, host, options, dns: this.#dns, endpoints: this.#endpoints });
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

  /** `NetworkService.connect` for a container that runs. */
  async connect(request: SandboxRequest, network: NetworkRecord, socket: string): Promise<Joined> {
    const sandbox = this.#active(request.containerId);
    checkCombination([...sandbox.endpoints.map(({ networkId }) => this.#catalog.get(networkId)), network]);
    return this.#plugs.join(request, sandbox, network, socket);
  }

  /** `NetworkService.disconnect` for a container that runs. */
  async disconnect(request: SandboxRequest, network: NetworkRecord, socket: string): Promise<Left> {
    const sandbox = this.#active(request.containerId);
    const endpoint = sandbox.endpoints.find(({ networkId }) => networkId === network.id);
    if (!endpoint)
      throw internal(`container ${request.containerId} is not connected to network ${network.name}`);
    return this.#plugs.leave(request, sandbox, endpoint, socket);
  }

  /**
   * Finishes what a crash cut off: endpoints half plugged in or half pulled out are pulled out, and so are those of which the
   * container's own record knows nothing.
   */
  async settle(containerOf: (containerId: string) => LiveContainer | undefined): Promise<void> {
    for (const sandbox of this.#sandboxes.values()) {
      const container = sandbox.active ? containerOf(sandbox.containerId) : undefined;
      if (!container) continue;
      for (const endpoint of sandbox.endpoints) {
        if (!endpoint.pending && container.networks.has(endpoint.networkId)) continue;
        const { request, socket } = container;
        await this.#plugs.leave(request, sandbox, endpoint, socket).catch((error: unknown) => {
          log.warn('endpoint half made remains', {
            container: sandbox.containerId,
            error: messageOf(error),
          });
        });
      }
    }
  }

  /** The container has another name. */
  renamed(request: SandboxRequest): void {
    const sandbox = this.#sandboxes.get(request.containerId);
    if (!sandbox) return;
    sandbox.containerName = request.name;
    for (const endpoint of sandbox.endpoints)
      if (endpoint.dnsNames)
        endpoint.dnsNames = dnsNames(request, request.endpoints?.[endpoint.network] ?? {});
    this.#store.saveSandbox(sandbox);
    for (const id of namedNetworks(sandbox)) this.#dns.noteChange(id);
  }

  #active(containerId: string): SandboxRecord {
    const sandbox = this.#sandboxes.get(containerId);
    if (!sandbox?.active || sandbox.pid === 0) throw conflict(`container ${containerId} is not running`);
    return sandbox;
  }

  forget(containerId: string): void {
    this.release(containerId);
    if (!this.#sandboxes.delete(containerId)) return;
    this.#store.removeSandbox(containerId);
  }

  /** What survived a restart of the daemon holds its addresses and ports again. */
  #take(sandbox: SandboxRecord, pid: number): void {
    sandbox.pid = pid;
    for (const { networkId, address, v6 } of sandbox.endpoints) {
      if (!address) continue;
      try {
        this.#catalog.pool(networkId)?.take(parseAddress(address));
        if (v6) this.#catalog.pool6(networkId)?.take(parseAddress6(v6.address));
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
    for (const network of networks)
      sandbox.endpoints.push(this.#endpoints.take(request, network, sandbox.endpoints));
    const ports = this.#publish(request, sandbox);
    if (sandbox.mode === 'bridge') {
      this.#asked.set(request.containerId, { ports, setUps: this.#host.setUps });
      await this.#host.released();
    }
    const [files, dns] = await Promise.all([
      this.#files(request, sandbox),
      needsResolver(sandbox) ? this.#plugs.writeNames(request, sandbox) : undefined,
    ]);
    sandbox.resolver = dns !== undefined;
    if (sandbox.mode === 'host') return { sandbox: null, files };
    return {
      sandbox: {
        endpoints: sandbox.endpoints.flatMap((endpoint) =>
          endpoint.address ? [this.#endpoints.spec(endpoint, sandbox.endpoints)] : [],
        ),
        ports,
        sysctls: sysctlsOf(request, sandbox.endpoints),
        table: sandbox.mode === 'bridge' ? this.#host.table : '',
        ...(dns ? { dns } : {}),
      },
      files,
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
      addresses: sandbox.endpoints.flatMap(({ address, v6 }) =>
        [address, v6?.address].flatMap((each) => each ?? []),
      ),
      gateway: gatewayEndpoint(sandbox.endpoints)?.gateway ?? this.#catalog.find('bridge')?.bridge?.gateway,
      options: this.#options,
      sources: { resolvConf: '/etc/resolv.conf', hosts: '/etc/hosts' },
    });
  }

  #deactivate(sandbox: SandboxRecord): void {
    const named = namedNetworks(sandbox);
    for (const endpoint of sandbox.endpoints) this.#endpoints.giveBack(endpoint);
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

function linksOf({ endpoints }: SandboxRecord): string[] {
  return endpoints.flatMap(({ link }) => (link ? [link] : []));
}

function programmingFailed(sandbox: SandboxRecord, { endpointId }: EndpointRecord): string {
  return `failed to set up container networking: driver failed programming external connectivity on endpoint ${sandbox.containerName} (${endpointId})`;
}

function portSpec(publication: Publication, containerIp: string): PortSpec {
  const { proto, hostIp, first, last, containerPort } = publication;
  return { proto, ...hostAddresses(hostIp), hostPort: first, hostPortEnd: last, containerIp, containerPort };
}

/** The default stands for every address of both families. */
function bindingIp(option: string): string {
  return option === '0.0.0.0' ? '' : option;
}

function sysctlsOf(
  { sysctls, endpoints: asked }: SandboxRequest,
  endpoints: readonly EndpointRecord[],
): Record<string, string> {
  const own = Object.entries(sysctls ?? {}).filter(([name]) => name.startsWith('net.'));
  const ofEndpoints = endpoints.flatMap(({ network, ifName }) =>
    ifName ? Object.entries(endpointSysctls(asked?.[network], ifName)) : [],
  );
  return Object.fromEntries([...own, ...ofEndpoints]);
}
