import { conflict, permissionDenied } from '../../errors.ts';
import { contains, formatAddress, lastOf, networkOf, type Subnet } from '../subnet.ts';

/**
 * The addresses of one network. As dockerd does, the lowest free one is given out; the network's own, its broadcast
 * address and its gateway never are. In memory: who holds an address records it (store.ts) and takes it again at start.
 */
export class AddressPool {
  readonly subnet: Subnet;
  readonly #first: number;
  readonly #last: number;
  readonly #taken = new Set<number>();
  /** No address below is free. */
  #lowest: number;

  /** @param range  part of the subnet to give out from; all of it when absent */
  constructor(
    subnet: Subnet,
    { range, reserved = [] }: { range?: Subnet; reserved?: readonly number[] } = {},
  ) {
    this.subnet = networkOf(subnet);
    const from = range ? networkOf(range) : this.subnet;
    this.#first = Math.max(from.address, this.subnet.address + (subnet.prefix < 31 ? 1 : 0));
    this.#last = Math.min(lastOf(from), lastOf(subnet) - (subnet.prefix < 31 ? 1 : 0));
    this.#lowest = this.#first;
    for (const address of reserved) this.#taken.add(address);
  }

  /** The lowest free address, now taken. Throws conflict when there is none. */
  allocate(): number {
    for (let address = this.#lowest; address <= this.#last; address++) {
      if (this.#taken.has(address)) continue;
      this.#taken.add(address);
      this.#lowest = address + 1;
      return address;
    }
    this.#lowest = this.#last + 1;
    throw conflict("no available IPv4 addresses on this network's address pools");
  }

  /** Takes a given address. Throws permission-denied when it is taken, conflict when it is not of this network. */
  take(address: number): void {
    if (!contains(this.subnet, address))
      throw conflict(`no configured subnet contains IP address ${formatAddress(address)}`);
    if (this.#taken.has(address)) throw permissionDenied('Address already in use');
    this.#taken.add(address);
  }

  release(address: number): void {
    if (!this.#taken.delete(address)) return;
    if (address >= this.#first && address < this.#lowest) this.#lowest = address;
  }

  get takenCount(): number {
    return this.#taken.size;
  }
}
