import { hostname } from 'node:os';
import { logAttributes } from './attributes.ts';
import { attributeOptions, type ForwardConfig, type ForwardingDriver, type LogOptions } from './driver.ts';
import { parseGoUrl } from './go-url.ts';
import { goJson, parseInteger } from './go-values.ts';
import { commandOf, logTag } from './tag.ts';

const defaultMaxReconnect = 3;
const defaultReconnectDelaySeconds = 1;

interface Address {
  network: 'tcp' | 'udp';
  address: string;
}

function parseAddress(text: string | undefined): Address {
  if (text === undefined || text === '') throw new Error('gelf-address is a required parameter');
  const { scheme, host } = parseGoUrl(text);
  if (scheme !== 'udp' && scheme !== 'tcp') throw new Error('gelf: endpoint needs to be TCP or UDP');
  if (!/^(?:\[[^\]]*\]|[^:]*):[^:]*$/.test(host))
    throw new Error('gelf: please provide gelf-address as proto://host:port');
  return { network: scheme, address: host };
}

function verifyCompression(name: string, value: string, network: Address['network']): void {
  if (network !== 'udp') throw new Error('compression is only supported on UDP');
  const known =
    name === 'gelf-compression-type'
      ? ['gzip', 'zlib', 'none'].includes(value)
      : /^[+-]?\d+$/.test(value) && Number(value) >= -1 && Number(value) <= 9;
  if (!known)
    throw new Error(`unknown value ${JSON.stringify(value)} for log opt "${name}" for gelf log driver`);
}

function verifyReconnect(name: string, value: string, network: Address['network']): void {
  if (network !== 'tcp') throw new Error(`"${name}" is only valid for TCP`);
  if (!/^\+?\d+$/.test(value)) throw new Error(`"${name}" must be a positive integer`);
}

function verify(options: LogOptions): void {
  const { network } = parseAddress(options['gelf-address']);
  for (const [name, value] of Object.entries(options)) {
    if (name === 'gelf-compression-type' || name === 'gelf-compression-level')
      verifyCompression(name, value, network);
    else if (name === 'gelf-tcp-max-reconnect' || name === 'gelf-tcp-reconnect-delay')
      verifyReconnect(name, value, network);
    else if (name !== 'gelf-address' && !attributeOptions.includes(name))
      throw new Error(`unknown log opt ${JSON.stringify(name)} for gelf log driver`);
  }
}

const number = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : parseInteger(text);

/** gelf: Graylog's format over UDP (compressed, in chunks) or TCP. */
export const gelfDriver: ForwardingDriver = {
  verify,
  configure(options, container): ForwardConfig {
    const { config, record } = container;
    const tag = logTag(container);
    const fields: Record<string, string> = {
      _container_id: container.id,
      _container_name: container.name,
      _image_id: record.imageId,
      _image_name: config.Image,
      _command: commandOf(config),
      _tag: tag,
      _created: record.created,
    };
    for (const [name, value] of Object.entries(logAttributes(container)))
      if (name !== '') fields[name.startsWith('_') ? name : `_${name}`] = value;
    return {
      driver: 'gelf',
      ...parseAddress(options['gelf-address']),
      host: hostname(),
      extra: `,${goJson(fields).slice(1, -1)}`,
      compression: options['gelf-compression-type'] ?? 'gzip',
      level: number(options['gelf-compression-level'], 1),
      maxReconnect: number(options['gelf-tcp-max-reconnect'], defaultMaxReconnect),
      reconnectDelay: number(options['gelf-tcp-reconnect-delay'], defaultReconnectDelaySeconds),
    };
  },
};
