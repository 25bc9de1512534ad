import { isIPv4, isIPv6 } from 'node:net';
import { invalidArgument } from '../errors.ts';
import type { EndpointRequest } from './service.ts';
import { contains, parseAddress, parseSubnet } from './subnet.ts';
import { contains6, parseAddress6, parseSubnet6 } from './subnet6.ts';

/** What is known of the network an endpoint is asked for. */
export interface EndpointTarget {
  name: string;
  /** Its subnets that somebody chose; empty when the engine chose; undefined for a network that is not there (yet). */
  subnets: readonly string[] | undefined;
}

const predefined = ['bridge', 'host', 'none'];

/**
 * Checks one endpoint of NetworkingConfig, or of NetworkConnect.
 * @throws invalid-argument with dockerd's texts
 */
export function checkEndpoint(target: EndpointTarget, endpoint: EndpointRequest): void {
  if (endpoint.MacAddress && !isMac(endpoint.MacAddress))
    throw invalidArgument(`invalid MAC address ${endpoint.MacAddress}`);
  const faults = endpointFaults(target, endpoint);
  if (faults.length > 0) throw invalidArgument(`invalid endpoint settings:\n${joined(faults)}`);
}

export function isMac(text: string): boolean {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text);
}

function endpointFaults(
  { name, subnets }: EndpointTarget,
  { IPAMConfig, Aliases }: EndpointRequest,
): string[] {
  const faults: string[] = [];
  if (Aliases?.length && predefined.includes(name))
    faults.push('network-scoped alias is supported only for containers in user defined networks');
  const { IPv4Address = '', IPv6Address = '', LinkLocalIPs } = IPAMConfig ?? {};
  if ((IPv4Address !== '' || IPv6Address !== '') && predefined.includes(name))
    faults.push('user specified IP address is supported on user defined networks only');
  if (IPv4Address !== '' && !isIPv4(IPv4Address)) faults.push(`invalid IPv4 address: ${IPv4Address}`);
  if (IPv6Address !== '' && !isIPv6(IPv6Address)) faults.push(`invalid IPv6 address: ${IPv6Address}`);
  for (const address of LinkLocalIPs ?? [])
    if (!isIPv4(address) && !isIPv6(address)) faults.push(`invalid link-local IP address: ${address}`);
  if (subnets) faults.push(...rangeFaults([IPv4Address, IPv6Address], subnets));
  return faults;
}

function rangeFaults(addresses: readonly string[], subnets: readonly string[]): string[] {
  return addresses
    .filter((address) => address !== '' && !subnets.some((subnet) => isWithin(address, subnet)))
    .map((address) =>
      subnets.length > 0
        ? `no configured subnet or ip-range contain the IP address ${address}`
        : 'user specified IP address is supported only when connecting to networks with user configured subnets',
    );
}

function isWithin(address: string, subnet: string): boolean {
  if (isIPv6(address)) return subnet.includes(':') && contains6(parseSubnet6(subnet), parseAddress6(address));
  return isIPv4(address) && !subnet.includes(':') && contains(parseSubnet(subnet), parseAddress(address));
}

/** How Go joins errors: one stands alone, several are a list. */
function joined(faults: readonly string[]): string {
  return faults.length === 1 ? (faults[0] as string) : faults.map((fault) => `* ${fault}`).join('\n');
}
