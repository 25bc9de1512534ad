import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { internal } from '../errors.ts';
import { formatHosts } from './hosts.ts';
import type { NetworkOptions } from './options.ts';
import {
  formatInternalResolvConf,
  formatResolvConf,
  isNdotsSet,
  outsideServers,
  parseResolvConf,
  type ResolvConf,
  type ResolvOverrides,
} from './resolv-conf.ts';
import type { SandboxRequest } from './service.ts';

export interface NameFilesInput {
  /** The container does not use the host's network. */
  isolated: boolean;
  /** It has a resolver of its own. */
  resolver: boolean;
  addresses: readonly string[];
  /** What `host-gateway` stands for unless the daemon's options say so. */
  gateway: string | undefined;
  options: NetworkOptions;
  /** Paths of the host's own files. */
  sources: { resolvConf: string; hosts: string };
}

/**
 * Contents of a container's /etc/hosts and /etc/resolv.conf. A container on the host's network gets the host's hosts.
 * Throws internal, in dockerd's words, for a nameserver that is no address.
 */
export async function nameFiles(
  request: SandboxRequest,
  { isolated, resolver, addresses, gateway, options, sources }: NameFilesInput,
): Promise<{ hosts: string; resolvConf: string }> {
  const { host, overrides } = await resolvSources(request, options, sources.resolvConf);
  const resolvConf = resolver
    ? formatInternalResolvConf(host, overrides, sources.resolvConf)
    : formatResolvConf(host, overrides, { path: sources.resolvConf, isolated });
  const extraHosts = request.extraHosts ?? [];
  if (!isolated && extraHosts.length === 0) return { hosts: await readIfThere(sources.hosts), resolvConf };
  const { hostname, domainname } = request;
  const hostGateways = options.hostGatewayIps.length > 0 ? options.hostGatewayIps : gateway ? [gateway] : [];
  const linked = request.linkedHosts;
  return {
    hosts: formatHosts({ hostname, domainname, extraHosts, hostGateways, linked, addresses }),
    resolvConf,
  };
}

/** What the resolver of a container on a user-defined network asks outside. Throws as `nameFiles`. */
export async function resolverSettings(
  request: SandboxRequest,
  options: NetworkOptions,
  path = '/etc/resolv.conf',
): Promise<{ servers: { address: string; inside: boolean }[]; ndots: boolean }> {
  const { host, overrides } = await resolvSources(request, options, path);
  return { servers: outsideServers(host, overrides), ndots: isNdotsSet(host, overrides) };
}

async function resolvSources(
  request: SandboxRequest,
  options: NetworkOptions,
  path: string,
): Promise<{ host: ResolvConf; overrides: ResolvOverrides }> {
  const host = parseResolvConf(await readIfThere(path));
  const overrides = {
    dns: firstOf(request.dns, options.dns),
    dnsSearch: firstOf(request.dnsSearch, options.dnsSearch),
    dnsOptions: firstOf(request.dnsOptions, options.dnsOptions),
  };
  for (const address of overrides.dns)
    if (isIP(address) === 0)
      throw internal(
        `bad nameserver address ${address}: ParseAddr(${JSON.stringify(address)}): unable to parse IP`,
      );
  return { host, overrides };
}

/** A container's own list, or the daemon's where it has none. */
function firstOf(own: readonly string[] | null | undefined, daemon: readonly string[]): readonly string[] {
  return own && own.length > 0 ? own : daemon;
}

async function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}
