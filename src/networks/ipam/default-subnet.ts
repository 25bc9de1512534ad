import { conflict } from '../../errors.ts';
import { overlaps, parseSubnet, split, type Subnet } from '../subnet.ts';

/** dockerd's pools for networks that name no subnet, in its order. */
export const defaultAddressPools: readonly { readonly base: string; readonly size: number }[] = [
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 },
];

/**
 * The first network of the pools that touches nothing in `used`: addresses and routes of the host (default routes do not
 * count) and networks of the engine. Throws conflict when none is left.
 */
export function chooseSubnet(
  used: readonly Subnet[],
  pools: readonly { readonly base: string; readonly size: number }[] = defaultAddressPools,
): Subnet {
  const taken = used.filter((subnet) => subnet.prefix > 0);
  for (const pool of pools)
    for (const candidate of split(parseSubnet(pool.base), pool.size))
      if (!taken.some((subnet) => overlaps(subnet, candidate))) return candidate;
  throw conflict('all predefined address pools have been fully subnetted');
}
