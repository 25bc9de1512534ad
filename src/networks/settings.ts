import { gatewayEndpoint } from './endpoint-order.ts';
import { portsSetting } from './ports.ts';
import type { EndpointRequest, EndpointSettings, NetworkSettings, SandboxRequest } from './service.ts';
import type { EndpointRecord, SandboxRecord } from './store.ts';

/**
 * `NetworkSettings` of inspect, from what was asked for and what is there (undefined: never started).
 * @param names    of the networks the container is to be on
 * @param primary  the one of its mode
 */
export function networkSettings(
  request: SandboxRequest,
  record: SandboxRecord | undefined,
  names: readonly string[],
  primary: string,
): NetworkSettings {
  const live = record?.active ? record : undefined;
  const networks = networkEntries(request, record, names, primary);
  // The fields from before networks had names speak of the default bridge only.
  const old = live?.endpoints.find((endpoint) => endpoint.network === 'bridge');
  return {
    Bridge: '',
    SandboxID: live?.sandboxId ?? '',
    SandboxKey: live?.sandboxId ? sandboxKey(live) : '',
    Ports: live && gatewayEndpoint(live.endpoints) ? portsSetting(leading(live.ports), live.exposed) : {},
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: old?.endpointId ?? '',
    Gateway: old?.gateway ?? '',
    GlobalIPv6Address: old?.v6?.address ?? '',
    GlobalIPv6PrefixLen: old?.v6?.prefix ?? 0,
    IPAddress: old?.address ?? '',
    IPPrefixLen: old?.prefix ?? 0,
    IPv6Gateway: old?.v6?.gateway ?? '',
    MacAddress: old ? (old.mac ?? '') : live ? '' : (networks['bridge']?.MacAddress ?? ''),
    Networks: networks,
  };
}

/** Ports that lead nowhere, because the container is on no network with a way out, are held and not shown. */
function leading(ports: SandboxRecord['ports']): SandboxRecord['ports'] {
  return ports.filter(({ containerIp }) => containerIp !== '');
}

/** A path that enters the container's network as long as it runs, and that nothing has to clean up. */
function sandboxKey({ mode, pid }: SandboxRecord): string {
  return mode === 'host' ? '/proc/1/ns/net' : `/proc/${pid}/ns/net`;
}

function networkEntries(
  request: SandboxRequest,
  record: SandboxRecord | undefined,
  names: readonly string[],
  primary: string,
): Record<string, EndpointSettings> {
  if (request.networkMode.startsWith('container:')) return {};
  const asked = request.endpoints ?? {};
  return Object.fromEntries(
    names.toSorted().map((name) => {
      const wanted = asked[name] ?? {};
      const mac = wanted.MacAddress || (name === primary ? request.macAddress : '') || '';
      const endpoint = record?.endpoints.find((each) => each.network === name);
      return [name, endpointSettings(wanted, mac, endpoint, record?.active === true)];
    }),
  );
}

function endpointSettings(
  wanted: EndpointRequest,
  mac: string,
  endpoint: EndpointRecord | undefined,
  active: boolean,
): EndpointSettings {
  const live = active ? endpoint : undefined;
  return {
    IPAMConfig: wanted.IPAMConfig ?? null,
    Links: wanted.Links ?? null,
    Aliases: wanted.Aliases ?? null,
    MacAddress: live?.mac ?? mac,
    DriverOpts: wanted.DriverOpts ?? null,
    GwPriority: wanted.GwPriority ?? 0,
    NetworkID: endpoint?.networkId ?? '',
    EndpointID: live?.endpointId ?? '',
    Gateway: live?.gateway ?? '',
    IPAddress: live?.address ?? '',
    IPPrefixLen: live?.prefix ?? 0,
    IPv6Gateway: live?.v6?.gateway ?? '',
    GlobalIPv6Address: live?.v6?.address ?? '',
    GlobalIPv6PrefixLen: live?.v6?.prefix ?? 0,
    DNSNames: endpoint?.dnsNames ?? wanted.DNSNames ?? null,
  };
}
