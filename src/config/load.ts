import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../errors.ts';
import { builtInRuntimeName, builtInRuntimes, type Config, type TlsConfig } from './config.ts';
import { readConfigFile, type FileValues } from './file.ts';
import type { Flags } from './flags.ts';
import { options, type Option, type Value } from './options.ts';
import { parseAddressPool, parseHost, parseSize, parseUlimit } from './values.ts';

/** A configuration that is refused, in dockerd's words. */
export class ConfigError extends Error {}

/**
 * Puts command line, configuration file and defaults together and checks the whole.
 * @throws ConfigError when the file cannot be used, says what a flag says too, or a value makes no sense or is not
 * supported
 */
export function loadConfig(flags: Flags): Config {
  const path = (flags.values.get('config-file') as string | undefined) ?? defaultOf('config-file');
  let file: FileValues;
  let values: Values;
  try {
    file = readConfigFile(String(path), flags.values.has('config-file'));
    values = merge(flags, file);
  } catch (error) {
    throw new ConfigError(
      `unable to configure the Docker daemon with file ${String(path)}: ${messageOf(error)}`,
      { cause: error },
    );
  }
  const problem = problemOf(values);
  if (problem !== undefined && file.values.size > 0)
    throw new ConfigError(
      `unable to configure the Docker daemon with file ${String(path)}: merged configuration validation from file and command line flags failed: ${problem}`,
    );
  if (problem !== undefined) throw new ConfigError(problem);
  return build(values, file.runtimeArgs, String(path));
}

type Values = ReadonlyMap<string, Value>;

function merge(flags: Flags, file: FileValues): Values {
  const twice = options.filter(({ flag }) => flags.values.has(flag) && file.values.has(flag));
  if (twice.length > 0) {
    const shown = twice
      .map(
        ({ flag, key }) =>
          `${key}: (from flag: ${goText(flags.values.get(flag))}, from file: ${goText(file.values.get(flag))})`,
      )
      .sort();
    throw new Error(
      `the following directives are specified both as a flag and in the configuration file: ${shown.join(', ')}`,
    );
  }
  return new Map(
    options.map(({ flag, default: fallback }) => [
      flag,
      flags.values.get(flag) ?? file.values.get(flag) ?? fallback,
    ]),
  );
}

/** A value as Go prints it. */
function goText(value: Value | undefined): string {
  if (Array.isArray(value)) return `[${value.join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .map(([key, one]) => `${key}:${String(one)}`)
      .join(' ')}]`;
  return String(value);
}

function defaultOf(flag: string): Value | undefined {
  return options.find((option) => option.flag === flag)?.default;
}

/** The first thing wrong with the settings as a whole. */
function problemOf(values: Values): string | undefined {
  const text = (flag: string): string => String(values.get(flag));
  const whole = (flag: string): number => Number(values.get(flag));
  if (!/^(debug|info|warn|error|fatal)$/.test(text('log-level')))
    return `invalid logging level: ${text('log-level')}`;
  if (whole('mtu') < 0) return `invalid default MTU: ${whole('mtu')}`;
  for (const flag of ['max-concurrent-downloads', 'max-concurrent-uploads'])
    if (whole(flag) < 0) return `invalid ${flag.replaceAll('-', ' ')}: ${whole(flag)}`;
  if (!/^(|host|private)$/.test(text('default-cgroupns-mode')))
    return `invalid default cgroup namespace (${text('default-cgroupns-mode')}): use "host" or "private"`;
  if (!/^(shareable|private)$/.test(text('default-ipc-mode')))
    return `default IPC mode setting (${text('default-ipc-mode')}) is invalid; use "shareable" or "private"`;
  return (
    labelProblem(values.get('label') as string[]) ?? runtimeProblem(values) ?? unsupportedProblem(values)
  );
}

function labelProblem(labels: readonly string[]): string | undefined {
  const seen = new Map<string, string>();
  for (const label of labels) {
    const key = label.slice(0, label.indexOf('='));
    const before = seen.get(key);
    if (before !== undefined && before !== label) return `conflict labels for ${label} and ${before}`;
    seen.set(key, label);
  }
  return undefined;
}

function runtimeProblem(values: Values): string | undefined {
  const runtimes = values.get('add-runtime') as Record<string, string>;
  const name = String(values.get('default-runtime'));
  if (name !== '' && !builtInRuntimes.has(name) && runtimes[name] === undefined)
    return `specified default runtime '${name}' does not exist`;
  return undefined;
}

/** Nothing is silently ignored: what Berth does nothing with must be left at its default. */
function unsupportedProblem(values: Values): string | undefined {
  const asked = options.find((option) => isUnsupported(option, values.get(option.flag) as Value));
  return asked && `--${asked.flag} (${asked.key}) is not supported yet: leave it at its default`;
}

function isUnsupported({ unsupported, default: fallback, harmless }: Option, value: Value): boolean {
  return unsupported === true && JSON.stringify(value) !== JSON.stringify(fallback) && !harmless?.(value);
}

function build(
  values: Values,
  runtimeArgs: Readonly<Record<string, readonly string[]>>,
  configFile: string,
): Config {
  const text = (flag: string): string => String(values.get(flag));
  const toggle = (flag: string): boolean => values.get(flag) === true;
  const list = (flag: string): readonly string[] => values.get(flag) as readonly string[];
  const map = (flag: string): Readonly<Record<string, string>> => values.get(flag) as Record<string, string>;
  const execRoot = resolve(text('exec-root'));
  const tls = tlsOf(values);
  const ulimits = Object.entries(map('default-ulimit')).map(([name, limits]) =>
    parseUlimit(`${name}=${limits}`),
  );
  return {
    configFile,
    dataRoot: resolve(text('data-root')),
    execRoot,
    hosts: hostsOf(list('host'), tls !== undefined),
    socketGroup: text('group'),
    tls,
    allowInsecureTcp: toggle('allow-insecure-tcp'),
    pidfile: resolve(text('pidfile') || `${execRoot}/berth.pid`),
    debug: toggle('debug'),
    logLevel: toggle('debug') ? 'debug' : text('log-level'),
    labels: list('label'),
    executorPath: nativeProgram('executor/berth-executor'),
    network: {
      bridge: text('bridge'),
      bip: text('bip'),
      fixedCidr: text('fixed-cidr'),
      defaultGateway: text('default-gateway'),
      mtu: Number(values.get('mtu')) || 1500,
      defaultBindingIp: text('ip'),
      icc: toggle('icc'),
      ipForward: toggle('ip-forward'),
      ipMasq: toggle('ip-masq'),
      dns: list('dns'),
      dnsSearch: list('dns-search'),
      dnsOptions: list('dns-opt'),
      hostGatewayIps: list('host-gateway-ip'),
      addressPools: list('default-address-pool').map(parseAddressPool),
    },
    runtimes: Object.fromEntries(
      Object.entries(map('add-runtime')).map(([name, path]) => [
        name,
        { path, args: runtimeArgs[name] ?? [] },
      ]),
    ),
    defaultRuntime: text('default-runtime') || builtInRuntimeName(map('add-runtime')),
    log: { driver: text('log-driver'), options: map('log-opt') },
    ulimits: Object.fromEntries(ulimits.map((ulimit) => [ulimit.name, ulimit])),
    shmSizeBytes: parseSize(text('default-shm-size')),
    ipcMode: text('default-ipc-mode') as Config['ipcMode'],
    cgroupnsMode: text('default-cgroupns-mode') as Config['cgroupnsMode'],
    cgroupParent: text('cgroup-parent'),
    experimental: toggle('experimental'),
    init: toggle('init'),
    initPath: text('init-path') || nativeProgram('init/berth-init'),
    noNewPrivileges: toggle('no-new-privileges'),
    usernsRemap: text('userns-remap'),
    idMaps: undefined,
    seccompProfile: text('seccomp-profile') === 'builtin' ? '' : text('seccomp-profile'),
    cdiSpecDirs:
      list('cdi-spec-dir').length > 0
        ? list('cdi-spec-dir').filter((directory) => directory !== '')
        : ['/etc/cdi', '/var/run/cdi'],
    registries: { insecure: list('insecure-registry'), mirrors: list('registry-mirror') },
    stopContainersOnExit: !toggle('live-restore'),
    shutdownTimeoutSeconds: Number(values.get('shutdown-timeout')),
  };
}

/** Path of a program made from `native/`. */
function nativeProgram(path: string): string {
  return fileURLToPath(new URL(`../../native/build/${path}`, import.meta.url));
}

function hostsOf(given: readonly string[], tls: boolean): readonly string[] {
  const defaults = { socket: '/run/berth/docker.sock', port: tls ? 2376 : 2375 };
  return [...new Set((given.length === 0 ? [''] : given).map((host) => parseHost(host, defaults)))];
}

function tlsOf(values: Values): TlsConfig | undefined {
  if (values.get('tls') !== true && values.get('tlsverify') !== true) return undefined;
  const path = (flag: string): string => resolve(String(values.get(flag)).replace(/^~(?=\/)/, homedir()));
  return {
    ca: path('tlscacert'),
    cert: path('tlscert'),
    key: path('tlskey'),
    verify: values.get('tlsverify') === true,
  };
}
