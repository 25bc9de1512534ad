import { EngineError, internal, invalidArgument, messageOf, unimplemented } from '../../errors.ts';
import type { HostConfig } from '../../runtime/config.ts';
import { logAttributes } from './attributes.ts';
import {
  attributeOptions,
  verifyNames,
  type ForwardConfig,
  type ForwardingDriver,
  type LoggedContainer,
  type LogOptions,
} from './driver.ts';
import { cacheLimits, jsonFileLimits, localLimits } from './files.ts';
import { fluentdDriver } from './fluentd.ts';
import { gelfDriver } from './gelf.ts';
import { goJson, parseBool, parseSize } from './go-values.ts';
import { journaldDriver } from './journald.ts';
import { splunkDriver } from './splunk.ts';
import { syslogDriver } from './syslog.ts';
import { formatLogTag } from './tag.ts';

/** `log` of shim.start, native/PROTOCOL.md 1.1. */
export interface ShimLog {
  /** How the shim keeps lines in `path`: `local` has their bytes as they came. */
  driver: 'json-file' | 'local' | 'none';
  path?: string;
  maxSizeBytes?: number;
  maxFiles?: number;
  compress?: boolean;
  attrs?: string;
  /** Where lines go besides. */
  forward?: ForwardConfig;
}

/** Files of a container that its log may be kept in. */
export interface LogPaths {
  jsonFile: string;
  local: string;
  cache: string;
}

type LogConfig = HostConfig['LogConfig'];

const forwarding: Readonly<Record<string, ForwardingDriver>> = {
  fluentd: fluentdDriver,
  gelf: gelfDriver,
  journald: journaldDriver,
  splunk: splunkDriver,
  syslog: syslogDriver,
};

/** The drivers there are, as `/info` lists them. */
export const logDrivers: readonly string[] = [
  'fluentd',
  'gelf',
  'journald',
  'json-file',
  'local',
  'splunk',
  'syslog',
];

const fileOptions = ['max-file', 'max-size', 'compress'];
const jsonFileOptions = new Set([...fileOptions, ...attributeOptions]);
const localOptions = new Set(fileOptions);

/** Options of every driver; the driver itself does not see them. */
const commonOptions = new Set([
  'mode',
  'max-buffer-size',
  'cache-disabled',
  'cache-max-file',
  'cache-max-size',
  'cache-compress',
]);

const defaultBufferBytes = 1024 * 1024;

/**
 * Checks a log configuration at create. What the reference looks at when the container starts is looked at then.
 * @throws invalid-argument with the reference's texts; and for an unknown driver; unimplemented for one it has and we lack
 */
export function verifyLogConfig({ Type, Config }: LogConfig): void {
  if (Type === 'none') return;
  if (Type === 'awslogs')
    throw unimplemented(
      'log driver awslogs is not implemented by this engine: it sends logs to no cloud service',
    );
  if (!logDrivers.includes(Type))
    throw invalidArgument(`error looking up logging plugin ${Type}: plugin "${Type}" not found`);
  try {
    verifyCommon(Config);
    const own = ownOptions(Config);
    if (Type === 'json-file') verifyNames(own, jsonFileOptions, 'json-file log driver');
    else if (Type === 'local') verifyNames(own, localOptions, 'log driver local');
    else forwarding[Type]!.verify(own);
  } catch (error) {
    throw error instanceof EngineError ? error : invalidArgument(messageOf(error), error);
  }
}

/**
 * What the shim is to do with the output.
 * @throws internal, in the reference's words, for values that make no sense; invalid-argument where one names no file
 */
export function shimLog(container: LoggedContainer, paths: LogPaths): ShimLog {
  const { Type, Config } = container.hostConfig.LogConfig;
  try {
    if (Type === 'none') return { driver: 'none' };
    if (Type === 'json-file') return jsonFileLog(container, paths.jsonFile);
    if (Type === 'local') return { driver: 'local', path: paths.local, ...localLimits(Config) };
    const kept = logPath(container.hostConfig.LogConfig, paths);
    return {
      ...(kept === '' ? { driver: 'none' } : { driver: 'local', path: kept, ...cacheLimits(Config) }),
      forward: { ...buffering(Config), ...forwarding[Type]!.configure(ownOptions(Config), container) },
    };
  } catch (error) {
    const text = `failed to create task for container: failed to initialize logging driver: ${messageOf(error)}`;
    throw text.endsWith('no such file or directory') ? invalidArgument(text, error) : internal(text, error);
  }
}

/** The file a container's log can be read from; '' when there is none. */
export function logPath({ Type, Config }: LogConfig, paths: LogPaths): string {
  if (Type === 'none') return '';
  if (Type === 'json-file') return paths.jsonFile;
  if (Type === 'local') return paths.local;
  // The journal itself is not read: what is kept beside it is.
  return Type !== 'journald' && isCacheDisabled(Config) ? '' : paths.cache;
}

function jsonFileLog(container: LoggedContainer, path: string): ShimLog {
  const { Config } = container.hostConfig.LogConfig;
  const limits = jsonFileLimits(Config);
  const attributes = logAttributes(container);
  const tag = Config['tag'] ? formatLogTag(Config['tag'], container) : '';
  if (tag !== '') attributes['tag'] = tag;
  return {
    driver: 'json-file',
    path,
    ...limits,
    ...(Object.keys(attributes).length > 0 && { attrs: goJson(attributes) }),
  };
}

function ownOptions(options: LogOptions): LogOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !commonOptions.has(name)));
}

/**
 * The mode decides what happens when a server cannot keep up. A file of the shim's own is no service that could hold up the
 * container, so there both come to the same.
 */
function buffering({ mode, 'max-buffer-size': size }: LogOptions): { drops?: boolean; bufferBytes?: number } {
  if (mode !== 'non-blocking') return {};
  return { drops: true, bufferBytes: size === undefined ? defaultBufferBytes : parseSize(size, 1024) };
}

function verifyCommon(options: LogOptions): void {
  const { mode = '', 'max-buffer-size': size, 'cache-disabled': disabled = '' } = options;
  if (!['', 'blocking', 'non-blocking'].includes(mode))
    throw invalidArgument(`logger: logging mode not supported: ${mode}`);
  if (size !== undefined) verifyBufferSize(size, mode);
  try {
    if (disabled !== '') parseBool(disabled);
  } catch (error) {
    throw invalidArgument(`invalid value for option cache-disabled: ${disabled}`, error);
  }
}

function verifyBufferSize(size: string, mode: string): void {
  if (mode !== 'non-blocking')
    throw invalidArgument("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
  try {
    parseSize(size, 1024);
  } catch (error) {
    throw invalidArgument(`error parsing option max-buffer-size: ${messageOf(error)}`, error);
  }
}

function isCacheDisabled(options: LogOptions): boolean {
  const text = options['cache-disabled'] ?? '';
  return text !== '' && parseBool(text);
}
