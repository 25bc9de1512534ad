import ipaddr from 'ipaddr.js';
import { invalidArgument } from '../errors.ts';

/** An IPv4 address with a prefix length. `address` keeps its host bits; numbers are in host order, 0 to 2^32-1. */
export interface Subnet {
  readonly address: number;
  readonly prefix: number;
}

/** Parses `172.17.0.1/16`. Throws invalid-argument. */
export function parseSubnet(text: string): Subnet {
  const [address, bits] = splitCidr(text);
  return { address: toNumber(address.toByteArray()), prefix: bits };
}

/** Parses a plain IPv4 address. Throws invalid-argument. */
export function parseAddress(text: string): number {
  if (!ipaddr.IPv4.isValidFourPartDecimal(text)) throw invalidArgument(`invalid IP address: ${text}`);
  return toNumber(ipaddr.IPv4.parse(text).toByteArray());
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** `172.17.0.2/16`: the address as it is. */
export function formatSubnet({ address, prefix }: Subnet): string {
  return `${formatAddress(address)}/${prefix}`;
}

/** The network's own address: host bits cleared. */
export function networkOf({ address, prefix }: Subnet): Subnet {
  return { address: (address & maskOf(prefix)) >>> 0, prefix };
}

/** The highest address of the network: its broadcast address. */
export function lastOf(subnet: Subnet): number {
  return (networkOf(subnet).address | ~maskOf(subnet.prefix)) >>> 0;
}

export function contains(subnet: Subnet, address: number): boolean {
  return (address & maskOf(subnet.prefix)) >>> 0 === networkOf(subnet).address;
}

export function overlaps(a: Subnet, b: Subnet): boolean {
  return a.prefix <= b.prefix ? contains(a, b.address) : contains(b, a.address);
}

/** Networks of `size` bits within `base`, in order. */
export function* split(base: Subnet, size: number): Generator<Subnet> {
  const count = 2 ** (size - base.prefix);
  const step = 2 ** (32 - size);
  for (let index = 0; index < count; index++)
    yield { address: networkOf(base).address + index * step, prefix: size };
}

function maskOf(prefix: number): number {
  return prefix === 0 ? 0 : (-1 << (32 - prefix)) >>> 0;
}

function splitCidr(text: string): [ipaddr.IPv4, number] {
  const [address = '', bits = ''] = text.split('/');
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) || !/^\d{1,2}$/.test(bits) || Number(bits) > 32)
    throw invalidArgument(`invalid CIDR address: ${text}`);
  return [ipaddr.IPv4.parse(address), Number(bits)];
}

function toNumber(bytes: number[]): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}
