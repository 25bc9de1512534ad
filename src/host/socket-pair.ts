import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { takeOver } from './executor.ts';

let serial = 0;

/** Two ends of one connection within this machine. */
export interface SocketPair {
  /** For this process. A half-close passes through. */
  near: Socket;
  /** To be given to another process by its descriptor (`Executor.request`), then destroyed. Nothing is read from it. */
  far: Socket;
}

/**
 * A connected pair of unix sockets, which Node has no call for: for bytes between a client whose own connection cannot be given
 * away and a native program.
 * @param directory  of root's alone, below the exec root; made if it is missing
 */
export async function socketPair(directory: string): Promise<SocketPair> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, `${process.pid}-${++serial}`);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
  try {
    server.listen(path);
    await once(server, 'listening');
    const far = connect({ path, allowHalfOpen: true });
    const [[near]] = (await Promise.all([once(server, 'connection'), once(far, 'connect')])) as [
      [Socket],
      unknown,
    ];
    takeOver(far);
    return { near, far };
  } finally {
    // Removes the name; what is connected stays so.
    server.close();
  }
}
