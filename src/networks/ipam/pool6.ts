import { conflict, permissionDenied } from '../../errors.ts';
import { contains6, formatAddress6, lastOf6, networkOf6, type Subnet6 } from '../subnet6.ts';

/**
 * The IPv6 addresses of one network, as `AddressPool` has those of IPv4: the lowest free one is given out; the network's own (which is
 * that of its routers) and its gateway never are.
 */
export class AddressPool6 {
  readonly subnet: Subnet6;
  readonly #first: bigint;
  readonly #last: bigint;
  readonly #taken = new Set<bigint>();
  /** No address below is free. */
  #lowest: bigint;

  /** @param range  part of the subnet to give out from; all of it when absent */
  constructor(
    subnet: Subnet6,
    { range, reserved = [] }: { range?: Subnet6; reserved?: readonly bigint[] } = {},
  ) {
    this.subnet = networkOf6(subnet);
    const from = networkOf6(range ?? subnet);
    const lowest = this.subnet.address + (subnet.prefix < 127 ? 1n : 0n);
    this.#first = from.address > lowest ? from.address : lowest;
    this.#last = lastOf6(from);
    this.#lowest = this.#first;
    for (const address of reserved) this.#taken.add(address);
  }

  /** The lowest free address, now taken. Throws conflict when there is none. */
  allocate(): bigint {
    for (let address = this.#lowest; address <= this.#last; address++) {
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      this.#lowest = address + 1n;
      return address;
    }
    this.#lowest = this.#last + 1n;
    throw conflict("no available IPv6 addresses on this network's address pools");
  }

  /** Takes a given address. Throws permission-denied when it is taken, conflict when it is not of this network. */
  take(address: bigint): void {
    if (!contains6(this.subnet, address))
      throw conflict(`no configured subnet contains IP address ${formatAddress6(address)}`);
    if (this.#taken.has(address)) throw permissionDenied('Address already in use');
    this.#taken.add(address);
  }

  release(address: bigint): void {
    if (!this.#taken.delete(address)) return;
    if (address >= this.#first && address < this.#lowest) this.#lowest = address;
  }
}
