import { randomBytes } from 'node:crypto';
import { invalidArgument } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { chooseSubnet } from './ipam/default-subnet.ts';
import type { BridgeRecord } from './store.ts';
import { formatAddress, formatSubnet, networkOf, parseSubnet, type Subnet } from './subnet.ts';
import { networkOf6, parseSubnet6, type Subnet6 } from './subnet6.ts';

/** `net.facts` of native/net/README.md. */
export interface NetFacts {
  addresses: { cidr: string; link: string }[];
  routes: { cidr: string; link: string }[];
  links: Record<string, { bridge: boolean; up: boolean; alias: string; mtu: number }>;
}

export interface BridgeChoice {
  /** '' or `docker0`: docker0 unless that is somebody else's, then the first free berth0, berth1... */
  bridge: string;
  bip: string;
  addressPools: readonly { readonly base: string; readonly size: number }[];
  /** Subnets of other networks of the engine. */
  others: readonly string[];
}

const fallbacks = Array.from({ length: 16 }, (_, index) => `berth${index}`);

/**
 * Where the default network lives: the bridge's name, its address and whether it is ours to make. What was chosen once is
 * kept (`known`) as long as the options allow it.
 * @param mark  the alias of bridges this daemon made
 * @throws invalid-argument for a bad address, or when a bridge is named that is a link of another kind
 */
export async function chooseBridge(
  executor: Executor,
  options: BridgeChoice,
  mark: string,
  known: BridgeRecord | undefined,
): Promise<BridgeRecord & { ours: boolean }> {
  const named = options.bridge !== '' && options.bridge !== 'docker0';
  const candidates = named ? [options.bridge] : ['docker0', ...fallbacks];
  const facts = await executor.request<NetFacts>('net.facts', { links: candidates });
  const isFree = (name: string): boolean => !facts.links[name] || facts.links[name].alias === mark;
  const name =
    known && candidates.includes(known.name) && isFree(known.name)
      ? known.name
      : candidates.find((each) => isFree(each));
  if (name) {
    const kept =
      known?.name === name && (!options.bip || options.bip === `${known.gateway}/${prefixOf(known.subnet)}`);
    return kept ? { ...known, ours: true } : { ...ownBridge(name, options, facts), ours: true };
  }
  const existing = options.bridge;
  if (!named || !facts.links[existing]?.bridge)
    throw invalidArgument(
      `${named ? existing : 'docker0'} exists and is not a bridge of this engine; choose another with --bridge`,
    );
  return { ...foreignBridge(existing, facts), ours: false };
}

function ownBridge(name: string, options: BridgeChoice, facts: NetFacts): BridgeRecord {
  const gateway = options.bip
    ? parseSubnet(options.bip)
    : firstOf(
        chooseSubnet([...usedSubnets(facts, name), ...options.others.map(parseSubnet)], options.addressPools),
      );
  return {
    name,
    subnet: formatSubnet(networkOf(gateway)),
    gateway: formatAddress(gateway.address),
    mac: randomMac(),
  };
}

/** A bridge an administrator made is used with the address it has. */
function foreignBridge(name: string, facts: NetFacts): BridgeRecord {
  const cidr = facts.addresses.find((each) => each.link === name && !each.cidr.includes(':'))?.cidr;
  if (!cidr) throw invalidArgument(`bridge ${name} has no IPv4 address`);
  const address = parseSubnet(cidr);
  return { name, subnet: formatSubnet(networkOf(address)), gateway: formatAddress(address.address), mac: '' };
}

/** IPv4 networks of the host's addresses and routes, but those of one link. */
export function usedSubnets(facts: NetFacts, except: string): Subnet[] {
  return [...facts.addresses, ...facts.routes]
    .filter(({ cidr, link }) => !cidr.includes(':') && link !== except)
    .map(({ cidr }) => networkOf(parseSubnet(cidr)));
}

/** Their IPv6 networks, but for what is local to a link. */
export function usedSubnets6(facts: NetFacts, except: string): Subnet6[] {
  return [...facts.addresses, ...facts.routes]
    .filter(({ cidr, link }) => cidr.includes(':') && !/^(fe80|ff00):/.test(cidr) && link !== except)
    .map(({ cidr }) => networkOf6(parseSubnet6(cidr)));
}

function firstOf(subnet: Subnet): Subnet {
  return { address: subnet.address + 1, prefix: subnet.prefix };
}

function prefixOf(subnet: string): string {
  return subnet.split('/')[1] ?? '';
}

/** Locally administered, unicast. */
export function randomMac(): string {
  const bytes = randomBytes(6);
  bytes[0] = ((bytes[0] as number) & 0xfc) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
