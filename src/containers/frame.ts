/** Streams of Docker's multiplexed form. */
export const streamNumber = { stdout: 1, stderr: 2, engine: 3 } as const;

/** `text` as one frame of a stream, or alone where the output is not framed. */
export function frame(stream: keyof typeof streamNumber, text: string, framed: boolean): Buffer {
  const bytes = Buffer.from(text);
  if (!framed) return bytes;
  const head = Buffer.alloc(8);
  head[0] = streamNumber[stream];
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}
