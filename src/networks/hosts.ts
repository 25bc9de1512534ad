const preamble = [
  '127.0.0.1\tlocalhost',
  '::1\tlocalhost ip6-localhost ip6-loopback',
  'fe00::\tip6-localnet',
  'ff00::\tip6-mcastprefix',
  'ff02::1\tip6-allnodes',
  'ff02::2\tip6-allrouters',
];

export interface HostsInput {
  hostname: string;
  domainname: string;
  /** HostConfig.ExtraHosts: `name:address`, `name=address`; the address may be `host-gateway`. */
  extraHosts: readonly string[];
  /** What `host-gateway` stands for. */
  hostGateways: readonly string[];
  /** Containers it is linked to. */
  linked?: readonly { address: string; names: readonly string[] }[] | undefined;
  /** The container's own addresses. */
  addresses: readonly string[];
}

/** /etc/hosts of a container, as dockerd writes it. */
export function formatHosts(input: HostsInput): string {
  const names = hostNames(input.hostname, input.domainname);
  return [
    ...preamble,
    ...input.extraHosts.flatMap((entry) => extraHost(entry, input.hostGateways)),
    ...(input.linked ?? []).map(({ address, names: others }) => `${address}\t${others.join(' ')}`),
    ...input.addresses.map((address) => `${address}\t${names}`),
    '',
  ].join('\n');
}

/** The full name first, then the bare one. A dot in the hostname begins the domain. */
export function hostNames(hostname: string, domainname: string): string {
  if (domainname) return `${hostname}.${domainname} ${hostname}`;
  const dot = hostname.indexOf('.');
  return dot > 0 ? `${hostname} ${hostname.slice(0, dot)}` : hostname;
}

function extraHost(entry: string, gateways: readonly string[]): string[] {
  const at = entry.search(/[:=]/);
  const name = entry.slice(0, at);
  const address = entry.slice(at + 1).replace(/^\[(.*)\]$/, '$1');
  return (address === 'host-gateway' ? gateways : [address]).map((each) => `${each}\t${name}`);
}
