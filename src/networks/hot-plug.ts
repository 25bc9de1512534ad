import { constants } from 'node:os';
import { conflict, internal, messageOf, permissionDenied } from '../errors.ts';
import { ExecutorError } from '../host/executor.ts';
import type { NetworkCatalog } from './catalog.ts';
import type { DnsRecords } from './dns-records.ts';
import { gatewayEndpoint } from './endpoint-order.ts';
import { endpointSysctls, gatewaysOf, type EndpointAllocator } from './endpoints.ts';
import type { HostNetwork, PublishedPort } from './host-network.ts';
import { hostNames } from './hosts.ts';
import { nameFiles, resolverSettings } from './name-files.ts';
import type { NetworkOptions } from './options.ts';
import type { DnsSpec, SandboxRequest } from './service.ts';
import type { EndpointRecord, NetworkRecord, NetworkStore, SandboxRecord } from './store.ts';

export interface HotPlugDeps {
  store: NetworkStore;
  catalog: NetworkCatalog;
  host: HostNetwork;
  options: NetworkOptions;
  dns: DnsRecords;
  endpoints: EndpointAllocator;
}

/** What a new endpoint changes in the container's files. */
export interface Joined {
  /** To be added to /etc/hosts. */
  hostsLines: string;
  /** /etc/resolv.conf, where it is still as the engine made it, and what it is to be; undefined when nothing changes. */
  resolvConf: { before: string; after: string } | undefined;
}

/** What an endpoint that is gone changes. */
export interface Left {
  /** Lines of /etc/hosts that begin with it are to go. */
  addresses: string[];
}

/**
 * Endpoints of containers that run. The record says so first, marked as pending: after a crash in between, the endpoint is
 * pulled out.
 */
export class HotPlug {
  readonly #deps: HotPlugDeps;

  constructor(deps: HotPlugDeps) {
    this.#deps = deps;
  }

  /** Gives a running container an endpoint. Nothing is left when it fails. */
  async join(
    request: SandboxRequest,
    sandbox: SandboxRecord,
    network: NetworkRecord,
    socket: string,
  ): Promise<Joined> {
    const { store, host, endpoints, dns } = this.#deps;
    if (sandbox.endpoints.some(({ networkId }) => networkId === network.id))
      throw permissionDenied(
        `endpoint with name ${sandbox.containerName} already exists in network ${network.name}`,
      );
    const endpoint = endpoints.take(request, network, sandbox.endpoints);
    const startsResolver = endpoint.dnsNames !== undefined && !sandbox.resolver;
    const before = startsResolver ? await this.#resolvConf(request, false) : '';
    endpoint.pending = true;
    sandbox.endpoints.push(endpoint);
    store.saveSandbox(sandbox);
    try {
      await host.released();
      const spec = needsResolver(sandbox) ? await this.writeNames(request, sandbox) : undefined;
      const ports = retarget(sandbox);
      const { link } = await host.plug<{ link: string }>('net.connect', {
        socket,
        endpoint: endpoints.spec(endpoint, sandbox.endpoints),
        sysctls: endpointSysctls(request.endpoints?.[network.name], endpoint.ifName as string),
        ...(startsResolver ? { dns: spec } : {}),
        ...ports.change,
      });
      endpoint.link = link;
      sandbox.ports = ports.after;
    } catch (error) {
      await this.#takeBack(request, sandbox, endpoint);
      throw worded(error);
    }
    endpoint.pending = undefined;
    if (startsResolver) sandbox.resolver = true;
    store.saveSandbox(sandbox);
    if (endpoint.dnsNames) await dns.updateNetwork(network.id);
    return {
      hostsLines: [endpoint.address, endpoint.v6?.address]
        .flatMap((address) =>
          address ? [`${address}\t${hostNames(request.hostname, request.domainname)}\n`] : [],
        )
        .join(''),
      resolvConf: startsResolver ? { before, after: await this.#resolvConf(request, true) } : undefined,
    };
  }

  /** Takes an endpoint away from a running container. */
  async leave(
    request: SandboxRequest,
    sandbox: SandboxRecord,
    endpoint: EndpointRecord,
    socket: string,
  ): Promise<Left> {
    const { store, host } = this.#deps;
    const { address, v6 } = endpoint;
    endpoint.pending = true;
    store.saveSandbox(sandbox);
    const left = sandbox.endpoints.filter((each) => each !== endpoint);
    const before = gatewaysOf(sandbox.endpoints);
    const routes = gatewaysOf(left).filter(
      ({ address: router }) => !before.some((each) => each.address === router),
    );
    const ports = retarget({ ...sandbox, endpoints: left });
    if (address)
      await host
        .plug('net.disconnect', {
          socket,
          ifName: endpoint.ifName,
          link: endpoint.link ?? null,
          gateways: routes,
          ...ports.change,
        })
        .catch((error: unknown) => {
          throw worded(error);
        });
    sandbox.ports = ports.after;
    await this.#takeBack(request, sandbox, endpoint);
    return { addresses: [address, v6?.address].flatMap((each) => each ?? []) };
  }

  /** What the container's resolver must know, and others of the container. */
  async writeNames(request: SandboxRequest, sandbox: SandboxRecord): Promise<DnsSpec> {
    const { dns, options } = this.#deps;
    const { servers, ndots } = await resolverSettings(request, options);
    const { containerId, endpoints } = sandbox;
    await Promise.all([
      dns.writeSandbox(containerId, { endpoints, servers, ndots }),
      ...namedNetworks(sandbox).map((id) => dns.updateNetwork(id)),
    ]);
    return {
      directory: dns.directory,
      name: containerId,
      inside: servers.some(({ inside }) => inside),
    };
  }

  async #takeBack(request: SandboxRequest, sandbox: SandboxRecord, endpoint: EndpointRecord): Promise<void> {
    const { store, endpoints, dns } = this.#deps;
    // The container ended meanwhile, and gave everything back.
    if (!sandbox.endpoints.includes(endpoint)) return;
    sandbox.endpoints = sandbox.endpoints.filter((each) => each !== endpoint);
    endpoints.giveBack(endpoint);
    store.saveSandbox(sandbox);
    if (!endpoint.dnsNames) return;
    if (sandbox.resolver) await this.writeNames(request, sandbox);
    await dns.updateNetwork(endpoint.networkId);
  }

  async #resolvConf(request: SandboxRequest, resolver: boolean): Promise<string> {
    const { resolvConf } = await nameFiles(request, {
      isolated: true,
      resolver,
      addresses: [],
      gateway: undefined,
      options: this.#deps.options,
      sources: { resolvConf: '/etc/resolv.conf', hosts: '/etc/hosts' },
    });
    return resolvConf;
  }
}

/** It is on a network where containers have names. */
export function needsResolver({ endpoints }: SandboxRecord): boolean {
  return endpoints.some(({ dnsNames: names }) => names !== undefined);
}

/** The networks on which a running container has names. */
export function namedNetworks({ endpoints }: SandboxRecord): string[] {
  return endpoints.flatMap(({ networkId, dnsNames: names, address }) =>
    names && address ? [networkId] : [],
  );
}

/** Published ports lead to the endpoint that leads out: what changes when that is another one. */
function retarget({ ports, endpoints }: SandboxRecord): {
  after: PublishedPort[];
  change: { unpublish?: PublishedPort[]; publish?: PublishedPort[] };
} {
  const containerIp = gatewayEndpoint(endpoints)?.address ?? '';
  if (ports.every((port) => port.containerIp === containerIp)) return { after: ports, change: {} };
  const after = ports.map((port) => ({ ...port, containerIp }));
  const redirected = (list: PublishedPort[]): PublishedPort[] =>
    list.filter(({ hostIp, containerIp: target }) => !hostIp.includes(':') && target !== '');
  return { after, change: { unpublish: redirected(ports), publish: redirected(after) } };
}

/** A container that ends meanwhile is nobody's fault; anything else is the engine's. */
function worded(error: unknown): unknown {
  if (!(error instanceof ExecutorError)) return error;
  return error.errno === constants.errno.ESRCH || error.errno === constants.errno.ENOENT
    ? conflict('the container is not running', error)
    : internal(messageOf(error), error);
}
