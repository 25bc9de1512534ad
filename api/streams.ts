import type { ApiVersion } from './versions.ts';

/** Bytes as the process wrote them. */
export const rawStream = 'application/vnd.docker.raw-stream';
/** Bytes in frames: stream, three zeros, length in four bytes, payload. */
export const multiplexedStream = 'application/vnd.docker.multiplexed-stream';

/** What a client is told of output that is framed or not. */
export function streamType(framed: boolean, version: ApiVersion): string {
  return framed && version.atLeast(42) ? multiplexedStream : rawStream;
}

/**
 * The head of an answer after which the connection is a stream. Without an upgrade the type is raw whatever follows.
 * Byte for byte as the reference, whose clients match `101 UPGRADED`.
 */
export function streamHead(
  upgraded: boolean,
  contentType: string,
  headers: Readonly<Record<string, string>> = {},
): string {
  const lines = upgraded
    ? ['HTTP/1.1 101 UPGRADED', `Content-Type: ${contentType}`, 'Connection: Upgrade', 'Upgrade: tcp']
    : ['HTTP/1.1 200 OK', `Content-Type: ${rawStream}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
