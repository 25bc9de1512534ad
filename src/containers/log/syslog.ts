import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import {
  attributeOptions,
  verifyNames,
  type ForwardConfig,
  type ForwardingDriver,
  type LogOptions,
} from './driver.ts';
import { joinHost, parseGoUrl, splitHost } from './go-url.ts';
import { parseInteger } from './go-values.ts';
import { logTag } from './tag.ts';

const names = new Set([
  ...attributeOptions,
  'syslog-address',
  'syslog-facility',
  'syslog-tls-ca-cert',
  'syslog-tls-cert',
  'syslog-tls-key',
  'syslog-tls-skip-verify',
  'syslog-format',
]);

const facilities = 'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp'.split(' ');

const defaultFacility = 3;
const localFacility = 16;
const lastFacility = 23;
const formats = ['', 'rfc3164', 'rfc5424', 'rfc5424micro'];

/** network '' is the machine's own syslog. */
interface Address {
  network: '' | 'tcp' | 'udp' | 'tls' | 'unix' | 'unixgram';
  address: string;
}

function parseAddress(text: string): Address {
  if (text === '') return { network: '', address: '' };
  const { scheme, host, path } = parseGoUrl(text);
  if (!['tcp', 'udp', 'tcp+tls', 'unix', 'unixgram'].includes(scheme))
    throw new Error(`unsupported scheme: '${scheme}'`);
  if (scheme === 'unix' || scheme === 'unixgram') {
    if (statSync(path, { throwIfNoEntry: false }) === undefined)
      throw new Error(`stat ${path}: no such file or directory`);
    return { network: scheme, address: path };
  }
  const { name, port } = splitHost(host);
  return {
    network: scheme === 'tcp+tls' ? 'tls' : (scheme as 'tcp' | 'udp'),
    address: joinHost(name, port || '514'),
  };
}

function parseFacility(text: string): number {
  if (text === '') return defaultFacility;
  const local = /^local([0-7])$/.exec(text)?.[1];
  if (local !== undefined) return localFacility + Number(local);
  const named = facilities.indexOf(text);
  if (named >= 0) return named;
  const number = /^[+-]?\d+$/.test(text) ? parseInteger(text) : -1;
  if (number < 0 || number > lastFacility) throw new Error('invalid syslog facility');
  return number;
}

function verify(options: LogOptions): void {
  verifyNames(options, names, 'syslog log driver');
  parseAddress(options['syslog-address'] ?? '');
  parseFacility(options['syslog-facility'] ?? '');
  if (!formats.includes(options['syslog-format'] ?? '')) throw new Error('Invalid syslog format');
}

/** syslog: the machine's own, or a server over UDP, TCP, TLS or a unix socket. Labels and environment are taken and not sent. */
export const syslogDriver: ForwardingDriver = {
  verify,
  configure(options, container): ForwardConfig {
    const tag = logTag(container);
    return {
      driver: 'syslog',
      ...parseAddress(options['syslog-address'] ?? ''),
      facility: parseFacility(options['syslog-facility'] ?? ''),
      format: options['syslog-format'] ?? '',
      tag,
      host: hostname(),
      tls: {
        ca: options['syslog-tls-ca-cert'] ?? '',
        cert: options['syslog-tls-cert'] ?? '',
        key: options['syslog-tls-key'] ?? '',
        // Given at all, whatever it says: so the reference has it.
        skipVerify: options['syslog-tls-skip-verify'] !== undefined,
      },
    };
  },
};
