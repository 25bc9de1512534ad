import type { NetworkOptions } from './options.ts';
import type { Network } from './service.ts';
import type { NetworkRecord, SandboxRecord } from './store.ts';

/** A network as `GET /networks/{id}` shows it, with the containers that run on it. */
export function networkView(
  network: NetworkRecord,
  sandboxes: Iterable<SandboxRecord>,
  options: NetworkOptions,
): Network {
  const { bridge, user } = network;
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: user?.scope || 'local',
    Driver: network.driver,
    EnableIPv4: true,
    EnableIPv6: user?.ipv6 ?? false,
    IPAM: user
      ? { Driver: user.ipamDriver, Options: user.ipamOptions, Config: user.ipam }
      : {
          Driver: 'default',
          Options: null,
          Config: bridge ? [{ Subnet: bridge.subnet, Gateway: bridge.gateway }] : null,
        },
    Internal: user?.internal ?? false,
    Attachable: user?.attachable ?? false,
    Ingress: false,
    ConfigFrom: { Network: user?.configFrom ?? '' },
    ConfigOnly: user?.configOnly ?? false,
    Containers: containersOf(network, sandboxes),
    Options: user ? user.options : bridge ? bridgeOptions(bridge.name, options) : {},
    Labels: user?.labels ?? {},
  };
}

function bridgeOptions(
  name: string,
  { icc, ipMasq, defaultBindingIp, mtu }: NetworkOptions,
): Record<string, string> {
  return {
    'com.docker.network.bridge.default_bridge': 'true',
    'com.docker.network.bridge.enable_icc': String(icc),
    'com.docker.network.bridge.enable_ip_masquerade': String(ipMasq),
    'com.docker.network.bridge.host_binding_ipv4': defaultBindingIp || '0.0.0.0',
    'com.docker.network.bridge.name': name,
    'com.docker.network.driver.mtu': String(mtu || 1500),
  };
}

function containersOf(network: NetworkRecord, sandboxes: Iterable<SandboxRecord>): Network['Containers'] {
  const containers: Network['Containers'] = {};
  for (const sandbox of sandboxes) {
    const endpoint = sandbox.endpoints.find(({ networkId }) => networkId === network.id);
    if (!endpoint || !sandbox.active || sandbox.pid === 0) continue;
    containers[sandbox.containerId] = {
      Name: sandbox.containerName,
      EndpointID: endpoint.endpointId,
      MacAddress: endpoint.mac ?? '',
      IPv4Address: endpoint.address ? `${endpoint.address}/${endpoint.prefix}` : '',
      IPv6Address: endpoint.v6 ? `${endpoint.v6.address}/${endpoint.v6.prefix}` : '',
    };
  }
  return containers;
}
