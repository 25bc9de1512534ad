import type { LinkedHost, SandboxRequest } from '../networks/service.ts';
import type { Container } from './container.ts';

/**
 * How a container is connected. Without a network it has a loopback interface of its own, whatever its mode says: neither the host's
 * namespace nor another container's.
 */
export function networkModeOf({ config, hostConfig }: Container): string {
  return config.NetworkDisabled ? 'none' : hostConfig.NetworkMode;
}

/** What the networks service is told of a container. */
export function sandboxRequest(
  container: Container,
  linkedHosts: readonly LinkedHost[] = [],
): SandboxRequest {
  const { id, name, config, hostConfig, record } = container;
  return {
    containerId: id,
    name,
    hostname: config.Hostname,
    domainname: config.Domainname,
    networkMode: networkModeOf(container),
    endpoints: record.endpoints,
    macAddress: config.MacAddress,
    exposedPorts: config.ExposedPorts,
    portBindings: hostConfig.PortBindings,
    publishAllPorts: hostConfig.PublishAllPorts,
    dns: hostConfig.Dns,
    dnsSearch: hostConfig.DnsSearch,
    dnsOptions: hostConfig.DnsOptions,
    extraHosts: hostConfig.ExtraHosts,
    linkedHosts,
    sysctls: hostConfig.Sysctls,
  };
}

/** The container whose network namespace this one is in: itself, unless it joined another's. */
export function networkHolder(container: Container, find: (id: string) => Container | undefined): Container {
  const joined = /^container:(.*)/.exec(networkModeOf(container))?.[1];
  const other = joined === undefined ? undefined : find(joined);
  return other ? networkHolder(other, find) : container;
}

/**
 * The container whose hostname, hosts and resolv.conf this one has mounted, as `networkHolder`. Undefined: none, for they are made with a
 * network only, and without one it has what its image has.
 */
export function filesHolder(
  container: Container,
  find: (id: string) => Container | undefined,
): Container | undefined {
  const holder = networkHolder(container, find);
  return holder.config.NetworkDisabled ? undefined : holder;
}
