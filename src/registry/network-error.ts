/** A network failure in Go's words, which clients of Docker show and compare. */
export function goNetworkError(url: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const { hostname, port, protocol } = new URL(url);
  const address = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  if (code === 'ECONNREFUSED') return `dial tcp ${address}: connect: connection refused`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `dial tcp: lookup ${hostname}: no such host`;
  if (code === 'EHOSTUNREACH') return `dial tcp ${address}: connect: no route to host`;
  if (code === 'ENETUNREACH') return `dial tcp ${address}: connect: network is unreachable`;
  return (error as Error).name === 'TimeoutError' ? 'context deadline exceeded' : message;
}
