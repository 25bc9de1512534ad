import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after } from 'node:test';
import Docker from 'dockerode';

/** The engine under test: the daemon's socket, as any client would be told. */
export const host = process.env.DOCKER_HOST ?? 'unix:///run/berth/docker.sock';

/** Path of the engine's unix socket. */
export const socketPath = host.replace('unix://', '');

/** `berth` or `reference`; only for what cannot be seen through the API (never to expect another answer). */
export const engineName = process.env.BERTH_ENGINE ?? 'berth';

/** The test images' archives, `<name>.tar`. */
export const archive = (name: string): string =>
  join(process.env.BERTH_IMAGES ?? '.cache/images', `${name}.tar`);

/** A dockerode client of the engine. */
export const dockerode = new Docker({ socketPath });

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/**
 * Runs the real docker CLI to its end.
 * @param options.input  written to its stdin, which is then closed
 */
export function docker(
  args: string[],
  options: { input?: string | Buffer; timeoutMs?: number } = {},
): Promise<Ended> {
  return ended(spawn('docker', args, { timeout: (options.timeoutMs ?? 60_000) * patience }), options.input);
}

/** Waits for a child's end and collects what it wrote. With `input` null its stdin stays open. */
export function ended(child: ReturnType<typeof spawn>, input?: string | Buffer | null): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
    child.stdin?.on('error', () => {});
    if (input !== null) child.stdin?.end(input ?? '');
  });
}

/** As `docker`, but a failure is an error with the CLI's words. Returns stdout without its last newline. */
export async function dockerOk(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await docker(args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: exit ${code}: ${stderr}`);
  return stdout.replace(/\n$/, '');
}

let serial = 0;

/** A container name of this test file's own, removed by force when the file has run. */
export function containerName(label = 'c'): string {
  const name = `bt-${process.pid}-${++serial}-${label}`;
  made.add(name);
  return name;
}

/** A network name of this test file's own, removed after the containers. */
export function networkName(label = 'n'): string {
  const name = `bt-${process.pid}-${++serial}-${label}`;
  madeNetworks.add(name);
  return name;
}

const made = new Set<string>();
const madeNetworks = new Set<string>();
after(async () => {
  if (made.size > 0) await docker(['rm', '-f', '-v', ...made]);
  if (madeNetworks.size > 0) await docker(['network', 'rm', ...madeNetworks]);
});

/** How many times longer than usual everything may take on this machine (an emulated one). */
export const patience = Number(process.env.BERTH_PATIENCE ?? 1);

/** Polls `probe` until it gives a truthy value. For what the API has no event for. */
export async function eventually<T>(
  probe: () => Promise<T> | T,
  timeoutMs = 10_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs * patience;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
