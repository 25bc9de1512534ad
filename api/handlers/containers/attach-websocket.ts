import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { taken, type Handler } from '../../handler.ts';
import { hijack } from '../../hijack.ts';

const server = new WebSocketServer({ noServer: true });

/**
 * The streams of a container over a WebSocket: unframed, in binary messages (text before 1.28). Before 1.42 all three
 * streams are taken. 400 detach keys or no WebSocket, 404 no such container, 409 paused or restarting.
 */
export const containerAttachWebsocket: Handler<'ContainerAttachWebsocket'> = async (context) => {
  const { engine, params, query, version, req, res } = context;
  const chosen = version.atLeast(42) ? query : { stdin: true, stdout: true, stderr: true };
  const { serve } = engine.attach.prepare(params.id, {
    stdin: chosen.stdin ?? false,
    stdout: chosen.stdout ?? false,
    stderr: chosen.stderr ?? false,
    logs: query.logs ?? false,
    stream: query.stream ?? false,
    detachKeys: query.detachKeys ?? '',
    multiplex: false,
  });
  const { socket, head } = hijack(req, res);
  if (!isHandshake(req)) {
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\nnot websocket protocol', () => socket.destroy());
    return taken();
  }
  const ws = await accept(req, socket, head);
  if (!version.atLeast(28)) sendText(ws);
  void serve({ socket: createWebSocketStream(ws), head: Buffer.alloc(0) });
  return taken();
};

function isHandshake(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'websocket' && req.headers['sec-websocket-key'] !== undefined;
}

function accept(req: IncomingMessage, socket: Duplex, head: Buffer): Promise<WebSocket> {
  return new Promise((resolve) => server.handleUpgrade(req, socket, head, resolve));
}

/** Old clients take text messages only. */
function sendText(ws: WebSocket): void {
  const send = ws.send.bind(ws);
  ws.send = (data: Buffer, ...rest: unknown[]) =>
    (send as (...all: unknown[]) => void)(data.toString(), ...rest);
}
