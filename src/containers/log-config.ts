import { internal, invalidArgument, messageOf, unimplemented } from '../errors.ts';
import type { HostConfig } from '../runtime/config.ts';
import type { Container } from './container.ts';
import { logAttributes } from './log-attributes.ts';

/** `log` of shim.start, native/PROTOCOL.md 1.1. */
export interface ShimLog {
  driver: 'json-file' | 'none';
  path?: string;
  maxSizeBytes?: number;
  maxFiles?: number;
  compress?: boolean;
  attrs?: string;
}

type LogConfig = HostConfig['LogConfig'];

/** Options of the drivers that keep files; `local` writes the same files as json-file, with limits by default. */
const options: Readonly<Record<string, ReadonlySet<string>>> = {
  'json-file': new Set([
    'max-file',
    'max-size',
    'compress',
    'labels',
    'labels-regex',
    'env',
    'env-regex',
    'tag',
  ]),
  local: new Set(['max-file', 'max-size', 'compress']),
};

/** Drivers the reference has besides. */
const otherDrivers = new Set(['awslogs', 'fluentd', 'gcplogs', 'gelf', 'journald', 'splunk', 'syslog']);

/**
 * Checks a log configuration at create. Values are looked at when the container starts, as in the reference.
 * @throws invalid-argument with the reference's texts; and for an unknown driver; unimplemented for those we lack
 */
export function verifyLogConfig({ Type, Config }: LogConfig): void {
  if (Type === 'none') return;
  const known = options[Type];
  if (!known && otherDrivers.has(Type)) throw unimplemented(`log driver ${Type} is not implemented yet`);
  if (!known) throw invalidArgument(`error looking up logging plugin ${Type}: plugin "${Type}" not found`);
  verifyMode(Config);
  for (const name of Object.keys(Config)) {
    if (known.has(name) || name === 'mode' || name === 'max-buffer-size') continue;
    const driver = Type === 'local' ? 'log driver local' : `${Type} log driver`;
    throw invalidArgument(`unknown log opt '${name}' for ${driver}`);
  }
}

/**
 * What the shim is to do with the output.
 * @throws internal, in the reference's words, for values that make no sense
 */
export function shimLog(container: Container, path: string): ShimLog {
  const { Type, Config } = container.hostConfig.LogConfig;
  if (Type === 'none') return { driver: 'none' };
  try {
    const attrs = Type === 'json-file' ? logAttributes(container) : {};
    return {
      driver: 'json-file',
      path,
      ...(Type === 'local' ? localLimits(Config) : jsonFileLimits(Config)),
      ...(Object.keys(attrs).length > 0 && { attrs: JSON.stringify(attrs) }),
    };
  } catch (error) {
    const prefix = 'failed to create task for container: failed to initialize logging driver: ';
    throw internal(`${prefix}${messageOf(error)}`, error);
  }
}

/**
 * The mode decides what happens when the log cannot keep up. Our log is a local file written by the shim, not a service that
 * could hold up the container, so both modes come to the same.
 */
function verifyMode({ mode = '', 'max-buffer-size': buffer }: LogConfig['Config']): void {
  if (!['', 'blocking', 'non-blocking'].includes(mode))
    throw invalidArgument(`logger: logging mode not supported: ${mode}`);
  if (buffer === undefined) return;
  if (mode !== 'non-blocking')
    throw invalidArgument("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
  try {
    parseSize(buffer);
  } catch (error) {
    throw invalidArgument(`error parsing option max-buffer-size: ${messageOf(error)}`, error);
  }
}

function jsonFileLimits(
  config: LogConfig['Config'],
): Pick<ShimLog, 'maxSizeBytes' | 'maxFiles' | 'compress'> {
  const size = config['max-size'] === undefined ? undefined : parseSize(config['max-size']);
  if (size === 0) throw new Error('max-size must be a positive number');
  const files = config['max-file'] === undefined ? 1 : parseInteger(config['max-file']);
  if (files < 1) throw new Error('max-file cannot be less than 1');
  const compress = config['compress'] !== undefined && parseBool(config['compress']);
  if (compress && (files < 2 || size === undefined))
    throw new Error('compress cannot be true when max-file is less than 2 or max-size is not set');
  return { ...(size !== undefined && { maxSizeBytes: size }), maxFiles: files, compress };
}

function localLimits(
  config: LogConfig['Config'],
): Required<Pick<ShimLog, 'maxSizeBytes' | 'maxFiles' | 'compress'>> {
  const read = <T>(name: string, parse: (text: string) => T, otherwise: T): T => {
    const text = config[name];
    if (text === undefined) return otherwise;
    try {
      return parse(text);
    } catch (error) {
      throw new Error(`invalid value for ${name}: ${text}: ${messageOf(error)}`, { cause: error });
    }
  };
  const maxSizeBytes = read('max-size', parseSize, 20 * 1024 * 1024);
  const maxFiles = read('max-file', parseInteger, 5);
  const compress = read('compress', parseBool, true);
  if (maxFiles < 0) throw new Error('max file count cannot be negative');
  if (compress && maxFiles <= 1) throw new Error('compression cannot be enabled when max file count is 1');
  return { maxSizeBytes, maxFiles: Math.max(1, maxFiles), compress };
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };

/** `10m` is ten million bytes. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (!match || unit === undefined) throw new Error(`invalid size: '${text}'`);
  return Math.floor(Number(match[1]) * unit);
}

function parseInteger(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}
