import {
  address,
  addressPool,
  booleanText,
  host,
  ip,
  label,
  mirror,
  pair,
  runtime,
  size,
  ulimit,
} from './values.ts';

/** A setting of the daemon: one row feeds flags, configuration file, help and checks. */
export interface Option {
  /** `--log-level`. */
  readonly flag: string;
  /** `-l`. */
  readonly short?: string;
  /** The key in daemon.json; undefined for what is a flag only. */
  readonly key?: string;
  readonly kind: Kind;
  /** Word for the value in the help. */
  readonly word?: string;
  readonly default: Value;
  readonly help: string;
  /** Checks one value as it is read; throws with Go's words. */
  readonly check?: (text: string) => void;
  /** A SIGHUP takes a new value from the file. */
  readonly reloadable?: true;
  /** Parsed, but refused unless it has the default value: Berth does nothing with it yet. */
  readonly unsupported?: true;
  /** Values besides the default that change nothing here, and are taken. */
  readonly harmless?: (value: Value) => boolean;
  /** Not dockerd's but ours. */
  readonly own?: true;
}

/** boolean; whole number; text; list of texts; map of texts (`k=v`); `runtimes` is name to path. */
export type Kind = 'boolean' | 'integer' | 'text' | 'list' | 'map';

export type Value = boolean | number | string | readonly string[] | Readonly<Record<string, string>>;

const text = (flag: string, fallback: string, help: string, more: Partial<Option> = {}): Option => ({
  flag,
  key: flag,
  kind: 'text',
  word: 'string',
  default: fallback,
  help,
  ...more,
});
const toggle = (flag: string, fallback: boolean, help: string, more: Partial<Option> = {}): Option => ({
  flag,
  key: flag,
  kind: 'boolean',
  default: fallback,
  help,
  check: booleanText,
  ...more,
});
const integer = (flag: string, fallback: number, help: string, more: Partial<Option> = {}): Option => ({
  flag,
  key: flag,
  kind: 'integer',
  word: 'int',
  default: fallback,
  help,
  ...more,
});
const list = (flag: string, key: string, help: string, more: Partial<Option> = {}): Option => ({
  flag,
  key,
  kind: 'list',
  word: 'list',
  default: [],
  help,
  ...more,
});
const map = (flag: string, key: string, help: string, more: Partial<Option> = {}): Option => ({
  flag,
  key,
  kind: 'map',
  word: 'map',
  default: {},
  help,
  check: pair,
  ...more,
});
const unsupported = { unsupported: true } as const;

/** Every option, by its flag in alphabetic order. Flags and keys are dockerd's 28.5 with dockerd's meaning, but for `own`. */
export const options: readonly Option[] = [
  map('add-runtime', 'runtimes', 'Register an additional OCI compatible runtime', {
    word: 'runtime',
    check: runtime,
    reloadable: true,
  }),
  toggle(
    'allow-direct-routing',
    false,
    'Allow remote access to published ports on container IP addresses',
    unsupported,
  ),
  toggle('allow-insecure-tcp', false, 'Serve the API on TCP without TLS: root for whoever reaches it', {
    own: true,
  }),
  list('authorization-plugin', 'authorization-plugins', 'Authorization plugins to load', unsupported),
  text('bip', '', 'IPv4 address for the default bridge', { check: address }),
  text('bip6', '', 'IPv6 address for the default bridge', unsupported),
  text('bridge', '', 'Default bridge: an existing one, or with --bip one that is made', { short: 'b' }),
  list('cdi-spec-dir', 'cdi-spec-dirs', 'CDI specification directories to use'),
  text('cgroup-parent', '', 'Set parent cgroup for all containers'),
  {
    flag: 'config-file',
    kind: 'text',
    word: 'string',
    default: '/etc/berth/daemon.json',
    help: 'Daemon configuration file',
  },
  text('containerd', '', 'containerd grpc address', unsupported),
  text('containerd-namespace', 'moby', 'Containerd namespace to use', unsupported),
  text('containerd-plugins-namespace', 'plugins.moby', 'Containerd namespace to use for plugins', {
    ...unsupported,
    key: 'containerd-plugin-namespace',
  }),
  integer(
    'cpu-rt-period',
    0,
    'Limit the CPU real-time period in microseconds for the parent cgroup',
    unsupported,
  ),
  integer(
    'cpu-rt-runtime',
    0,
    'Limit the CPU real-time runtime in microseconds for the parent cgroup',
    unsupported,
  ),
  toggle('cri-containerd', false, 'start containerd with cri', unsupported),
  text('data-root', '/var/lib/berth', 'Root directory of persistent state'),
  toggle('debug', false, 'Enable debug mode', { short: 'D', reloadable: true }),
  list('default-address-pool', 'default-address-pools', 'Default address pools for networks', {
    word: 'pool-options',
    check: addressPool,
  }),
  text('default-cgroupns-mode', '', 'Default mode for containers cgroup namespace ("host" | "private")'),
  text('default-gateway', '', 'Default gateway IPv4 address for the default bridge network', {
    word: 'ip',
    check: ip,
  }),
  text('default-gateway-v6', '', 'Default gateway IPv6 address for the default bridge network', unsupported),
  text('default-ipc-mode', 'private', 'Default mode for containers ipc ("shareable" | "private")'),
  map('default-network-opt', 'default-network-opts', 'Default network options', unsupported),
  text('default-runtime', '', 'Default OCI runtime for containers (default: the built-in one)', {
    reloadable: true,
  }),
  text('default-shm-size', '64MiB', 'Default shm size for containers', {
    word: 'bytes',
    check: size,
    reloadable: true,
  }),
  map('default-ulimit', 'default-ulimits', 'Default ulimits for containers', {
    word: 'ulimit',
    check: ulimit,
  }),
  list('dns', 'dns', 'DNS server to use', { check: ip }),
  list('dns-opt', 'dns-opts', 'DNS options to use'),
  list('dns-search', 'dns-search', 'DNS search domains to use'),
  list('exec-opt', 'exec-opts', 'Runtime execution options', { ...unsupported, harmless: onlyCgroupfs }),
  text('exec-root', '/run/berth', 'Root directory for execution state files'),
  toggle('experimental', false, 'Enable experimental features: checkpoints'),
  map('feature', 'features', 'Enable feature in the daemon', unsupported),
  text('fixed-cidr', '', 'IPv4 subnet for the default bridge network', { check: address }),
  text('fixed-cidr-v6', '', 'IPv6 subnet for the default bridge network', unsupported),
  text('group', 'docker', 'Group for the unix socket', { short: 'G' }),
  list('host', 'hosts', 'Daemon socket(s) to connect to', { short: 'H', check: host }),
  list(
    'host-gateway-ip',
    'host-gateway-ips',
    "IP addresses that the special 'host-gateway' string resolves to",
    { check: ip },
  ),
  text('http-proxy', '', 'HTTP proxy URL to use for outgoing traffic', unsupported),
  text('https-proxy', '', 'HTTPS proxy URL to use for outgoing traffic', unsupported),
  toggle('icc', true, 'Enable inter-container communication for the default bridge network'),
  toggle('init', false, 'Run an init in the container to forward signals and reap processes'),
  text('init-path', '', 'Path to the init binary'),
  list('insecure-registry', 'insecure-registries', 'Enable insecure registry communication', {
    reloadable: true,
  }),
  text('ip', '0.0.0.0', 'Host IP for port publishing from the default bridge network', {
    word: 'ip',
    check: ip,
  }),
  toggle('ip-forward', true, 'Enable IP forwarding in system configuration'),
  toggle(
    'ip-forward-no-drop',
    false,
    'Do not set the filter-FORWARD policy to DROP when enabling IP forwarding',
    {
      ...unsupported,
      // Berth never sets that policy.
      harmless: () => true,
    },
  ),
  toggle('ip-masq', true, 'Enable IP masquerading for the default bridge network'),
  toggle('ip6tables', true, 'Enable addition of IPv6 firewall rules', unsupported),
  toggle('iptables', true, 'Enable addition of firewall rules', unsupported),
  toggle('ipv6', false, 'Enable IPv6 networking for the default bridge network', unsupported),
  list('label', 'labels', 'Set key=value labels to the daemon', { check: label, reloadable: true }),
  toggle('live-restore', true, 'Containers go on running when the daemon ends; false stops them', {
    reloadable: true,
  }),
  text('log-driver', 'json-file', 'Default driver for container logs'),
  text('log-format', 'json', 'Set the logging format ("json")', { ...unsupported }),
  text('log-level', 'info', 'Set the logging level ("debug"|"info"|"warn"|"error"|"fatal")', { short: 'l' }),
  map('log-opt', 'log-opts', 'Default log driver options for containers'),
  integer('max-concurrent-downloads', 3, 'Set the max concurrent downloads', unsupported),
  integer('max-concurrent-uploads', 5, 'Set the max concurrent uploads', unsupported),
  integer('max-download-attempts', 5, 'Set the max download attempts for each pull', unsupported),
  text('metrics-addr', '', 'Set default address and port to serve the metrics api on', unsupported),
  integer('mtu', 1500, 'Set the MTU for the default "bridge" network'),
  integer('network-control-plane-mtu', 1500, 'Network Control plane MTU', unsupported),
  toggle('no-new-privileges', false, 'Set no-new-privileges by default for new containers'),
  text(
    'no-proxy',
    '',
    'Comma-separated list of hosts or IP addresses for which the proxy is skipped',
    unsupported,
  ),
  list('node-generic-resource', 'node-generic-resources', 'Advertise user-defined resource', unsupported),
  text('pidfile', '', 'Path to use for daemon PID file (default berth.pid in the exec root)', { short: 'p' }),
  toggle('raw-logs', false, 'Full timestamps without ANSI coloring', {
    ...unsupported,
    harmless: () => true,
  }),
  list('registry-mirror', 'registry-mirrors', 'Preferred registry mirror', {
    check: mirror,
    reloadable: true,
  }),
  toggle('rootless', false, 'Enable rootless mode', unsupported),
  text('seccomp-profile', 'builtin', 'Path to seccomp profile; "unconfined" to disable the default one'),
  toggle('selinux-enabled', false, 'Enable selinux support', unsupported),
  integer('shutdown-timeout', 15, 'Set the default shutdown timeout', { reloadable: true }),
  text('storage-driver', '', 'Storage driver to use', {
    ...unsupported,
    short: 's',
    harmless: (value) => value === 'overlay2',
  }),
  list('storage-opt', 'storage-opts', 'Storage driver options', unsupported),
  text(
    'swarm-default-advertise-addr',
    '',
    'Set default address or interface for swarm advertised address',
    unsupported,
  ),
  toggle('tls', false, 'Use TLS; implied by --tlsverify'),
  text('tlscacert', '~/.docker/ca.pem', 'Trust certs signed only by this CA'),
  text('tlscert', '~/.docker/cert.pem', 'Path to TLS certificate file'),
  text('tlskey', '~/.docker/key.pem', 'Path to TLS key file'),
  toggle('tlsverify', false, 'Use TLS and verify the remote'),
  toggle('userland-proxy', true, 'Use userland proxy for loopback traffic', {
    ...unsupported,
    // Loopback traffic is served by the firewall table; no proxy runs either way.
    harmless: () => true,
  }),
  text('userland-proxy-path', '', 'Path to the userland proxy binary', unsupported),
  text('userns-remap', '', 'User/Group setting for user namespaces'),
];

function onlyCgroupfs(value: Value): boolean {
  return Array.isArray(value) && value.every((one) => one === 'native.cgroupdriver=cgroupfs');
}

/** What is asked of the command itself rather than of the daemon. */
export const commands = [
  { flag: 'help', short: undefined, help: 'Print usage' },
  { flag: 'validate', short: undefined, help: 'Validate daemon configuration and exit' },
  { flag: 'version', short: 'v', help: 'Print version information and quit' },
] as const;
