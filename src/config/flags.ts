import { messageOf } from '../errors.ts';
import { commands, options, type Option, type Value } from './options.ts';
import { parseBoolean, parseWhole, split } from './values.ts';

/** A command line that is refused, in the words of dockerd's flag parser. */
export class UsageError extends Error {}

/** What the command line said. */
export interface Flags {
  /** By flag name; only what was given. */
  readonly values: ReadonlyMap<string, Value>;
  readonly commands: ReadonlySet<string>;
}

/**
 * Reads the command line: `--flag value`, `--flag=value`, `-f value`, `-fvalue`, several short ones together; a list flag adds up.
 * @throws UsageError
 */
export function parseFlags(argv: readonly string[]): Flags {
  const reader = new Reader(argv);
  for (let argument = reader.next(); argument !== undefined; argument = reader.next()) {
    if (argument === '--') {
      if (reader.next() !== undefined) throw new UsageError('"berthd" accepts no arguments.');
    } else if (argument.startsWith('--')) reader.long(argument.slice(2));
    else if (argument.startsWith('-') && argument.length > 1) reader.short(argument);
    else throw new UsageError('"berthd" accepts no arguments.');
  }
  return { values: reader.values, commands: reader.commands };
}

class Reader {
  readonly values = new Map<string, Value>();
  readonly commands = new Set<string>();
  readonly #rest: string[];

  constructor(argv: readonly string[]) {
    this.#rest = [...argv];
  }

  next(): string | undefined {
    return this.#rest.shift();
  }

  long(argument: string): void {
    const [name, value] = split(argument);
    if (commands.some(({ flag }) => flag === name)) return void this.commands.add(name);
    const option = options.find(({ flag }) => flag === name);
    if (!option) throw new UsageError(`unknown flag: --${name}`);
    if (value !== undefined) return this.#set(option, value);
    if (option.kind === 'boolean') return this.#set(option, 'true');
    const next = this.next();
    if (next === undefined) throw new UsageError(`flag needs an argument: --${name}`);
    this.#set(option, next);
  }

  /** `-D`, `-H value`, `-Hvalue`, `-H=value`, `-Dl debug`. */
  short(argument: string): void {
    for (let at = 1; at < argument.length; at++) {
      const letter = argument[at] as string;
      const command = commands.find(({ short }) => short === letter);
      if (command) {
        this.commands.add(command.flag);
        continue;
      }
      const option = options.find(({ short }) => short === letter);
      if (!option) throw new UsageError(`unknown shorthand flag: '${letter}' in ${argument}`);
      const rest = argument.slice(at + 1);
      if (rest.startsWith('=')) return this.#set(option, rest.slice(1));
      if (option.kind === 'boolean') {
        this.#set(option, 'true');
        continue;
      }
      const value = rest === '' ? this.next() : rest;
      if (value === undefined) throw new UsageError(`flag needs an argument: '${letter}' in ${argument}`);
      return this.#set(option, value);
    }
  }

  #set(option: Option, text: string): void {
    try {
      option.check?.(text);
      this.values.set(option.flag, added(option, this.values.get(option.flag), text));
    } catch (error) {
      const name = option.short ? `-${option.short}, --${option.flag}` : `--${option.flag}`;
      throw new UsageError(
        `invalid argument ${JSON.stringify(text)} for ${JSON.stringify(name)} flag: ${messageOf(error)}`,
      );
    }
  }
}

function added(option: Option, before: Value | undefined, text: string): Value {
  switch (option.kind) {
    case 'boolean':
      return parseBoolean(text);
    case 'integer':
      return parseWhole(text);
    case 'text':
      return text;
    case 'list':
      return [...((before as string[] | undefined) ?? []), ...listed(option, text)];
    case 'map': {
      const [key, value = ''] = split(text);
      const known = (before as Record<string, string> | undefined) ?? {};
      if (option.flag === 'add-runtime' && known[key] !== undefined)
        throw new Error(`runtime '${key}' was already defined`);
      return { ...known, [key]: value };
    }
  }
}

/** Some lists may be given in one, with commas. */
function listed(option: Option, text: string): string[] {
  return option.flag === 'dns' || option.flag === 'host-gateway-ip' ? text.split(',') : [text];
}
