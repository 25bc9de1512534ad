import type { IncomingMessage, ServerResponse } from 'node:http';

const signals = new WeakMap<ServerResponse, AbortSignal>();

/**
 * A signal that fires when the client goes before its answer is complete. A client that closes its side of the connection
 * counts as gone, as in Go's server: on a unix socket nothing else tells before we write.
 */
export function clientSignal(request: IncomingMessage, response: ServerResponse): AbortSignal {
  const known = signals.get(response);
  if (known) return known;
  const gone = new AbortController();
  signals.set(response, gone.signal);
  const { socket } = request;
  const left = (): void => {
    socket.off('end', left);
    if (!response.writableFinished) gone.abort();
  };
  socket.on('end', left);
  response.once('close', left);
  if (socket.destroyed || socket.readableEnded) left();
  return gone.signal;
}
