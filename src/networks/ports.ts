import { isIP } from 'node:net';
import { internal, invalidArgument } from '../errors.ts';
import type { BoundPort, PortSpec, SandboxRequest } from './service.ts';

/** A port to publish, before host ports are known. */
export interface Publication {
  proto: PortSpec['proto'];
  containerPort: number;
  /** '' for every address. */
  hostIp: string;
  /** First and last acceptable host port; 0 and 0 for any ephemeral one. */
  first: number;
  last: number;
}

/** Parses `80/tcp`, `80`. Throws invalid-argument. */
export function parsePort(key: string): { port: number; proto: PortSpec['proto'] } {
  const match = /^(\d{1,5})(?:\/(tcp|udp|sctp))?$/i.exec(key);
  const port = Number(match?.[1]);
  if (!match || port < 1 || port > 65535) throw invalidArgument(`invalid port specification: "${key}"`);
  return { port, proto: (match[2]?.toLowerCase() ?? 'tcp') as PortSpec['proto'] };
}

/** `80/tcp` */
export function formatPort(port: { containerPort: number; proto: string }): string {
  return `${port.containerPort}/${port.proto}`;
}

/**
 * What a container publishes, in the order of port numbers: its bindings, and with -P what it merely exposes. A binding of a port
 * that is not exposed means nothing, as with dockerd (clients expose what they publish).
 */
export function publicationsOf(request: SandboxRequest, defaultHostIp: string): Publication[] {
  const bindings = request.portBindings ?? {};
  const publications: Publication[] = [];
  const exposed = exposedPorts(Object.keys(request.exposedPorts ?? {}));
  for (const [key, list] of Object.entries(bindings)) {
    const { port, proto } = parsePort(key);
    if (!exposed.some((each) => each.port === port && each.proto === proto)) continue;
    for (const binding of list?.length ? list : [{}]) {
      const [first, last] = hostPorts(binding.HostPort ?? '');
      publications.push({
        proto,
        containerPort: port,
        hostIp: hostIpOf(binding.HostIp) || defaultHostIp,
        first,
        last,
      });
    }
  }
  if (request.publishAllPorts)
    for (const { port, proto } of exposed) {
      if (publications.some((each) => each.containerPort === port && each.proto === proto)) continue;
      publications.push({ proto, containerPort: port, hostIp: defaultHostIp, first: 0, last: 0 });
    }
  return publications.sort((a, b) => a.containerPort - b.containerPort || a.proto.localeCompare(b.proto));
}

/** Exposed ports that are ports: dockerd starts containers with others, and passes over them. */
function exposedPorts(keys: readonly string[]): ReturnType<typeof parsePort>[] {
  return keys.flatMap((key) => {
    try {
      return [parsePort(key)];
    } catch {
      return [];
    }
  });
}

/** What is no address counts as none, as with dockerd. */
function hostIpOf(text: string | undefined): string {
  return text !== undefined && isIP(text) !== 0 ? text : '';
}

function hostPorts(text: string): [number, number] {
  if (text === '') return [0, 0];
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = Number(match?.[2] ?? first);
  if (!match || last < first || last > 65535) throw invalidArgument(`invalid port specification: "${text}"`);
  return [first, last];
}

/**
 * The host ports in use by containers of this engine, so that a second one is refused in dockerd's words, and one that is
 * still starting counts already.
 */
export class PortLedger {
  readonly #holders = new Map<string, { hostIp: string; containerId: string }[]>();

  /**
   * Picks the ports that can be known now (a fixed one, the first free of a range) and writes them down.
   * Throws internal `Bind for ip:port failed: port is already allocated`.
   */
  reserve(containerId: string, publications: readonly Publication[]): Publication[] {
    return publications.map((each) => {
      if (each.first === 0) return each;
      for (let port = each.first; port <= each.last; port++) {
        if (this.#isTaken(each.proto, each.hostIp, port)) continue;
        this.add(containerId, each.proto, each.hostIp, port);
        return { ...each, first: port, last: port };
      }
      throw internal(`Bind for ${each.hostIp || '0.0.0.0'}:${each.first} failed: port is already allocated`);
    });
  }

  /** Writes down a port that the executor chose, or that was found in use at start. */
  add(containerId: string, proto: string, hostIp: string, port: number): void {
    const key = `${proto}/${port}`;
    const holders = this.#holders.get(key) ?? [];
    if (!holders.some((holder) => holder.hostIp === hostIp && holder.containerId === containerId))
      holders.push({ hostIp, containerId });
    this.#holders.set(key, holders);
  }

  /** Gives up everything a container holds. */
  release(containerId: string): void {
    for (const [key, holders] of this.#holders) {
      const left = holders.filter((holder) => holder.containerId !== containerId);
      if (left.length === 0) this.#holders.delete(key);
      else this.#holders.set(key, left);
    }
  }

  #isTaken(proto: string, hostIp: string, port: number): boolean {
    const holders = this.#holders.get(`${proto}/${port}`) ?? [];
    return holders.some((holder) => collide(holder.hostIp, hostIp));
  }
}

function isWildcard(hostIp: string): boolean {
  return hostIp === '' || hostIp === '0.0.0.0' || hostIp === '::';
}

/** Whether two host addresses cannot both have the same port. `''` is both families. */
function collide(a: string, b: string): boolean {
  if (a === '' || b === '') return true;
  return a.includes(':') === b.includes(':') && (a === b || isWildcard(a) || isWildcard(b));
}

/** The host addresses of a publication: none given means every one, of both families. */
export function hostAddresses(hostIp: string): { hostIp?: string; hostIp6?: string } {
  if (hostIp === '') return { hostIp: '0.0.0.0', hostIp6: '::' };
  return hostIp.includes(':') ? { hostIp6: hostIp } : { hostIp };
}

/** NetworkSettings.Ports: what is published, and null for what is only exposed. */
export function portsSetting(
  bound: readonly BoundPort[],
  exposed: readonly string[],
): Record<string, { HostIp: string; HostPort: string }[] | null> {
  const ports: Record<string, { HostIp: string; HostPort: string }[] | null> = {};
  for (const { port, proto } of exposedPorts(exposed)) ports[`${port}/${proto}`] = null;
  for (const port of bound)
    (ports[formatPort(port)] ??= []).push({ HostIp: port.hostIp, HostPort: String(port.hostPort) });
  return Object.fromEntries(Object.entries(ports).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
