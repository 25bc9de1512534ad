import type { EndpointTarget } from './endpoint-config.ts';
import type { Joined, Left } from './hot-plug.ts';
import type { NetworkFilters } from './filters.ts';
import type { IpamConfig } from './ipam/config.ts';
import type { NetworkRequest } from './network-request.ts';

/**
 * What the containers service asks of networks, in the order of a container's life:
 * `settings` (inspect, any time) - `prepare` - shim.start - `started` - ... exit - `release` - `forget`.
 * After a restart of the daemon: `recover` once, with every container that still runs.
 */
export interface NetworkService {
  /**
   * Allocates addresses for one start and says what shim.start needs. Idempotent per container: a second call
   * gives up what the first one held. Undo with `release`.
   * @throws not-found for an unknown network; conflict when no address is left or an asked one is taken;
   *         invalid-argument for impossible settings. Messages are dockerd's.
   */
  prepare(request: SandboxRequest): Promise<PreparedSandbox>;

  /** Records what shim.start answered, so that inspect and a restarted daemon know it. */
  started(containerId: string, result: StartResult): void;

  /**
   * As `release`, for a start that failed after `prepare`. Returns the error to throw: dockerd's words where the
   * executor's own say less (a host port in use), `error` otherwise.
   */
  failed(containerId: string, error: unknown): unknown;

  /** Gives up a container's addresses and ports: it has exited, or its start failed. Idempotent, never waits. */
  release(containerId: string): void;

  /** As `release`, and forgets what inspect still showed of the container. For removal. */
  forget(containerId: string): void;

  /** Names of the interfaces made in the container's own network namespace, the loopback left out. */
  interfaces(containerId: string): string[];

  /**
   * Gives a container that runs an endpoint on a network. `request` names it among its endpoints already.
   * @param socket  of the container's shim
   * @throws permission-denied when it is on the network or the address is taken; invalid-argument, conflict as `prepare`
   */
  connect(request: SandboxRequest, nameOrId: string, socket: string): Promise<Joined>;

  /** Takes an endpoint away from a container that runs. Throws internal when it has none on that network. */
  disconnect(request: SandboxRequest, nameOrId: string, socket: string): Promise<Left>;

  /** The driver of a network, by its id; undefined when there is none. */
  driverOf(networkId: string): string | undefined;

  /** Ids of the networks a container is on now; undefined when it does not run, or has no sandbox of its own. */
  networksOf(containerId: string): string[] | undefined;

  /** After `recover`: endpoints that a crash left half plugged, or of which `request` knows nothing, are pulled out. */
  settle(
    requestOf: (containerId: string) => { request: SandboxRequest; socket: string } | undefined,
  ): Promise<void>;

  /** The container has another name; `request` has it already. */
  renamed(request: SandboxRequest): void;

  /** What a container is called on a network; null on the predefined ones. */
  dnsNames(request: SandboxRequest, nameOrId: string): string[] | null;

  /** `NetworkSettings` of inspect and of the list; needs no lock and asks nobody. */
  settings(request: SandboxRequest): NetworkSettings;

  /**
   * At daemon start: puts right bridges, firewall and the records after whatever happened meanwhile. Endpoints of
   * containers not named here are released.
   */
  recover(live: readonly { containerId: string; pid: number }[]): Promise<void>;

  /** Networks that pass the filters, in dockerd's order of `GET /networks`; `Containers` is empty there. */
  list(filters?: NetworkFilters): Network[];

  /** By name, id or unique id prefix. Throws not-found `network x not found`, conflict when ambiguous. */
  get(nameOrId: string): Network;

  /** What an endpoint's settings are checked against, also for a network that is not there. */
  target(nameOrId: string): EndpointTarget & { id: string | undefined };

  /**
   * Makes a network. Throws as dockerd: invalid-argument, permission-denied, conflict, not-found, internal; unimplemented
   * for settings that would have no effect.
   */
  create(request: NetworkRequest): Promise<Network>;

  /**
   * Removes a network; returns what it was. Throws permission-denied for a predefined one or one in use, not-found for
   * an unknown one.
   */
  remove(nameOrId: string): Promise<Network>;

  /** Removes networks that no container uses; returns what they were. */
  prune(filters: NetworkFilters): Promise<Network[]>;

  /** Takes bridge and firewall down when no container needs them any more. */
  close(): Promise<void>;
}

/** What of shim.start's answer concerns networks. */
export interface StartResult {
  pid: number;
  ports?: readonly BoundPort[] | undefined;
  links?: readonly string[] | undefined;
}

/** A container's network configuration: what create was given, unchanged between its starts. */
export interface SandboxRequest {
  containerId: string;
  /** Without the slash. */
  name: string;
  hostname: string;
  domainname: string;
  /** HostConfig.NetworkMode: `default`, `bridge`, `host`, `none`, `container:<id>` or a network's name. */
  networkMode: string;
  /** The networks it is to be on, by name, with the settings of its endpoints. Absent: that of `networkMode`. */
  endpoints?: Record<string, EndpointRequest | null> | null | undefined;
  /** Config.MacAddress: the old place, for the network of `networkMode`. */
  macAddress?: string | undefined;
  /** Config.ExposedPorts, `80/tcp`. */
  exposedPorts?: Record<string, unknown> | null | undefined;
  portBindings?: Record<string, { HostIp?: string; HostPort?: string }[] | null> | null | undefined;
  publishAllPorts?: boolean | undefined;
  dns?: string[] | null | undefined;
  dnsSearch?: string[] | null | undefined;
  dnsOptions?: string[] | null | undefined;
  extraHosts?: string[] | null | undefined;
  /** Containers it is linked to (HostConfig.Links), for /etc/hosts. */
  linkedHosts?: readonly LinkedHost[] | undefined;
  /** HostConfig.Sysctls; only the `net.` ones are used here, the OCI spec takes the rest. */
  sysctls?: Record<string, string> | null | undefined;
}

export interface LinkedHost {
  address: string;
  names: readonly string[];
}

export interface EndpointRequest {
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] } | null;
  Links?: string[] | null;
  Aliases?: string[] | null;
  MacAddress?: string;
  DriverOpts?: Record<string, string> | null;
  GwPriority?: number;
  /** Set by NetworkConnect: what inspect shows before the next start. */
  DNSNames?: string[];
}

export interface PreparedSandbox {
  /**
   * `sandbox` of shim.start as it stands. Null when the container uses a namespace that exists: the host's
   * (`host`) or another container's (`container:X`, whose pid the caller knows).
   */
  sandbox: SandboxSpec | null;
  /** Contents of the container's /etc/hosts and /etc/resolv.conf; null when another container's are used. */
  files: { hosts: string; resolvConf: string } | null;
}

/** native/PROTOCOL.md 1.1. */
export interface SandboxSpec {
  endpoints: EndpointSpec[];
  ports: PortSpec[];
  sysctls: Record<string, string>;
  /** nftables table that gets the ports. */
  table: string;
  /** The name server it gets at 127.0.0.11; absent where the host's own are used. */
  dns?: DnsSpec;
}

/** native/dns: below `directory` are the records, `name` is the container's among them. */
export interface DnsSpec {
  directory: string;
  name: string;
  /** Some servers are asked from the container's network. */
  inside: boolean;
}

export interface EndpointSpec {
  bridge: string;
  /** Name inside the container. */
  ifName: string;
  mac: string;
  /** With prefix lengths: `172.17.0.2/16`. */
  addresses: string[];
  /** Default routes, at most one of each family. */
  gateway: string[];
  mtu: number;
  /** The bridge's other containers cannot be reached (`--icc=false`). */
  isolated: boolean;
}

export interface PortSpec {
  proto: 'tcp' | 'udp' | 'sctp';
  /** IPv4 and IPv6 address on the host, at least one; both get the same port. */
  hostIp?: string;
  hostIp6?: string;
  /** The first and last host port that will do; equal for a fixed one. */
  hostPort: number;
  hostPortEnd: number;
  containerIp: string;
  containerPort: number;
}

/** A published port as it came out. */
export interface BoundPort {
  proto: string;
  hostIp: string;
  hostPort: number;
  containerPort: number;
}

/** `EndpointSettings` as inspect shows it. */
export interface EndpointSettings {
  IPAMConfig: EndpointRequest['IPAMConfig'];
  Links: string[] | null;
  Aliases: string[] | null;
  MacAddress: string;
  DriverOpts: Record<string, string> | null;
  GwPriority: number;
  NetworkID: string;
  EndpointID: string;
  Gateway: string;
  IPAddress: string;
  IPPrefixLen: number;
  IPv6Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  DNSNames: string[] | null;
}

/** `NetworkSettings` as inspect shows it. */
export interface NetworkSettings {
  Bridge: string;
  SandboxID: string;
  SandboxKey: string;
  Ports: Record<string, { HostIp: string; HostPort: string }[] | null>;
  HairpinMode: boolean;
  LinkLocalIPv6Address: string;
  LinkLocalIPv6PrefixLen: number;
  SecondaryIPAddresses: null;
  SecondaryIPv6Addresses: null;
  EndpointID: string;
  Gateway: string;
  GlobalIPv6Address: string;
  GlobalIPv6PrefixLen: number;
  IPAddress: string;
  IPPrefixLen: number;
  IPv6Gateway: string;
  MacAddress: string;
  Networks: Record<string, EndpointSettings>;
}

/** One network as `GET /networks/{id}` shows it. */
export interface Network {
  Name: string;
  Id: string;
  Created: string;
  Scope: string;
  Driver: string;
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  IPAM: {
    Driver: string;
    Options: Record<string, string> | null;
    Config: IpamConfig[] | null;
  };
  Internal: boolean;
  Attachable: boolean;
  Ingress: boolean;
  ConfigFrom: { Network: string };
  ConfigOnly: boolean;
  Containers: Record<
    string,
    { Name: string; EndpointID: string; MacAddress: string; IPv4Address: string; IPv6Address: string }
  >;
  Options: Record<string, string>;
  Labels: Record<string, string>;
}
