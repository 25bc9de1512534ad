import { accessSync, constants } from 'node:fs';
import { hostname } from 'node:os';
import { logAttributes } from './attributes.ts';
import {
  attributeOptions,
  verifyNames,
  type ForwardConfig,
  type ForwardingDriver,
  type LogOptions,
} from './driver.ts';
import { parseGoUrl, splitHost, joinHost, type GoUrl } from './go-url.ts';
import { goJson, parseBool, parseDurationMs, parseInteger } from './go-values.ts';
import { logTag } from './tag.ts';

const names = new Set([
  ...attributeOptions,
  'splunk-url',
  'splunk-token',
  'splunk-source',
  'splunk-sourcetype',
  'splunk-index',
  'splunk-capath',
  'splunk-caname',
  'splunk-insecureskipverify',
  'splunk-format',
  'splunk-verify-connection',
  'splunk-gzip',
  'splunk-gzip-level',
  'splunk-index-acknowledgment',
]);

const path = '/services/collector/event/1.0';

function parseUrl(text: string | undefined): GoUrl {
  if (text === undefined) throw new Error('splunk: splunk-url is expected');
  let url: GoUrl;
  try {
    url = parseGoUrl(text);
  } catch (error) {
    throw new Error(`splunk: failed to parse ${text} as url value in splunk-url`, { cause: error });
  }
  const plain = (url.path === '' || url.path === '/') && url.query === '' && url.fragment === '';
  if (!['http', 'https'].includes(url.scheme) || url.host === '' || !plain)
    throw new Error('splunk: expected format scheme://dns_name_or_ip:port for splunk-url');
  return url;
}

function readable(file: string): string {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code !== 'EACCES';
    throw new Error(`open ${file}: ${missing ? 'no such file or directory' : 'permission denied'}`, {
      cause: error,
    });
  }
  return file;
}

function gzipLevel(text: string): number {
  const level = parseInteger(text, 'ParseInt');
  if (level < -1 || level > 9)
    throw new Error(
      `not supported level '${text}' for splunk-gzip-level (supported values between -1 and 9)`,
    );
  return level;
}

function value<T>(options: LogOptions, name: string, parse: (text: string) => T, otherwise: T): T {
  const text = options[name];
  return text === undefined ? otherwise : parse(text);
}

/** From the daemon's environment, as with the reference; what cannot be read is as if it were not there. */
function tuned(name: string, parse: (text: string) => number, otherwise: number): number {
  try {
    const text = process.env[`SPLUNK_LOGGING_DRIVER_${name}`];
    return text === undefined || text === '' ? otherwise : Math.max(1, parse(text));
  } catch {
    return otherwise;
  }
}

function tuning(): { frequencyMs: number; batch: number; bufferMost: number } {
  return {
    frequencyMs: tuned('POST_MESSAGES_FREQUENCY', parseDurationMs, 5000),
    batch: tuned('POST_MESSAGES_BATCH_SIZE', parseInteger, 1000),
    bufferMost: tuned('BUFFER_MAX', parseInteger, 10_000),
  };
}

/** What follows the time in each event. */
function restOf(options: LogOptions): string {
  const fields: [string, string | undefined][] = [
    ['host', hostname()],
    ['source', options['splunk-source']],
    ['sourcetype', options['splunk-sourcetype']],
    ['index', options['splunk-index']],
  ];
  return `${fields.map(([name, text]) => (text ? `,"${name}":${goJson(text)}` : '')).join('')}}`;
}

/** splunk: events to an HTTP event collector. Values are looked at when the container starts, as with the reference. */
export const splunkDriver: ForwardingDriver = {
  verify(options) {
    verifyNames(options, names, 'splunk log driver');
  },
  configure(options, container): ForwardConfig {
    const url = parseUrl(options['splunk-url']);
    const token = options['splunk-token'];
    if (token === undefined) throw new Error('splunk: splunk-token is expected');
    const skipVerify = value(options, 'splunk-insecureskipverify', parseBool, false);
    const ca = value(options, 'splunk-capath', readable, '');
    const gzip = value(options, 'splunk-gzip', parseBool, false);
    const level = value(options, 'splunk-gzip-level', gzipLevel, -1);
    const tag = options['tag'] === '' ? '' : logTag(container);
    const attributes = logAttributes(container);
    const indexAck = value(options, 'splunk-index-acknowledgment', parseBool, false);
    const verify = value(options, 'splunk-verify-connection', parseBool, true);
    // Which formats there are is the forwarder's to say: the reference asks the server first.
    const format = options['splunk-format'] ?? 'inline';
    const { name, port } = splitHost(url.host);
    return {
      driver: 'splunk',
      url: `${url.scheme}://${url.user && `${url.user}@`}${url.host}${path}`,
      path,
      address: joinHost(name, port || (url.scheme === 'https' ? '443' : '80')),
      token,
      format,
      tag,
      prefix: prefixOf(tag, attributes),
      attrs: Object.keys(attributes).length > 0 ? goJson(attributes) : '',
      rest: restOf(options),
      skipVerify,
      ca,
      caName: options['splunk-caname'] ?? '',
      gzip,
      level,
      indexAck,
      verify,
      ...tuning(),
    };
  },
};

/** Of raw events: the tag and the attributes before each line. */
function prefixOf(tag: string, attributes: Readonly<Record<string, string>>): string {
  const words = Object.entries(attributes).map(([name, text]) => `${name}=${text} `);
  return `${tag && `${tag} `}${words.join('')}`;
}
