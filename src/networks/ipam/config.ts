import ipaddr from 'ipaddr.js';
import { invalidArgument, permissionDenied } from '../../errors.ts';
import {
  contains,
  formatSubnet,
  lastOf,
  networkOf,
  parseAddress,
  parseSubnet,
  type Subnet,
} from '../subnet.ts';

import {
  contains6,
  formatAddress6,
  formatSubnet6,
  lastOf6,
  networkOf6,
  parseAddress6,
  parseSubnet6,
  type Subnet6,
} from '../subnet6.ts';

/** One subnet of a network as a client gives it; stored and shown the same way. */
export interface IpamConfig {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
  AuxiliaryAddresses?: Record<string, string>;
}

/**
 * Checks what a client asks for. Every fault is named, as dockerd does it.
 * @throws invalid-argument `invalid network config:` and the faults
 */
export function checkIpamConfig(configs: readonly IpamConfig[]): void {
  const faults = configs.flatMap(faultsOf);
  if (faults.length === 0) return;
  const list = faults.length === 1 ? faults[0] : faults.map((fault) => `* ${fault}`).join('\n');
  throw invalidArgument(`invalid network config:\n${list}`);
}

function faultsOf({ Subnet: text = '', IPRange, Gateway, AuxiliaryAddresses }: IpamConfig): string[] {
  if (!isCidr(text)) return [`invalid subnet ${text}: invalid CIDR block notation`];
  if (isIPv6(text))
    return faultsOf6({
      Subnet: text,
      ...(IPRange ? { IPRange } : {}),
      ...(Gateway ? { Gateway } : {}),
      AuxiliaryAddresses: AuxiliaryAddresses ?? {},
    });
  const subnet = parseSubnet(text);
  const canonical = formatSubnet(networkOf(subnet));
  if (canonical !== text) return [`invalid subnet ${text}: it should be ${canonical}`];
  return [
    ...(IPRange ? rangeFaults(IPRange, subnet, text) : []),
    ...(Gateway ? addressFaults('gateway', Gateway, subnet, text) : []),
    ...Object.entries(AuxiliaryAddresses ?? {}).flatMap(([name, address]) =>
      addressFaults(`auxiliary address ${name}:`, address, subnet, text).map((fault) =>
        fault.replace('::', ':'),
      ),
    ),
  ];
}

/** The same of IPv6. */
function faultsOf6({ Subnet: text = '', IPRange, Gateway, AuxiliaryAddresses }: IpamConfig): string[] {
  const subnet = parseSubnet6(text);
  const canonical = formatSubnet6(networkOf6(subnet));
  if (canonical !== text) return [`invalid subnet ${text}: it should be ${canonical}`];
  const addressFault = (what: string, address: string): string[] => {
    if (!isIPv6(address) || !ipaddr.IPv6.isValid(address))
      return [`invalid ${what} ${address}: invalid address`];
    return contains6(subnet, parseAddress6(address))
      ? []
      : [`invalid ${what} ${address}: parent subnet ${text} doesn't contain this address`];
  };
  return [
    ...(IPRange ? rangeFaults6(IPRange, subnet, text) : []),
    ...(Gateway ? addressFault('gateway', Gateway) : []),
    ...Object.entries(AuxiliaryAddresses ?? {}).flatMap(([name, address]) =>
      addressFault(`auxiliary address ${name}`, address),
    ),
  ];
}

function rangeFaults6(range: string, subnet: Subnet6, text: string): string[] {
  if (!isCidr(range) || !isIPv6(range)) return [`invalid ip-range ${range}: invalid CIDR block notation`];
  const parsed = parseSubnet6(range);
  if (parsed.prefix < subnet.prefix)
    return [`invalid ip-range ${range}: CIDR block is bigger than its parent subnet ${text}`];
  const canonical = formatSubnet6(networkOf6(parsed));
  if (canonical !== range) return [`invalid ip-range ${range}: it should be ${canonical}`];
  return contains6(subnet, parsed.address)
    ? []
    : [`invalid ip-range ${range}: parent subnet ${text} doesn't contain ip-range`];
}

function rangeFaults(range: string, subnet: Subnet, text: string): string[] {
  if (!isCidr(range) || isIPv6(range)) return [`invalid ip-range ${range}: invalid CIDR block notation`];
  const parsed = parseSubnet(range);
  if (parsed.prefix < subnet.prefix)
    return [`invalid ip-range ${range}: CIDR block is bigger than its parent subnet ${text}`];
  const canonical = formatSubnet(networkOf(parsed));
  if (canonical !== range) return [`invalid ip-range ${range}: it should be ${canonical}`];
  return contains(subnet, parsed.address)
    ? []
    : [`invalid ip-range ${range}: parent subnet ${text} doesn't contain ip-range`];
}

function addressFaults(what: string, address: string, subnet: Subnet, text: string): string[] {
  if (!ipaddr.IPv4.isValidFourPartDecimal(address)) return [`invalid ${what} ${address}: invalid address`];
  return contains(subnet, parseAddress(address))
    ? []
    : [`invalid ${what} ${address}: parent subnet ${text} doesn't contain this address`];
}

/**
 * The one IPv4 subnet a bridge network may have.
 * @returns undefined when none is asked for
 * @throws permission-denied for several
 */
export function ipv4Config(configs: readonly IpamConfig[]): IpamConfig | undefined {
  const own = configs.filter(({ Subnet: text = '' }) => !isIPv6(text));
  if (own.length > 1) throw permissionDenied("bridge driver doesn't support multiple subnets");
  return own[0];
}

/** The one IPv6 subnet, as `ipv4Config`. */
export function ipv6Config(configs: readonly IpamConfig[]): IpamConfig | undefined {
  const own = configs.filter(({ Subnet: text = '' }) => isIPv6(text));
  if (own.length > 1) throw permissionDenied("bridge driver doesn't support multiple subnets");
  return own[0];
}

/** As `gatewayOf`, of an IPv6 subnet. */
export function gatewayOf6({ Subnet: text = '', IPRange, Gateway, AuxiliaryAddresses }: IpamConfig): string {
  if (Gateway) return formatAddress6(parseAddress6(Gateway));
  const subnet = parseSubnet6(text);
  const range = networkOf6(parseSubnet6(IPRange || text));
  const taken = new Set(Object.values(AuxiliaryAddresses ?? {}).map(parseAddress6));
  const first = subnet.address + (subnet.prefix < 127 ? 1n : 0n);
  let address = range.address > first ? range.address : first;
  while (taken.has(address) && address < lastOf6(range)) address++;
  return formatAddress6(address);
}

/** The gateway: the one asked for, otherwise the first address of the range, or of the subnet. */
export function gatewayOf({ Subnet: text = '', IPRange, Gateway, AuxiliaryAddresses }: IpamConfig): string {
  if (Gateway) return Gateway;
  const subnet = parseSubnet(text);
  const range = networkOf(parseSubnet(IPRange || text));
  const taken = new Set(Object.values(AuxiliaryAddresses ?? {}).map(parseAddress));
  let address = Math.max(range.address, subnet.prefix < 31 ? networkOf(subnet).address + 1 : 0);
  while (taken.has(address) && address < lastOf(range)) address++;
  return formatSubnet({ address, prefix: 32 }).split('/')[0] as string;
}

function isIPv6(text: string): boolean {
  return text.includes(':');
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  if (ipaddr.IPv6.isValid(address) && isIPv6(text)) return Number(bits) <= 128;
  return ipaddr.IPv4.isValidFourPartDecimal(address) && Number(bits) <= 32;
}
