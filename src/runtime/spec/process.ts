import type { Process, Rlimit } from '../../oci/runtime-spec.ts';
import type { SpecInput } from './input.ts';
import { capabilitySets, effectiveCapabilities } from './capabilities.ts';

/** Where the init program of `--init` appears in a container. */
export const initPath = '/sbin/docker-init';

const standardPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The `process` object. The user is numbers the executor puts in once it has read the root filesystem's passwd and group,
 * as is HOME.
 */
export function processOf(input: SpecInput): Process {
  const { config, hostConfig, security } = input;
  const process: Process = {
    user: { uid: 0, gid: 0 },
    args: input.init ? [initPath, '--', ...input.args] : [...input.args],
    env: environment(config.Env ?? [], input.hostname, config.Tty),
    cwd: config.WorkingDir === '' ? '/' : config.WorkingDir,
    capabilities: capabilitySets(
      effectiveCapabilities({
        add: hostConfig.CapAdd,
        drop: hostConfig.CapDrop,
        privileged: hostConfig.Privileged,
        available: input.host.capabilities,
      }),
    ),
    oomScoreAdj: hostConfig.OomScoreAdj,
  };
  const rlimits = resourceLimits(input);
  if (rlimits.length > 0) process.rlimits = rlimits;
  if (security.noNewPrivileges) process.noNewPrivileges = true;
  if (security.apparmor !== '') process.apparmorProfile = security.apparmor;
  if (config.Tty) process.terminal = true;
  const [height, width] = hostConfig.ConsoleSize;
  if (config.Tty && height > 0 && width > 0) process.consoleSize = { height, width };
  return process;
}

/**
 * The environment: what every container has, then the container's own. An entry without `=` takes the name away.
 */
export function environment(own: readonly string[], hostname: string, tty: boolean): string[] {
  const result = [standardPath, `HOSTNAME=${hostname}`, ...(tty ? ['TERM=xterm'] : [])];
  for (const entry of own) {
    const equals = entry.indexOf('=');
    const name = equals < 0 ? entry : entry.slice(0, equals);
    const at = result.findIndex((other) => other.startsWith(`${name}=`));
    if (equals < 0) {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = entry;
    else result.push(entry);
  }
  return result;
}

/** The container's own limits, then the daemon's defaults for names it does not set. */
function resourceLimits({ hostConfig, defaultUlimits }: SpecInput): Rlimit[] {
  const own = hostConfig.Ulimits ?? [];
  const names = new Set(own.map(({ Name }) => Name));
  return [...own, ...defaultUlimits.filter(({ Name }) => !names.has(Name))].map(({ Name, Hard, Soft }) => ({
    type: `RLIMIT_${Name.toUpperCase()}`,
    hard: limitOf(Hard),
    soft: limitOf(Soft),
  }));
}

/** -1 is no limit, which is the greatest number there is: a text, for a double cannot hold it. */
function limitOf(value: number): number {
  return value < 0 ? (rawJSON('18446744073709551615') as number) : value;
}

/** `JSON.rawJSON`, which TypeScript does not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
