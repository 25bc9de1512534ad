import { conflict, messageOf, unimplemented } from '../errors.ts';
import { logger } from '../log.ts';
import { readLogs, type ReadLogsOptions } from '../logs/read.ts';
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
    const asked = {
      framed,
      stdout,
      stderr,
      timestamps,
      details,
      since: parseLogTime(options.since),
      until: options.until === '0' ? undefined : parseLogTime(options.until),
      tail: parseTail(options.tail),
      signal,
    };
    // Subscribed to now: the container may stop before the first chunk is asked for.
    const end = options.follow && container.running ? endOfRun(container, signal) : undefined;
    return { framed, chunks: this.#read(container, path, asked, end) };
  }

  async *#read(
    container: Container,
    path: string,
    options: ReadLogsOptions,
    end: AbortController | undefined,
  ): AsyncGenerator<Buffer> {
    try {
      yield* readLogs(path, end ? { ...options, followUntil: end.signal } : options);
    } catch (error) {
      log.warn('log could not be read', { container: container.id, error: messageOf(error) });
      yield frame('engine', `Error grabbing logs: ${messageOf(error)}\n`, options.framed);
    } finally {
      end?.abort();
    }
  }
}

/**
 * Fires when the run under way has ended; its output is in the log by then. Listens no longer than until then, until the reader
 * has gone, or until it is fired by who reads no more.
 */
function endOfRun(container: Container, gone: AbortSignal): AbortController {
  const over = new AbortController();
  const end = (): void => over.abort();
  container.on('exited', end).on('removed', end);
  gone.addEventListener('abort', end);
  over.signal.addEventListener('abort', () => {
    container.off('exited', end).off('removed', end);
    gone.removeEventListener('abort', end);
  });
  if (gone.aborted) end();
  return over;
}

function parseTail(text: string): number | undefined {
  const lines = /^[+-]?\d+$/.test(text) ? Number(text) : -1;
  return lines < 0 || !Number.isSafeInteger(lines) ? undefined : lines;
}
