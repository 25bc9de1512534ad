import { BlockList, isIP } from 'node:net';

/** Host and port of a registry as users write it, with or without a scheme; '' is Docker Hub. */
export function registryHost(address: string): string {
  const bare = address.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  return bare === '' || bare === 'index.docker.io' || bare === 'docker.io' ? 'registry-1.docker.io' : bare;
}

/**
 * True when a registry may be spoken to without TLS, or with a certificate nobody vouches for: this machine's own, and those
 * the user names (a host, a host with its port, or a network with its prefix length).
 */
export function mayBeInsecure(host: string, insecure: readonly string[]): boolean {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  if (insecure.includes(host) || insecure.includes(name) || name === 'localhost') return true;
  const family = isIP(name);
  if (family === 0) return false;
  const networks = new BlockList();
  for (const network of ['127.0.0.0/8', '::1/128', ...insecure]) {
    const [base = '', length] = network.split('/');
    if (length !== undefined && isIP(base))
      networks.addSubnet(base, Number(length), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  return networks.check(name, family === 6 ? 'ipv6' : 'ipv4');
}

/** Where a registry may answer, in the order to try. */
export function endpointsOf(host: string, insecure: readonly string[]): string[] {
  return mayBeInsecure(host, insecure) ? [`https://${host}`, `http://${host}`] : [`https://${host}`];
}
