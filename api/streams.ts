/** Bytes as the process wrote them. */
export const rawStream = 'application/vnd.docker.raw-stream';
/** Bytes in frames: stream, three zeros, length in four bytes, payload. */
export const multiplexedStream = 'application/vnd.docker.multiplexed-stream';
