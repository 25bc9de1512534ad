import { createHash } from 'node:crypto';
import { conflict } from '../../errors.ts';
import { overlaps6, type Subnet6 } from '../subnet6.ts';

/** Bits of the networks that are chosen. */
const size = 64;
/** Networks of that size in a unique local prefix of 48 bits. */
const count = 1n << 16n;

/**
 * The first network of 64 bits in the unique local prefix of this engine (RFC 4193) that touches nothing in `used`. The prefix follows
 * from `identity`, so that it stays the same, and differs between machines. Throws conflict when none is left.
 */
export function chooseSubnet6(used: readonly Subnet6[], identity: string): Subnet6 {
  const taken = used.filter((subnet) => subnet.prefix > 0);
  const global = createHash('sha256').update(identity).digest().readUIntBE(0, 5);
  const base = (0xfdn << 120n) | (BigInt(global) << 80n);
  for (let index = 0n; index < count; index++) {
    const candidate = { address: base | (index << 64n), prefix: size };
    if (!taken.some((subnet) => overlaps6(subnet, candidate))) return candidate;
  }
  throw conflict('all predefined address pools have been fully subnetted');
}
