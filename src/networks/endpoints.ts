import { randomBytes } from 'node:crypto';
import { invalidArgument, notFound, unimplemented } from '../errors.ts';
import type { NetworkCatalog } from './catalog.ts';
import { dnsNames, linkPairs } from './dns-names.ts';
import { freeInterface, gatewayEndpoint, gatewayEndpoint6 } from './endpoint-order.ts';
import type { NetworkOptions } from './options.ts';
import type { EndpointRequest, EndpointSpec, SandboxRequest } from './service.ts';
import type { BridgeRecord, EndpointRecord, NetworkRecord } from './store.ts';
import { formatAddress, parseAddress, parseSubnet } from './subnet.ts';
import { formatAddress6, parseAddress6 } from './subnet6.ts';

const nameOption = 'com.docker.network.endpoint.ifname';
const sysctlOption = 'com.docker.network.endpoint.sysctls';

/** Makes endpoints out of what is asked for: address, MAC, gateway, names. */
export class EndpointAllocator {
  readonly #catalog: NetworkCatalog;
  readonly #options: NetworkOptions;

  constructor(catalog: NetworkCatalog, options: NetworkOptions) {
    this.#catalog = catalog;
    this.#options = options;
  }

  /**
   * An endpoint of the container on a network. Its address is taken until `giveBack`.
   * @param others  the container's endpoints so far
   * @throws permission-denied for an address in use, conflict when none is left, invalid-argument for an impossible one
   */
  take(request: SandboxRequest, network: NetworkRecord, others: readonly EndpointRecord[]): EndpointRecord {
    const { bridge } = network;
    const asked = request.endpoints?.[network.name] ?? {};
    const endpoint: EndpointRecord = {
      network: network.name,
      networkId: network.id,
      endpointId: randomBytes(32).toString('hex'),
    };
    if (!bridge) return endpoint;
    refuseUnbuilt(asked);
    const { interfacePrefix } = this.#catalog.optionsOf(network);
    const ifName = interfaceOf(asked) ?? freeInterface(others, interfacePrefix || 'eth');
    const address = this.#address(network, asked);
    const v6 = this.#address6(network, asked, address);
    const internalOnly = network.user?.internal ?? false;
    const macAddress = asked.MacAddress || (isPrimary(request, network) ? request.macAddress : '');
    const gateway = network.user ? bridge.gateway : this.#options.defaultGateway || bridge.gateway;
    return {
      ...endpoint,
      address: formatAddress(address),
      prefix: parseSubnet(bridge.subnet).prefix,
      ...(internalOnly ? { internal: true } : { gateway }),
      ...(v6 === undefined ? {} : { v6: endpoint6(v6, bridge, internalOnly) }),
      mac: macAddress ? macAddress.replaceAll('-', ':').toLowerCase() : macOf(address),
      ifName,
      gwPriority: asked.GwPriority ?? 0,
      ...(network.user ? { dnsNames: dnsNames(request, asked), links: linkPairs(asked.Links) } : {}),
    };
  }

  giveBack({ networkId, address, v6 }: EndpointRecord): void {
    if (address) this.#catalog.pool(networkId)?.release(parseAddress(address));
    if (v6) this.#catalog.pool6(networkId)?.release(parseAddress6(v6.address));
  }

  /** An endpoint as the executor makes it, among all of its container. */
  spec(endpoint: EndpointRecord, all: readonly EndpointRecord[]): EndpointSpec {
    const network = this.#catalog.get(endpoint.networkId);
    const { mtu, icc } = this.#catalog.optionsOf(network);
    return {
      bridge: network.bridge?.name as string,
      ifName: endpoint.ifName as string,
      mac: endpoint.mac as string,
      addresses: [
        `${endpoint.address}/${endpoint.prefix}`,
        ...(endpoint.v6 ? [`${endpoint.v6.address}/${endpoint.v6.prefix}`] : []),
      ],
      gateway: gatewaysOf(all)
        .filter((each) => each.ifName === endpoint.ifName)
        .map(({ address }) => address),
      mtu,
      isolated: !icc,
    };
  }

  #address(network: NetworkRecord, { IPAMConfig }: EndpointRequest): number {
    const pool = this.#catalog.pool(network.id);
    if (!pool) throw notFound(`network ${network.name} not found`);
    const fixed = IPAMConfig?.IPv4Address;
    if (!fixed) return pool.allocate();
    if (!network.user?.ownSubnet)
      throw invalidArgument(
        `invalid config for network ${network.name}: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`,
      );
    const address = parseAddress(fixed);
    pool.take(address);
    return address;
  }

  /** Undefined on a network without IPv6. @param address  of IPv4, given back when this fails */
  #address6(network: NetworkRecord, { IPAMConfig }: EndpointRequest, address: number): bigint | undefined {
    const pool = this.#catalog.pool6(network.id);
    const fixed = IPAMConfig?.IPv6Address;
    try {
      if (fixed && (!pool || !network.user?.ownSubnet6))
        throw invalidArgument(
          pool
            ? `invalid config for network ${network.name}: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets`
            : `no configured subnet or ip-range contain the IP address ${fixed}`,
        );
      if (!fixed) return pool?.allocate();
      const taken = parseAddress6(fixed);
      pool?.take(taken);
      return taken;
    } catch (error) {
      this.#catalog.pool(network.id)?.release(address);
      throw error;
    }
  }
}

/** The ways out of a container, at most one of each family. */
export function gatewaysOf(endpoints: readonly EndpointRecord[]): { ifName: string; address: string }[] {
  const v4 = gatewayEndpoint(endpoints);
  const v6 = gatewayEndpoint6(endpoints);
  return [
    ...(v4 ? [{ ifName: v4.ifName as string, address: v4.gateway as string }] : []),
    ...(v6 ? [{ ifName: v6.ifName as string, address: v6.v6?.gateway as string }] : []),
  ];
}

function endpoint6(address: bigint, { v6 }: BridgeRecord, internalOnly: boolean): EndpointRecord['v6'] {
  return {
    address: formatAddress6(address),
    prefix: Number(v6?.subnet.split('/')[1]),
    ...(v6 && !internalOnly ? { gateway: v6.gateway } : {}),
  };
}

/** The settings of an endpoint's interface (`DriverOpts`), by the name it has got. Throws invalid-argument. */
export function endpointSysctls(
  asked: EndpointRequest | null | undefined,
  ifName: string,
): Record<string, string> {
  const sysctls: Record<string, string> = {};
  for (const setting of (asked?.DriverOpts?.[sysctlOption] ?? '').split(',')) {
    if (setting === '') continue;
    const [name = '', ...value] = setting.split('=');
    if (!/^net\.(ipv4|ipv6|mpls)\.[a-z_]+\.IFNAME\.[A-Za-z0-9_.]+$/.test(name) || value.length === 0)
      throw invalidArgument(`invalid config for endpoint sysctl: ${setting}`);
    sysctls[name.replace('IFNAME', ifName.replaceAll('.', '/'))] = value.join('=');
  }
  return sysctls;
}

/** The name of the interface, where the client chose one. */
function interfaceOf({ DriverOpts }: EndpointRequest): string | undefined {
  const name = DriverOpts?.[nameOption];
  if (name === undefined) return undefined;
  if (!/^[^\s/:%]{1,15}$/.test(name) || name === '.' || name === '..' || name === 'lo')
    throw invalidArgument(`invalid interface name: ${name}`);
  return name;
}

function refuseUnbuilt({ IPAMConfig }: EndpointRequest): void {
  if (IPAMConfig?.LinkLocalIPs?.length)
    throw unimplemented('link-local addresses of endpoints are not implemented by this engine yet');
}

function isPrimary({ networkMode }: SandboxRequest, { name, id }: NetworkRecord): boolean {
  const mode = networkMode === '' || networkMode === 'default' ? 'bridge' : networkMode;
  return mode === name || mode === id;
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
