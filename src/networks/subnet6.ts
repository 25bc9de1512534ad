import ipaddr from 'ipaddr.js';
import { invalidArgument } from '../errors.ts';

/** An IPv6 address with a prefix length. `address` keeps its host bits. */
export interface Subnet6 {
  readonly address: bigint;
  readonly prefix: number;
}

/** Parses `fd00::1/64`. Throws invalid-argument. */
export function parseSubnet6(text: string): Subnet6 {
  const [address = '', bits = ''] = text.split('/');
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > 128) throw invalidArgument(`invalid CIDR address: ${text}`);
  return { address: parseAddress6(address), prefix: Number(bits) };
}

/** Parses a plain IPv6 address, without a zone. Throws invalid-argument. */
export function parseAddress6(text: string): bigint {
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text))
    throw invalidArgument(`invalid IP address: ${text}`);
  return ipaddr.IPv6.parse(text)
    .toByteArray()
    .reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** As RFC 5952 has it. */
export function formatAddress6(address: bigint): string {
  const bytes = Array.from({ length: 16 }, (_, index) =>
    Number((address >> BigInt(8 * (15 - index))) & 255n),
  );
  return new ipaddr.IPv6(bytes).toRFC5952String();
}

export function formatSubnet6({ address, prefix }: Subnet6): string {
  return `${formatAddress6(address)}/${prefix}`;
}

/** The network's own address: host bits cleared. */
export function networkOf6({ address, prefix }: Subnet6): Subnet6 {
  return { address: address & ~hostBits(prefix), prefix };
}

/** The highest address of the network. */
export function lastOf6({ address, prefix }: Subnet6): bigint {
  return address | hostBits(prefix);
}

export function contains6({ address, prefix }: Subnet6, other: bigint): boolean {
  return (address | hostBits(prefix)) === (other | hostBits(prefix));
}

export function overlaps6(a: Subnet6, b: Subnet6): boolean {
  return a.prefix <= b.prefix ? contains6(a, b.address) : contains6(b, a.address);
}

function hostBits(prefix: number): bigint {
  return (1n << BigInt(128 - prefix)) - 1n;
}
