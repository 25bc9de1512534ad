import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerOf } from '../../errors.ts';
import { taken, type Handler } from '../../handler.ts';
import { asksForUpgrade, hijack, skipBody } from '../../hijack.ts';
import { rawStream, streamHead, streamType } from '../../streams.ts';

/**
 * Turns the connection into the streams of a container, running or not yet. Refusals are raw text with a status, never JSON:
 * 400 detach keys, 404 no such container, 409 paused or restarting.
 */
export const containerAttach: Handler<'ContainerAttach'> = async ({
  engine,
  params,
  query,
  version,
  req,
  res,
}) => {
  await skipBody(req);
  try {
    const { framed, serve } = engine.attach.prepare(params.id, {
      stdin: query.stdin ?? false,
      stdout: query.stdout ?? false,
      stderr: query.stderr ?? false,
      logs: query.logs ?? false,
      stream: query.stream ?? false,
      detachKeys: query.detachKeys ?? '',
      multiplex: true,
    });
    const upgraded = asksForUpgrade(req);
    const connection = hijack(req, res);
    connection.socket.write(streamHead(upgraded, streamType(framed, version)));
    void serve(connection);
  } catch (error) {
    refuse(req, res, error);
  }
  return taken();
};

function refuse(req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const { status, message } = answerOf(error);
  const { socket } = hijack(req, res);
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${rawStream}\r\n\r\n${message}\r\n`,
    () => socket.destroy(),
  );
}
