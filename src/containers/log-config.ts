import { invalidArgument, unimplemented } from '../errors.ts';
import type { HostConfig } from '../runtime/config.ts';
import type { Container } from './container.ts';

/** `log` of shim.start, native/PROTOCOL.md 1.1. */
export interface ShimLog {
  driver: 'json-file' | 'none';
  path?: string;
  maxSizeBytes?: number;
  maxFiles?: number;
  compress?: boolean;
  attrs?: string;
}

const known = new Set([
  'max-file',
  'max-size',
  'compress',
  'labels',
  'labels-regex',
  'env',
  'env-regex',
  'tag',
  'mode',
  'max-buffer-size',
]);

/**
 * Checks a log configuration at create.
 * @throws invalid-argument with the reference's texts; unimplemented for other drivers and options without effect yet
 */
export function verifyLogConfig({ Type, Config }: HostConfig['LogConfig']): void {
  if (Type === 'none') return;
  if (Type !== 'json-file') throw unimplemented(`log driver ${Type} is not implemented yet`);
  for (const name of Object.keys(Config))
    if (!known.has(name)) throw invalidArgument(`unknown log opt '${name}' for json-file log driver`);
  for (const name of ['tag', 'labels-regex', 'env-regex', 'max-buffer-size'])
    if (Config[name]) throw unimplemented(`log opt '${name}' is not implemented yet`);
  if (Config['mode'] && Config['mode'] !== 'blocking')
    throw unimplemented(`log mode ${Config['mode']} is not implemented yet`);
}

/** What the shim is to do with the output. @throws invalid-argument for values that are no sizes or numbers */
export function shimLog({ config, hostConfig }: Container, path: string): ShimLog {
  const { Type, Config } = hostConfig.LogConfig;
  if (Type === 'none') return { driver: 'none' };
  const { 'max-size': size, 'max-file': files, compress } = Config;
  const attrs = logAttributes(config.Labels, config.Env ?? [], Config);
  return {
    driver: 'json-file',
    path,
    ...(size && { maxSizeBytes: parseSize(size) }),
    ...(files && { maxFiles: parseFiles(files) }),
    ...(compress && { compress: compress === 'true' }),
    ...(Object.keys(attrs).length > 0 && { attrs: JSON.stringify(attrs) }),
  };
}

/** Labels and environment named in the options, which each line carries. */
function logAttributes(
  labels: Record<string, string>,
  env: readonly string[],
  { labels: wantedLabels = '', env: wantedEnv = '' }: Record<string, string>,
): Record<string, string> {
  const attrs: Record<string, string> = {};
  for (const name of wantedLabels.split(',')) if (labels[name] !== undefined) attrs[name] = labels[name];
  for (const name of wantedEnv.split(',').filter(Boolean)) {
    const entry = env.find((text) => text.startsWith(`${name}=`));
    if (entry !== undefined) attrs[name] = entry.slice(name.length + 1);
  }
  return attrs;
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12, p: 1e15 };

/** `10m` is ten million bytes. */
function parseSize(text: string): number {
  const match = /^(\d+(?:\.\d+)?) ?([kmgtp]?)(?:i?b)?$/i.exec(text);
  const unit = units[match?.[2]?.toLowerCase() ?? ''];
  if (!match || unit === undefined) throw invalidArgument(`failed to create task for container: failed to initialize logging driver: invalid size: '${text}'`);
  return Math.floor(Number(match[1]) * unit);
}

function parseFiles(text: string): number {
  const files = Number(text);
  if (!Number.isInteger(files) || files < 1)
    throw invalidArgument('failed to create task for container: failed to initialize logging driver: max-file cannot be less than 1');
  return files;
}
