import { conflict, messageOf, unimplemented } from '../errors.ts';
import { logger } from '../log.ts';
import { readLogs } from '../logs/read.ts';
import { parseLogTime } from '../logs/times.ts';
import type { Container } from './container.ts';
import { frame } from './frame.ts';
import type { Containers } from './service.ts';

const log = logger('logs');

export interface ContainerLogsOptions {
  stdout: boolean;
  stderr: boolean;
  follow: boolean;
  timestamps: boolean;
  details: boolean;
  /** As the client wrote them: seconds with a fraction, '' for none. */
  since: string;
  until: string;
  /** A number; anything else and what is negative stands for all. */
  tail: string;
}

export interface ContainerLogs {
  /** Output comes in Docker's frames. */
  framed: boolean;
  /** The bytes for the client. An error of reading is told in the stream. */
  chunks: AsyncIterable<Buffer>;
}

/** Reads the logs of containers. */
export class ContainerLogsService {
  readonly #containers: Pick<Containers, 'get' | 'logPath'>;

  constructor(deps: { containers: Pick<Containers, 'get' | 'logPath'> }) {
    this.#containers = deps.containers;
  }

  /**
   * Finds what to read; reading begins when the chunks are taken. Following ends with the run of the container, and is
   * nothing for one that does not run.
   * @throws not-found; conflict while it is being removed; unimplemented when its driver keeps nothing to read;
   *         internal for a bad time
   */
  open(nameOrId: string, options: ContainerLogsOptions, signal: AbortSignal): ContainerLogs {
    const container = this.#containers.get(nameOrId);
    const { status } = container.state;
    if (status === 'removing' || status === 'dead')
      throw conflict('can not get logs from container which is dead or marked for removal');
    const path = this.#containers.logPath(container);
    if (path === '') throw unimplemented('configured logging driver does not support reading');
    const framed = !container.config.Tty;
    const { stdout, stderr, timestamps, details } = options;
    const chunks = this.#read(container, path, {
      framed,
      stdout,
      stderr,
      timestamps,
      details,
      since: parseLogTime(options.since),
      until: options.until === '0' ? undefined : parseLogTime(options.until),
      tail: parseTail(options.tail),
      // Subscribed to now: the container may stop before the first chunk is asked for.
      ...(options.follow && container.running && { followUntil: endOfRun(container) }),
      signal,
    });
    return { framed, chunks };
  }

  async *#read(
    container: Container,
    path: string,
    options: Parameters<typeof readLogs>[1],
  ): AsyncGenerator<Buffer> {
    try {
      yield* readLogs(path, options);
    } catch (error) {
      log.warn('log could not be read', { container: container.id, error: messageOf(error) });
      yield frame('engine', `Error grabbing logs: ${messageOf(error)}\n`, options.framed);
    }
  }
}

/** Fires when the run under way has ended; its output is in the log by then. */
function endOfRun(container: Container): AbortSignal {
  const over = new AbortController();
  const ended = (): void => {
    container.off('exited', ended).off('removed', ended);
    over.abort();
  };
  container.on('exited', ended).on('removed', ended);
  return over.signal;
}

function parseTail(text: string): number | undefined {
  const lines = /^[+-]?\d+$/.test(text) ? Number(text) : -1;
  return lines < 0 || !Number.isSafeInteger(lines) ? undefined : lines;
}
