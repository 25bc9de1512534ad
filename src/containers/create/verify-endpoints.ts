import { isIPv4, isIPv6 } from 'node:net';
import { invalidArgument } from '../../errors.ts';
import type { EndpointRequest } from '../../networks/service.ts';
import type { CreateBody } from '../service.ts';

/**
 * Checks the endpoints of NetworkingConfig as far as no network has to exist for it (that is found at start).
 * @param ownSubnet  the default bridge has a subnet somebody chose
 * @throws invalid-argument with the reference's texts
 */
export function verifyEndpoints(body: CreateBody, ownSubnet: boolean): void {
  const mode = body.HostConfig?.NetworkMode || 'default';
  const primary = mode === 'default' ? 'bridge' : mode;
  if (body.MacAddress && !isMac(body.MacAddress))
    throw invalidArgument(`invalid config for network ${primary}: invalid MAC address ${body.MacAddress}`);
  const endpoints = (body.NetworkingConfig?.EndpointsConfig ?? {}) as Record<string, EndpointRequest | null>;
  for (const [given, endpoint] of Object.entries(endpoints)) {
    const name = given === 'default' ? 'bridge' : given;
    const faults = endpoint ? endpointFaults(name, endpoint, ownSubnet) : [];
    if (endpoint?.MacAddress && !isMac(endpoint.MacAddress))
      throw invalidArgument(`invalid config for network ${name}: invalid MAC address ${endpoint.MacAddress}`);
    if (faults.length > 0)
      throw invalidArgument(
        `invalid config for network ${name}: invalid endpoint settings:\n${joined(faults)}`,
      );
  }
}

function endpointFaults(network: string, { IPAMConfig }: EndpointRequest, ownSubnet: boolean): string[] {
  const faults: string[] = [];
  const { IPv4Address = '', IPv6Address = '', LinkLocalIPs } = IPAMConfig ?? {};
  const addressed = IPv4Address !== '' || IPv6Address !== '';
  const predefined = ['bridge', 'host', 'none'].includes(network);
  if (addressed && predefined)
    faults.push('user specified IP address is supported on user defined networks only');
  if (IPv4Address !== '' && !isIPv4(IPv4Address)) faults.push(`invalid IPv4 address: ${IPv4Address}`);
  if (IPv6Address !== '' && !isIPv6(IPv6Address)) faults.push(`invalid IPv6 address: ${IPv6Address}`);
  for (const address of LinkLocalIPs ?? [])
    if (!isIPv4(address) && !isIPv6(address)) faults.push(`invalid link-local IP address: ${address}`);
  if (addressed && predefined && !ownSubnet)
    faults.push(
      'user specified IP address is supported only when connecting to networks with user configured subnets',
    );
  else if (IPv4Address !== '' && !isIPv4(IPv4Address) && predefined)
    faults.push(`no configured subnet or ip-range contain the IP address ${IPv4Address}`);
  return faults;
}

/** How Go joins errors: one stands alone, several are a list. */
function joined(faults: readonly string[]): string {
  return faults.length === 1 ? (faults[0] as string) : faults.map((fault) => `* ${fault}`).join('\n');
}

function isMac(text: string): boolean {
  return /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text);
}
