import { Duplex } from 'node:stream';
import { nowNano } from '../../events/bus.ts';
import type { Container } from '../container.ts';
import type { ExecService } from '../exec/service.ts';
import { sigkill } from '../signals.ts';
import { formatTime } from '../times.ts';

/** One check of a container's health, as inspect shows it. */
export interface ProbeResult {
  /** RFC 3339 with nanoseconds. */
  Start: string;
  End: string;
  /** 0 healthy; -1 when it took too long. */
  ExitCode: number;
  Output: string;
}

/** More of a probe's output is cut. */
const maxOutputBytes = 4096;

/**
 * Runs one command in the container and reports how it ended; one that takes longer than `timeoutMs` is killed.
 * @throws conflict when the container does not run or is paused
 */
export async function probe(
  exec: ExecService,
  container: Container,
  command: readonly string[],
  timeoutMs: number,
): Promise<ProbeResult> {
  const start = formatTime(nowNano());
  const id = await exec.create(container.id, {
    AttachStdin: false,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    Cmd: command,
    Env: [],
    User: '',
    WorkingDir: '',
    Privileged: false,
    DetachKeys: '',
    ConsoleSize: undefined,
  });
  const output = new ProbeOutput();
  const late = Promise.withResolvers<true>();
  const timer = setTimeout(() => late.resolve(true), timeoutMs);
  const run = exec.startAttached(
    exec.get(id),
    { socket: output, head: Buffer.alloc(0) },
    { tty: false, consoleSize: undefined },
  );
  const tooLate = await Promise.race([run.then(() => output.ended).then(() => false), late.promise]);
  clearTimeout(timer);
  const end = (): string => formatTime(nowNano());
  if (tooLate) {
    await container.shim?.request('exec-kill', { id, signal: sigkill }).catch(() => {});
    output.destroy();
    const Output = `Health check exceeded timeout (${formatDuration(timeoutMs)})`;
    return { Start: start, End: end(), ExitCode: -1, Output };
  }
  const { exitCode } = await exec.inspect(id);
  return { Start: start, End: end(), ExitCode: exitCode ?? -1, Output: output.text() };
}

/** The client of a probe: keeps the beginning of both streams, without their frames. */
class ProbeOutput extends Duplex {
  readonly #chunks: Buffer[] = [];
  readonly #ended = Promise.withResolvers<void>();
  #bytes = 0;

  constructor() {
    super({ allowHalfOpen: true });
    this.on('finish', () => this.#ended.resolve()).on('close', () => this.#ended.resolve());
    this.push(null);
  }

  /** Resolves when the process has closed its output. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** What was said, without the heads of frames. */
  text(): string {
    const bytes = Buffer.concat(this.#chunks);
    const parts: Buffer[] = [];
    for (let at = 0; at + 8 <= bytes.length;) {
      const length = bytes.readUInt32BE(at + 4);
      parts.push(bytes.subarray(at + 8, at + 8 + length));
      at += 8 + length;
    }
    const whole = Buffer.concat(parts);
    return whole.length > maxOutputBytes
      ? `${whole.toString('utf8', 0, maxOutputBytes)}...`
      : whole.toString();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#bytes <= 2 * maxOutputBytes) this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    done();
  }
}

/** `1m30s`, `200ms`: as Go writes a length of time. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = (ms % 60_000) / 1000;
  const tail = `${seconds}s`;
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}
