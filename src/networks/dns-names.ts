import type { EndpointRequest, SandboxRequest } from './service.ts';

/** What a container is called on a user-defined network: its name, aliases, short id and hostname, in dockerd's order. */
export function dnsNames(request: SandboxRequest, endpoint: EndpointRequest): string[] {
  const { containerId, name, hostname } = request;
  return [...new Set([name, ...(endpoint.Aliases ?? []), containerId.slice(0, 12), hostname])].filter(
    (each) => each !== '',
  );
}

/** `Links` of an endpoint, `container:alias` or `container`, as pairs of alias and target. */
export function linkPairs(links: readonly string[] | null | undefined): [string, string][] {
  return (links ?? []).map((link) => {
    const at = link.indexOf(':');
    const target = at < 0 ? link : link.slice(0, at);
    return [at < 0 ? target : link.slice(at + 1), target];
  });
}
