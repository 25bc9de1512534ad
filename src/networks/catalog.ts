import { randomBytes } from 'node:crypto';
import {
  conflict,
  internal,
  invalidArgument,
  messageOf,
  notFound,
  permissionDenied,
  unimplemented,
} from '../errors.ts';
import { ExecutorError } from '../host/executor.ts';
import { logger } from '../log.ts';
import { parseBridgeOptions, type BridgeOptions } from './bridge-options.ts';
import { randomMac, usedSubnets, usedSubnets6 } from './default-bridge.ts';
import type { BridgeSpec, HostNetwork } from './host-network.ts';
import {
  checkIpamConfig,
  gatewayOf,
  gatewayOf6,
  ipv4Config,
  ipv6Config,
  type IpamConfig,
} from './ipam/config.ts';
import { chooseSubnet6 } from './ipam/default-subnet6.ts';
import { chooseSubnet, defaultAddressPools } from './ipam/default-subnet.ts';
import { AddressPool } from './ipam/pool.ts';
import { AddressPool6 } from './ipam/pool6.ts';
import type { NetworkRequest } from './network-request.ts';
import type { NetworkOptions } from './options.ts';
import {
  timestamp,
  type BridgeRecord,
  type NetworkRecord,
  type NetworkStore,
  type UserSettings,
} from './store.ts';
import { formatAddress, formatSubnet, overlaps, parseAddress, parseSubnet, type Subnet } from './subnet.ts';
import {
  formatAddress6,
  formatSubnet6,
  overlaps6,
  parseAddress6,
  parseSubnet6,
  type Subnet6,
} from './subnet6.ts';

const log = logger('networks');

export const predefined = ['none', 'host', 'bridge'] as const;
const drivers = { none: 'null', host: 'host', bridge: 'bridge' } as const;

/** A container on a network, for the text of a refusal. */
export interface Occupant {
  name: string;
  endpointId: string;
}

/**
 * The networks there are: their records, the pools of their addresses, what each bridge must be. A change is stored before
 * it shows here; what was begun and not ended is marked, and `open` of the next daemon settles it.
 */
export class NetworkCatalog {
  readonly #store: NetworkStore;
  readonly #options: NetworkOptions;
  readonly #host: HostNetwork;
  readonly #networks = new Map<string, NetworkRecord>();
  readonly #pools = new Map<string, AddressPool>();
  readonly #pools6 = new Map<string, AddressPool6>();
  readonly #bridgeOptions = new Map<string, BridgeOptions>();

  /** @param host  not used before `open` */
  constructor(store: NetworkStore, options: NetworkOptions, host: HostNetwork) {
    this.#store = store;
    this.#options = options;
    this.#host = host;
    for (const network of store.networks()) this.#networks.set(network.id, network);
    for (const name of predefined) if (!this.find(name)) this.#addPredefined(name);
  }

  /** Decides on the default bridge, fills the pools, settles what a crash left half done. Makes no bridge yet. */
  async open(): Promise<void> {
    for (const network of this.#networks.values()) {
      if (!network.pending) continue;
      await this.#host.removeBridge(this.#spec(network)).catch((error: unknown) => {
        log.warn('bridge of a network half made remains', { network: network.id, error: messageOf(error) });
      });
      this.#drop(network);
    }
    await this.#chooseDefaultBridge();
    for (const network of this.all()) this.#fillPool(network);
  }

  /** Every network but those being made or removed. */
  all(): NetworkRecord[] {
    return [...this.#networks.values()].filter(({ pending }) => !pending);
  }

  /** By exact name or id. */
  find(nameOrId: string): NetworkRecord | undefined {
    return this.all().find(({ name, id }) => name === nameOrId || id === nameOrId);
  }

  /** By name, id or unique id prefix. Throws not-found, conflict when ambiguous. */
  get(nameOrId: string): NetworkRecord {
    const exact = this.find(nameOrId);
    if (exact) return exact;
    const matches = nameOrId === '' ? [] : this.all().filter(({ id }) => id.startsWith(nameOrId));
    if (matches.length > 1)
      throw conflict(`network ${nameOrId} is ambiguous (${matches.length} matches found based on ID prefix)`);
    if (!matches[0]) throw notFound(`network ${nameOrId} not found`);
    return matches[0];
  }

  /** Addresses of a bridge network. */
  pool(networkId: string): AddressPool | undefined {
    return this.#pools.get(networkId);
  }

  /** Its IPv6 addresses, where it has any. */
  pool6(networkId: string): AddressPool6 | undefined {
    return this.#pools6.get(networkId);
  }

  /** What a bridge network's options come to; for the default network, the daemon's. */
  optionsOf({ id, user }: NetworkRecord): BridgeOptions {
    const known = this.#bridgeOptions.get(id);
    if (known) return known;
    const { mtu, icc, ipMasq, defaultBindingIp } = this.#options;
    const options = user
      ? parseBridgeOptions(user.options)
      : {
          name: '',
          mtu,
          icc,
          masquerade: ipMasq,
          hostBinding: defaultBindingIp,
          inhibitAddress: false,
          interfacePrefix: '',
        };
    this.#bridgeOptions.set(id, options);
    return options;
  }

  /** The bridges of all user-defined networks, as the executor is to have them. */
  bridges(): BridgeSpec[] {
    return [...this.#networks.values()].flatMap((network) =>
      network.user && network.bridge && network.pending !== 'remove' ? [this.#spec(network)] : [],
    );
  }

  /**
   * Makes a network, its bridge included. Nothing is left when it fails.
   * @throws as dockerd: invalid-argument, permission-denied, conflict, not-found, internal; unimplemented for what is not built
   */
  async create(request: NetworkRequest): Promise<NetworkRecord> {
    const { name, driver, user, options, template } = this.#check(request);
    const facts = await this.#host.facts(options.name ? [options.name] : []);
    // From here on nothing waits until the record is there: nobody else gets the name or the subnet.
    if (this.#taken(name)) throw conflict(`network with name ${name} already exists`);
    const record: NetworkRecord = {
      id: randomBytes(32).toString('hex'),
      name,
      driver,
      created: timestamp(),
      user,
    };
    if (driver === 'bridge') {
      record.bridge = this.#newBridge(record, options, template, facts);
      record.pending = 'create';
    }
    this.#fillPool(record);
    this.#networks.set(record.id, record);
    this.#store.saveNetwork(record);
    if (!record.bridge) return record;
    try {
      await this.#host.addBridge(this.#spec(record));
    } catch (error) {
      record.pending = 'remove';
      await this.#host.removeBridge(this.#spec(record)).catch(() => {});
      this.#drop(record);
      throw error instanceof ExecutorError ? internal(error.message, error) : error;
    }
    record.pending = undefined;
    this.#store.saveNetwork(record);
    log.info('network made', { network: record.id, bridge: record.bridge.name });
    return record;
  }

  /**
   * Removes a user-defined network.
   * @throws permission-denied for a predefined one, one in use, or one whose settings others have
   */
  async remove(network: NetworkRecord, occupants: readonly Occupant[]): Promise<void> {
    if (!network.user)
      throw permissionDenied(`${network.name} is a pre-defined network and cannot be removed`);
    const refuse = (why: string): never => {
      throw permissionDenied(`error while removing network: ${why}`);
    };
    if (this.all().some(({ user }) => user?.configFrom === network.name))
      refuse(`configuration network ${JSON.stringify(network.name)} is in use`);
    if (occupants.length > 0) {
      const list = occupants.map(({ name, endpointId }) => `name:"${name}" id:"${endpointId.slice(0, 12)}"`);
      refuse(`network ${network.name} has active endpoints (${list.join(', ')})`);
    }
    network.pending = 'remove';
    this.#store.saveNetwork(network);
    try {
      if (network.bridge) await this.#host.removeBridge(this.#spec(network));
    } catch (error) {
      // Part of it may be gone: the network is whole again, or goes with the next try.
      network.pending = undefined;
      this.#store.saveNetwork(network);
      this.#host.repair('a network could not be removed');
      throw internal(`error while removing network: ${messageOf(error)}`, error);
    }
    this.#drop(network);
    log.info('network removed', { network: network.id });
  }

  #check(request: NetworkRequest): {
    name: string;
    driver: NetworkRecord['driver'];
    user: UserSettings;
    options: BridgeOptions;
    template: IpamConfig | undefined;
  } {
    const { Name: name = '', Scope: scope = '', ConfigOnly = false, IPAM = {} } = request;
    if (name.trim() === '') throw invalidArgument('invalid name: name is empty');
    if (['bridge', 'host', 'none', 'default'].includes(name))
      throw permissionDenied(`operation is not permitted on predefined ${name} network `);
    if (this.#taken(name)) throw conflict(`network with name ${name} already exists`);
    checkDriver(request);
    const given = IPAM.Config ?? [];
    checkIpamConfig(given);
    const source = this.#configSource(request);
    const settings = source ?? {
      ipamDriver: IPAM.Driver || 'default',
      ipamOptions: IPAM.Options ?? null,
      ipam: [...given],
      options: request.Options ?? {},
      labels: request.Labels ?? {},
    };
    if (!ConfigOnly && settings.ipamDriver === 'null') throw invalidArgument('ipv4 pool is empty');
    if (!ConfigOnly && settings.ipamDriver !== 'default')
      throw notFound(
        `error looking up ipam plugin ${settings.ipamDriver}: plugin "${settings.ipamDriver}" not found`,
      );
    const template = ipv4Config(settings.ipam);
    const template6 = ipv6Config(settings.ipam);
    const ipv6 = request.EnableIPv6 ?? false;
    if (request.EnableIPv4 === false) {
      if (!ipv6) throw invalidArgument('IPv4 or IPv6 must be enabled');
      throw unimplemented('networks without IPv4 are not implemented by this engine yet');
    }
    const user: UserSettings = {
      ...settings,
      internal: request.Internal ?? false,
      attachable: request.Attachable ?? false,
      scope,
      configOnly: ConfigOnly,
      configFrom: request.ConfigFrom?.Network ?? '',
      ownSubnet: template !== undefined,
      ...(ipv6 ? { ipv6, ownSubnet6: template6 !== undefined } : {}),
    };
    return {
      name,
      driver: ConfigOnly ? 'null' : 'bridge',
      user,
      options: parseBridgeOptions(user.options),
      template,
    };
  }

  /** The settings of the network that ConfigFrom names. */
  #configSource(
    request: NetworkRequest,
  ): Pick<UserSettings, 'ipamDriver' | 'ipamOptions' | 'ipam' | 'options' | 'labels'> | undefined {
    const from = request.ConfigFrom?.Network ?? '';
    if (from === '') return undefined;
    if (request.ConfigOnly)
      throw permissionDenied('a configuration network cannot depend on another configuration network');
    const source = this.all().find(({ name, user }) => name === from && user?.configOnly)?.user;
    if (!source) throw notFound(`configuration network ${JSON.stringify(from)} does not exist`);
    const own = [request.Labels, request.Options, request.IPAM?.Options, request.IPAM?.Config];
    if (own.some((each) => each && Object.keys(each).length > 0))
      throw permissionDenied(
        'user specified configurations are not supported if the network depends on a configuration network',
      );
    const { ipamDriver, ipamOptions, ipam, options, labels } = source;
    return { ipamDriver, ipamOptions, ipam, options, labels };
  }

  #newBridge(
    record: NetworkRecord,
    options: BridgeOptions,
    template: IpamConfig | undefined,
    facts: Awaited<ReturnType<HostNetwork['facts']>>,
  ): BridgeRecord {
    const name = options.name || `br-${record.id.slice(0, 12)}`;
    const twin = this.#withBridge(name);
    if (twin)
      throw permissionDenied(
        `cannot create network ${record.id} (${name}): conflicts with network ${twin.id} (${name}): networks have same bridge name`,
      );
    const existing = facts.links[name];
    if (existing && !existing.bridge) throw internal(`existing interface ${name} is not a bridge`);
    const foreign = existing !== undefined && existing.alias !== this.#host.mark;
    const mac = foreign ? '' : randomMac();
    const v4 = this.#newSubnet(record, name, template, facts);
    // In this order: what was chosen is shown behind what was given.
    const v6 = record.user?.ipv6 ? this.#newSubnet6(record.user, name, facts) : undefined;
    return { name, ...v4, mac, ...(v6 ? { v6 } : {}) };
  }

  #newSubnet(
    { user }: NetworkRecord,
    name: string,
    template: IpamConfig | undefined,
    facts: Awaited<ReturnType<HostNetwork['facts']>>,
  ): { subnet: string; gateway: string } {
    if (!template) {
      const used = [...usedSubnets(facts, name), ...this.#subnets()];
      const pools = this.#options.addressPools.length > 0 ? this.#options.addressPools : defaultAddressPools;
      const subnet = chooseSubnet(used, pools);
      const gateway = formatAddress(subnet.address + 1);
      if (user) user.ipam = [...user.ipam, { Subnet: formatSubnet(subnet), Gateway: gateway }];
      return { subnet: formatSubnet(subnet), gateway };
    }
    const subnet = template.Subnet as string;
    if (this.#subnets().some((each) => overlaps(each, parseSubnet(subnet))))
      throw permissionDenied('invalid pool request: Pool overlaps with other one on this address space');
    const gateway = gatewayOf(template);
    const clash = Object.entries(template.AuxiliaryAddresses ?? {}).find(
      ([, address]) => address === gateway,
    );
    if (clash)
      throw internal(`failed to allocate secondary ip address (${clash.join(':')}): Address already in use`);
    return { subnet, gateway };
  }

  #newSubnet6(
    user: UserSettings,
    name: string,
    facts: Awaited<ReturnType<HostNetwork['facts']>>,
  ): { subnet: string; gateway: string } {
    const template = ipv6Config(user.ipam);
    const others = this.#subnets6();
    if (!template) {
      const chosen = chooseSubnet6([...usedSubnets6(facts, name), ...others], this.#host.mark);
      const made = { subnet: formatSubnet6(chosen), gateway: formatAddress6(chosen.address + 1n) };
      user.ipam = [...user.ipam, { Subnet: made.subnet, Gateway: made.gateway }];
      return made;
    }
    const subnet = template.Subnet as string;
    if (others.some((each) => overlaps6(each, parseSubnet6(subnet))))
      throw permissionDenied('invalid pool request: Pool overlaps with other one on this address space');
    return { subnet, gateway: gatewayOf6(template) };
  }

  #withBridge(name: string): NetworkRecord | undefined {
    return [...this.#networks.values()].find(({ bridge }) => bridge?.name === name);
  }

  /** Subnets of all networks, those on their way included. */
  #subnets(): Subnet[] {
    return [...this.#networks.values()].flatMap(({ bridge }) => (bridge ? [parseSubnet(bridge.subnet)] : []));
  }

  #subnets6(): Subnet6[] {
    return [...this.#networks.values()].flatMap(({ bridge }) =>
      bridge?.v6 ? [parseSubnet6(bridge.v6.subnet)] : [],
    );
  }

  #taken(name: string): boolean {
    return [...this.#networks.values()].some((network) => network.name === name);
  }

  #spec(network: NetworkRecord): BridgeSpec {
    const { mtu, icc, masquerade, inhibitAddress } = this.optionsOf(network);
    const { name, subnet, gateway, mac, v6 } = network.bridge as BridgeRecord;
    const ours = mac !== '';
    const addresses = [
      ...(inhibitAddress ? [] : [`${gateway}/${subnet.split('/')[1]}`]),
      ...(v6 ? [`${v6.gateway}/${v6.subnet.split('/')[1]}`] : []),
    ];
    return {
      name,
      mark: ours ? this.#host.mark : null,
      mac: mac || null,
      mtu,
      addresses: ours ? addresses : [],
      subnet,
      ...(v6 ? { subnet6: v6.subnet } : {}),
      masquerade,
      icc,
      internal: network.user?.internal ?? false,
      optional: true,
    };
  }

  #drop({ id }: NetworkRecord): void {
    this.#networks.delete(id);
    this.#pools.delete(id);
    this.#pools6.delete(id);
    this.#bridgeOptions.delete(id);
    this.#store.removeNetwork(id);
  }

  #addPredefined(name: (typeof predefined)[number]): void {
    const record: NetworkRecord = {
      id: randomBytes(32).toString('hex'),
      name,
      driver: drivers[name],
      created: timestamp(),
    };
    this.#networks.set(record.id, record);
    this.#store.saveNetwork(record);
  }

  async #chooseDefaultBridge(): Promise<void> {
    const network = this.find('bridge');
    if (!network) return;
    if (this.#options.bridge === 'none') {
      this.#networks.delete(network.id);
      return;
    }
    const others = this.all().flatMap(({ user, bridge }) => (user && bridge ? [bridge.subnet] : []));
    network.bridge = await this.#host.choose(network.bridge, others);
    this.#store.saveNetwork(network);
  }

  #fillPool({ id, bridge, user }: NetworkRecord): void {
    if (!bridge) return;
    const { fixedCidr, defaultGateway } = this.#options;
    const config = user ? ipv4Config(user.ipam) : undefined;
    const range = user ? config?.IPRange : fixedCidr;
    const others = user
      ? Object.values(config?.AuxiliaryAddresses ?? {})
      : defaultGateway
        ? [defaultGateway]
        : [];
    this.#pools.set(
      id,
      new AddressPool(parseSubnet(bridge.subnet), {
        reserved: [bridge.gateway, ...others].map(parseAddress),
        ...(range ? { range: parseSubnet(range) } : {}),
      }),
    );
    if (!bridge.v6) return;
    const config6 = user ? ipv6Config(user.ipam) : undefined;
    const reserved = [bridge.v6.gateway, ...Object.values(config6?.AuxiliaryAddresses ?? {})].map(
      parseAddress6,
    );
    this.#pools6.set(
      id,
      new AddressPool6(parseSubnet6(bridge.v6.subnet), {
        reserved,
        ...(config6?.IPRange ? { range: parseSubnet6(config6.IPRange) } : {}),
      }),
    );
  }
}

/** Which drivers there are. Throws what dockerd answers for the others. */
function checkDriver({ Driver = '', Scope, Ingress, ConfigOnly }: NetworkRequest): void {
  if (ConfigOnly) return;
  if (Driver === 'overlay')
    throw permissionDenied(
      'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
    );
  if (Scope === 'swarm')
    throw permissionDenied('cannot create a swarm scoped network when swarm is not active');
  if (Ingress) throw permissionDenied('Ingress network can only be global scope network');
  if (Driver === 'host' || Driver === 'null')
    throw permissionDenied(`only one instance of "${Driver}" network is allowed`);
  if (Driver === 'macvlan' || Driver === 'ipvlan')
    throw unimplemented(`network driver ${Driver} is not implemented by this engine yet`);
  if (Driver !== '' && Driver !== 'bridge')
    throw notFound(
      `failed to create network: error looking up plugin ${Driver}: plugin "${Driver}" not found`,
    );
}
