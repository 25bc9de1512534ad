import { isIP } from 'node:net';

/** Values of options: how their texts are read. The errors are those dockerd's flags give. */

/** Throws unless `text` is a boolean as Go reads it. */
export function booleanText(text: string): void {
  parseBoolean(text);
}

export function parseBoolean(text: string): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function parseWhole(text: string): number {
  if (!/^[+-]?\d+$/.test(text))
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

/** `key=value`, as labels are. */
export function label(text: string): void {
  if (!text.includes('=')) throw new Error(`bad attribute format: ${text}`);
}

/** `key=value`, as options of drivers are. */
export function pair(text: string): void {
  if (!text.includes('=')) throw new Error(`invalid argument, expected key=value: ${text}`);
}

/** `name=path` of a runtime. */
export function runtime(text: string): void {
  const [name = '', path] = split(text);
  if (name === '' || !path) throw new Error(`invalid runtime argument: ${text}`);
  if (name === 'berth') throw new Error(`runtime name 'berth' is reserved`);
}

export function ip(text: string): void {
  if (isIP(text) === 0) throw new Error(`invalid string being converted to IP address: ${text}`);
}

/** An address with its prefix length. */
export function address(text: string): void {
  const [host = '', length = ''] = text.split('/');
  const family = isIP(host);
  const bits = family === 4 ? 32 : 128;
  if (text !== '' && (family === 0 || !/^\d{1,3}$/.test(length) || Number(length) > bits))
    throw new Error(`invalid CIDR address: ${text}`);
}

export function mirror(text: string): void {
  const scheme = /^([a-z]+):\/\//.exec(text)?.[1];
  if (!scheme)
    throw new Error(
      `invalid mirror: no scheme specified for ${JSON.stringify(text)}: must use either 'https://' or 'http://'`,
    );
  if (scheme !== 'http' && scheme !== 'https')
    throw new Error(
      `invalid mirror: unsupported scheme ${JSON.stringify(scheme)} in ${JSON.stringify(text)}: must use either 'https://' or 'http://'`,
    );
}

/** `name=soft[:hard]`. */
export function ulimit(text: string): void {
  parseUlimit(text);
}

/** Names of limits the kernel has, as dockerd knows them. */
const ulimitNames = new Set(
  'core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack'.split(
    ' ',
  ),
);

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** `nofile=1024:2048`; one number stands for both, -1 for no limit. */
export function parseUlimit(text: string): Ulimit {
  const [name = '', limits] = split(text);
  if (limits === undefined) throw new Error(`invalid ulimit argument: ${text}`);
  if (!ulimitNames.has(name)) throw new Error(`invalid ulimit type: ${name}`);
  const [softText = '', hardText] = limits.split(':');
  const soft = parseWhole(softText);
  const hard = hardText === undefined ? soft : parseWhole(hardText);
  if (hard !== -1 && (soft === -1 || soft > hard))
    throw new Error(`ulimit soft limit must be less than or equal to hard limit: ${soft} > ${hard}`);
  return { name, soft, hard };
}

/** A number of bytes with an optional unit. */
export function size(text: string): void {
  parseSize(text);
}

/** `64m`, `64MiB`, `1.5g`: binary units, as Docker reads memory sizes. */
export function parseSize(text: string): number {
  const found = /^(\d+(?:\.\d+)?) ?([kmgtp])?(?:i?b)?$/i.exec(text) ?? /^(\d+)b?$/i.exec(text);
  if (!found) throw new Error(`invalid size: '${text}'`);
  const power = ' kmgtp'.indexOf((found[2] ?? ' ').toLowerCase());
  return Math.floor(Number(found[1]) * 1024 ** power);
}

export interface AddressPool {
  readonly base: string;
  readonly size: number;
}

/** `base=10.10.0.0/16,size=24`. */
export function addressPool(text: string): void {
  parseAddressPool(text);
}

export function parseAddressPool(text: string): AddressPool {
  const fields: Record<string, string> = {};
  for (const field of text.split(',')) {
    const [key = '', value] = split(field);
    if (value === undefined) throw new Error(`invalid field '${field}' must be a key=value pair`);
    if (key !== 'base' && key !== 'size') throw new Error(`unexpected key '${key}' in '${field}'`);
    fields[key] = value;
  }
  address(fields['base'] ?? '-');
  return { base: fields['base'] ?? '', size: parseWhole(fields['size'] ?? '') };
}

/** Where to listen: throws for what is no address, otherwise see `parseHost`. */
export function host(text: string): void {
  parseHost(text);
}

/**
 * An address of `-H` in full: `unix:///path`, `tcp://ip:port`, `fd://name`. A bare `host:port` is TCP; ports and hosts left out are
 * dockerd's.
 */
export function parseHost(text: string, defaults = { socket: '/run/berth/docker.sock', port: 2375 }): string {
  const wrong = (why: string): Error => new Error(`invalid bind address (${text}): ${why}`);
  const given = text.trim();
  if (given === '') return `unix://${defaults.socket}`;
  const scheme = /^([a-z0-9+]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  const rest = scheme === undefined ? given : given.slice(given.indexOf('://') + 3);
  if (scheme === 'unix') return `unix://${rest === '' ? defaults.socket : rest}`;
  if (scheme === 'fd') return `fd://${rest}`;
  if (scheme !== undefined && scheme !== 'tcp') throw wrong(`unsupported proto '${scheme}'`);
  if (rest.includes('/')) throw wrong('should not contain a path element');
  const found = /^(\[[0-9a-f:.%]+\]|[^:[\]]*)(?::(.*))?$/i.exec(rest);
  if (!found) throw wrong('invalid host');
  const port = found[2] ?? String(defaults.port);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535)
    throw wrong(`parse ${JSON.stringify(given)}: invalid port ${JSON.stringify(`:${port}`)} after host`);
  return `tcp://${found[1] || '127.0.0.1'}:${port}`;
}

/** Cuts at the first `=`. */
export function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
