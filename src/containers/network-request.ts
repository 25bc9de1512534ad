import type { LinkedHost, SandboxRequest } from '../networks/service.ts';
import type { Container } from './container.ts';

/** What the networks service is told of a container. */
export function sandboxRequest(
  { id, name, config, hostConfig, record }: Container,
  linkedHosts: readonly LinkedHost[] = [],
): SandboxRequest {
  return {
    containerId: id,
    name,
    hostname: config.Hostname,
    domainname: config.Domainname,
    networkMode: config.NetworkDisabled ? 'none' : hostConfig.NetworkMode,
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
  const joined = /^container:(.*)/.exec(container.hostConfig.NetworkMode)?.[1];
  const other = joined === undefined ? undefined : find(joined);
  return other ? networkHolder(other, find) : container;
}
