import { readFileSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { options, type Option, type Value } from './options.ts';

/** The configuration file as read: values by flag name, as a command line would have given them. */
export interface FileValues {
  readonly values: ReadonlyMap<string, Value>;
  /** Arguments of runtimes by name; the command line has no way to say them. */
  readonly runtimeArgs: Readonly<Record<string, readonly string[]>>;
}

/**
 * Reads daemon.json. A missing file is empty unless it was asked for.
 * @throws Error in dockerd's words: not readable, not JSON, unknown keys (exact case), wrong types
 */
export function readConfigFile(path: string, required: boolean): FileValues {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !required) return { values: new Map(), runtimeArgs: {} };
    throw new Error(`open ${path}: ${code === 'ENOENT' ? 'no such file or directory' : messageOf(error)}`, {
      cause: error,
    });
  }
  return source.trim() === '' ? { values: new Map(), runtimeArgs: {} } : parseConfigFile(source);
}

/** The text of daemon.json to values; see `readConfigFile`. */
export function parseConfigFile(source: string): FileValues {
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    throw new Error(`invalid JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isObject(parsed))
    throw new Error(
      `invalid JSON: json: cannot unmarshal ${typeName(parsed)} into Go value of type map[string]interface {}`,
    );
  const unknown = Object.keys(parsed).filter((key) => !options.some((option) => option.key === key));
  if (unknown.length > 0)
    throw new Error(
      `the following directives don't match any configuration option: ${unknown.sort().join(', ')}`,
    );
  const values = new Map<string, Value>();
  const runtimeArgs: Record<string, readonly string[]> = {};
  for (const option of options) {
    const given = option.key === undefined ? undefined : parsed[option.key];
    if (given === undefined || given === null) continue;
    values.set(option.flag, valueOf(option, given, runtimeArgs));
  }
  return { values, runtimeArgs };
}

function valueOf(option: Option, given: unknown, runtimeArgs: Record<string, readonly string[]>): Value {
  const wrong = (type: string): Error =>
    new Error(
      `invalid JSON: json: cannot unmarshal ${typeName(given)} into Go struct field Config.${option.key} of type ${type}`,
    );
  switch (option.kind) {
    case 'boolean':
      if (typeof given !== 'boolean') throw wrong('bool');
      return given;
    case 'integer':
      if (typeof given !== 'number') throw wrong('int');
      return given;
    case 'text':
      if (option.flag === 'default-shm-size' && typeof given === 'number')
        return checked(option, String(given));
      if (typeof given !== 'string') throw wrong('string');
      return checked(option, given);
    case 'list':
      if (!Array.isArray(given)) throw wrong('[]string');
      return given.map((one: unknown) => checked(option, listEntry(one, wrong)));
    case 'map':
      if (!isObject(given)) throw wrong('map[string]string');
      return Object.fromEntries(
        Object.entries(given).map(([key, one]) => {
          const value = mapEntry(key, one, runtimeArgs);
          checked(option, `${key}=${value}`);
          return [key, value];
        }),
      );
  }
}

function checked(option: Option, text: string): string {
  if (text !== '') option.check?.(text);
  return text;
}

/** Address pools are objects in the file. */
function listEntry(given: unknown, wrong: (type: string) => Error): string {
  if (typeof given === 'string') return given;
  if (isObject(given) && typeof given['base'] === 'string')
    return `base=${given['base']},size=${String(given['size'])}`;
  throw wrong('string');
}

/** Runtimes and ulimits are objects in the file. */
function mapEntry(key: string, given: unknown, runtimeArgs: Record<string, readonly string[]>): string {
  if (!isObject(given)) return String(given);
  if (typeof given['path'] === 'string') {
    if (Array.isArray(given['runtimeArgs'])) runtimeArgs[key] = given['runtimeArgs'].map(String);
    return given['path'];
  }
  if (given['Soft'] !== undefined || given['Hard'] !== undefined) {
    const hard = Number(given['Hard'] ?? given['Soft']);
    return `${Number(given['Soft'] ?? hard)}:${hard}`;
  }
  throw new Error(`invalid value for ${key}: ${JSON.stringify(given)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
