import { messageOf } from '../../errors.ts';
import { logAttributes } from './attributes.ts';
import {
  attributeOptions,
  verifyNames,
  type ForwardConfig,
  type ForwardingDriver,
  type LogOptions,
} from './driver.ts';
import { parseGoUrl, splitHost } from './go-url.ts';
import { parseBool, parseDurationMs, parseSize, parseUnsigned } from './go-values.ts';
import { logTag } from './tag.ts';

const names = new Set([
  ...attributeOptions,
  'fluentd-address',
  'fluentd-async',
  'fluentd-async-reconnect-interval',
  'fluentd-buffer-limit',
  'fluentd-max-retries',
  'fluentd-request-ack',
  'fluentd-retry-wait',
  'fluentd-sub-second-precision',
  'fluentd-write-timeout',
]);

const defaultRetryWaitMs = 1000;
const defaultMaxRetries = 2 ** 31 - 1;
const defaultBufferLimit = 1024 * 1024;
/** The events of an asynchronous log take no more memory than this, whatever their number may be. */
const bufferBytes = 64 * 1024 * 1024;

interface Address {
  network: 'tcp' | 'tls' | 'unix';
  address: string;
}

function parseAddress(given: string): Address {
  const fail = (text: string): Error => new Error(`invalid fluentd-address (${given}): ${text}`);
  const { scheme, host, path } = split(given, fail);
  if (scheme === 'unix') {
    if (path === '') throw fail('path is empty');
    return { network: scheme, address: path };
  }
  if (scheme !== 'tcp' && scheme !== 'tls') throw fail(`unsupported scheme: '${scheme}'`);
  if (path !== '') throw fail('should not contain a path element');
  const { name, port } = splitHost(host);
  try {
    if (port !== '') parseUnsigned(port, 16);
  } catch (error) {
    throw fail(`invalid port: ${messageOf(error)}`);
  }
  return { network: scheme, address: `${name || '127.0.0.1'}:${port || '24224'}` };
}

function split(given: string, fail: (text: string) => Error): ReturnType<typeof parseGoUrl> {
  if (given === '') return parseGoUrl('tcp://');
  try {
    return parseGoUrl(given.includes('://') ? given : `tcp://${given}`);
  } catch (error) {
    throw fail(messageOf(error));
  }
}

/** An option that is not given, or empty, has its default. */
function value<T>(options: LogOptions, name: string, parse: (text: string) => T, otherwise: T): T {
  const text = options[name];
  return text === undefined || text === '' ? otherwise : parse(text);
}

function reconnectMs(text: string): number {
  let ms: number;
  try {
    ms = parseDurationMs(text);
  } catch (error) {
    throw new Error(`invalid value for fluentd-async-reconnect-interval: ${messageOf(error)}`, {
      cause: error,
    });
  }
  if (ms !== 0 && (ms < 100 || ms > 10_000))
    throw new Error(
      `invalid value for fluentd-async-reconnect-interval: value (${JSON.stringify(text)}) must be between 100ms and 10s`,
    );
  return ms;
}

function writeTimeoutMs(text: string): number {
  const prefix = 'invalid value for fluentd-write-timeout: ';
  let ms: number;
  try {
    ms = parseDurationMs(text);
  } catch (error) {
    throw new Error(`${prefix}value must be a duration: ${messageOf(error)}`, { cause: error });
  }
  if (ms < 0) throw new Error(`${prefix}value must be a positive duration`);
  return ms;
}

function settings(options: LogOptions): Record<string, unknown> {
  const asynchronous = value(options, 'fluentd-async', parseBool, false);
  const limit = value(options, 'fluentd-buffer-limit', (text) => parseSize(text, 1024), defaultBufferLimit);
  return {
    ...parseAddress(options['fluentd-address'] ?? ''),
    async: asynchronous,
    ...(asynchronous && { drops: true, bufferCount: Math.max(1, limit), bufferBytes }),
    retryWaitMs: value(options, 'fluentd-retry-wait', parseDurationMs, defaultRetryWaitMs),
    maxRetries: value(options, 'fluentd-max-retries', (text) => parseUnsigned(text, 32), defaultMaxRetries),
    reconnectMs: value(options, 'fluentd-async-reconnect-interval', reconnectMs, 0),
    subSecond: value(options, 'fluentd-sub-second-precision', parseBool, false),
    ack: value(options, 'fluentd-request-ack', parseBool, false),
    writeTimeoutMs: value(options, 'fluentd-write-timeout', writeTimeoutMs, 0),
  };
}

/** fluentd: its Forward protocol over TCP, TLS or a unix socket. */
export const fluentdDriver: ForwardingDriver = {
  verify(options) {
    verifyNames(options, names, 'fluentd log driver');
    settings(options);
  },
  configure(options, container): ForwardConfig {
    const tag = logTag(container);
    const config = settings(options);
    const address = String(config['address']);
    if (config['network'] !== 'unix' && address.split(':').length > 2 && config['async'] !== true)
      throw new Error(`dial tcp: address ${address}: too many colons in address`);
    return {
      driver: 'fluentd',
      ...config,
      tag,
      containerId: container.id,
      containerName: `/${container.name}`,
      extra: logAttributes(container),
    };
  },
};
