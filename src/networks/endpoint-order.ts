import type { EndpointRecord } from './store.ts';

/**
 * The endpoints of a container, the best candidate for the default gateway first, as dockerd orders them: those with a
 * way out, then by priority, then by the network's name. Names are looked up in the same order.
 */
export function byPriority(endpoints: readonly EndpointRecord[]): EndpointRecord[] {
  return endpoints.toSorted(
    (a, b) =>
      Number(a.internal ?? false) - Number(b.internal ?? false) ||
      (b.gwPriority ?? 0) - (a.gwPriority ?? 0) ||
      (a.network < b.network ? -1 : a.network > b.network ? 1 : 0),
  );
}

/** The endpoint that leads out, if any does: it has the default route and the published ports. */
export function gatewayEndpoint(endpoints: readonly EndpointRecord[]): EndpointRecord | undefined {
  return byPriority(endpoints).find(({ gateway, internal }) => gateway && !internal);
}

/** The same of IPv6: another one, where that has no IPv6. */
export function gatewayEndpoint6(endpoints: readonly EndpointRecord[]): EndpointRecord | undefined {
  return byPriority(endpoints).find(({ v6, internal }) => v6?.gateway && !internal);
}

/** The lowest free `eth0`, `eth1`... */
export function freeInterface(endpoints: readonly EndpointRecord[], prefix: string): string {
  const taken = new Set(endpoints.map(({ ifName }) => ifName));
  let index = 0;
  while (taken.has(`${prefix}${index}`)) index++;
  return `${prefix}${index}`;
}
