import type { ServerResponse } from 'node:http';
import { empty, taken, type Handler } from '../../handler.ts';
import { asksForUpgrade, hijack } from '../../hijack.ts';
import { streamHead, streamType } from '../../streams.ts';
import { consoleSizeOf } from './console-size.ts';

/**
 * Starts a registered command, its streams on this connection, or detached with an empty 200. Once the connection is a
 * stream, what goes wrong is told in it. 404 no such exec, 409 container not running or paused.
 */
export const execStart: Handler<'ExecStart'> = async ({ engine, params, body = {}, version, req, res }) => {
  const exec = engine.exec.getActive(params.id);
  const tty = body.Tty ?? false;
  const options = { tty, consoleSize: tty ? consoleSizeOf(body.ConsoleSize, version) : undefined };
  if (body.Detach) {
    await engine.exec.startDetached(exec, options);
    return empty(200);
  }
  const upgraded = asksForUpgrade(req);
  const headers = versionHeaders(res);
  const connection = hijack(req, res);
  connection.socket.write(streamHead(upgraded, streamType(!tty, version), headers));
  void engine.exec.startAttached(exec, connection, options);
  return taken();
};

/** The headers every answer has, which exec's streams have too. */
function versionHeaders(res: ServerResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of ['Api-Version', 'Docker-Experimental', 'Ostype', 'Server']) {
    const value = res.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return headers;
}
