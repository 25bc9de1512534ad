import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { logger } from '../log.ts';

const log = logger('system');
const run = promisify(execFile);

/** An OCI runtime as `docker info` shows it. */
export interface RuntimeInfo {
  readonly path: string;
  readonly runtimeArgs?: readonly string[];
  readonly status?: Readonly<Record<string, string>>;
}

/**
 * Describes a runtime with what its `features` command says; one that does not know the command, or does not answer within
 * two seconds, is described without.
 */
export async function describeRuntime(
  path: string,
  args: readonly string[],
  shownPath = path,
): Promise<RuntimeInfo> {
  const plain = { path: shownPath, ...(args.length > 0 && { runtimeArgs: args }) };
  try {
    const { stdout } = await run(path, ['features'], { timeout: 2_000, maxBuffer: 1024 * 1024 });
    const features = JSON.stringify(JSON.parse(stdout));
    return { ...plain, status: { 'org.opencontainers.runtime-spec.features': features } };
  } catch (error) {
    log.debug('runtime does not tell its features', { path, error: (error as Error).message });
    return plain;
  }
}
