import { readFile } from 'node:fs/promises';
import type { Process } from '../../oci/runtime-spec.ts';
import { capabilitiesOfMask } from '../../runtime/spec/capabilities.ts';
import type { ContainerConfig } from '../../runtime/config.ts';
import type { ExecConfig } from './exec.ts';

/**
 * The OCI process of an exec: the one of the container's own program, changed by what was asked.
 * @param base         from the bundle of the running container
 * @param consoleSize  rows, columns
 * @param capabilities what a privileged exec gets
 */
export function execProcess(
  base: Process,
  container: Pick<ContainerConfig, 'Env' | 'WorkingDir'>,
  exec: ExecConfig,
  consoleSize: readonly [number, number] | undefined,
  capabilities: readonly string[],
): Process {
  const { terminal: _, consoleSize: __, ...rest } = base;
  const process: Process = {
    ...rest,
    args: [...exec.Cmd],
    env: execEnvironment(base.env, container.Env ?? [], exec),
    cwd: exec.WorkingDir || container.WorkingDir || '/',
  };
  if (exec.Tty) {
    process.terminal = true;
    if (consoleSize) process.consoleSize = { height: consoleSize[0], width: consoleSize[1] };
  }
  if (exec.Privileged) {
    const every = [...capabilities];
    process.capabilities = { bounding: every, effective: every, permitted: every };
  }
  return process;
}

/** The process of the container whose bundle is `directory`, as it was started. */
export async function readBundleProcess(directory: string): Promise<Process> {
  return (JSON.parse(await readFile(`${directory}/config.json`, 'utf8')) as { process: Process }).process;
}

/** All capabilities this daemon may give away. */
export async function boundingCapabilities(): Promise<string[]> {
  const status = await readFile('/proc/self/status', 'utf8');
  return capabilitiesOfMask(/^CapBnd:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0');
}

/**
 * The container's environment with the exec's own on top; a name without `=` takes one away. TERM and HOME depend
 * on the terminal and the user of the exec, so the container's do not count unless its config sets them.
 */
function execEnvironment(base: readonly string[], configured: readonly string[], exec: ExecConfig): string[] {
  const environment = new Map<string, string>();
  for (const entry of base) environment.set(nameOf(entry), entry);
  const own = new Set(configured.map(nameOf));
  for (const name of ['TERM', 'HOME']) if (!own.has(name)) environment.delete(name);
  if (exec.Tty && !environment.has('TERM')) environment.set('TERM', 'TERM=xterm');
  for (const entry of exec.Env) {
    if (entry.includes('=')) environment.set(nameOf(entry), entry);
    else environment.delete(entry);
  }
  return [...environment.values()];
}

function nameOf(entry: string): string {
  const equals = entry.indexOf('=');
  return equals < 0 ? entry : entry.slice(0, equals);
}
