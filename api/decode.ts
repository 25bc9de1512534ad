import type { ApiDocument, RequestBody, Schema } from '../openapi/document.ts';
import { resolveSchema } from '../openapi/document.ts';
import { invalidArgument } from '../src/errors.ts';
import { syntaxErrorOf, valueLength } from './go-json.ts';

/**
 * Decodes a JSON body as dockerd's decoder does: keys match in any case, unknown fields are ignored, `null` means absent,
 * a wrong type is refused in Go's words. Not JSON Schema validation: what is missing or out of range is for the
 * handler to say.
 * @returns the value with documented keys, or undefined for `null`
 * @throws invalid-argument
 */
export function decodeBody(document: ApiDocument, body: RequestBody, source: string): unknown {
  if (source.trim() === '') throw invalidArgument('invalid JSON: got EOF while reading request body');
  let value: unknown;
  try {
    value = JSON.parse(source, keepNumber);
  } catch (error) {
    const length = valueLength(source);
    const rest = source.slice(length).trim();
    if (rest === '') throw invalidArgument(`invalid JSON: ${syntaxErrorOf(source)}`, error);
    // Go decodes the first value and says what is wrong with it before it looks at what follows.
    decodeBody(document, body, source.slice(0, length));
    throw invalidArgument('unexpected content after JSON', error);
  }
  const schema = Object.values(body.content)[0]?.schema ?? {};
  const goType = body['x-go-type'] ?? 'object';
  const struct = body['x-go-struct'] ?? goType.split('.').at(-1) ?? '';
  return new Decoder(document, goType, struct).decode(schema, value, '');
}

/** A number with its source text, for errors that show it and for integers past 2^53. */
class NumberText {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

function keepNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
}

class Decoder {
  readonly #document: ApiDocument;
  readonly #rootType: string;
  readonly #struct: string;

  constructor(document: ApiDocument, rootType: string, struct: string) {
    this.#document = document;
    this.#rootType = rootType;
    this.#struct = struct;
  }

  decode(given: Schema, value: unknown, path: string): unknown {
    if (value === null || value === undefined) return undefined;
    const schema = this.#effective(given);
    const goType = schema['x-go-type'];
    if (goType === 'strslice.StrSlice') return this.#stringSlice(value);
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, value, path);
      case 'array':
        return this.#array(schema, value, path);
      case 'string':
        return typeof value === 'string' ? value : this.#refuse(schema, value, path);
      case 'boolean':
        return typeof value === 'boolean' ? value : this.#refuse(schema, value, path);
      case 'integer':
        return this.#integer(schema, value, path);
      case 'number':
        return value instanceof NumberText ? Number(value.source) : this.#refuse(schema, value, path);
      default:
        return plain(value);
    }
  }

  /** The schema behind references and `oneOf [X, null]`, with all of `allOf` in one; a sibling of $ref wins. */
  #effective(given: Schema): Schema {
    let schema = given;
    if (schema.$ref !== undefined) {
      const { $ref: _, ...siblings } = schema;
      schema = { ...this.#effective(resolveSchema(this.#document, { $ref: schema.$ref })), ...siblings };
    }
    const other = schema.oneOf?.find((one) => one.type !== 'null');
    if (other) {
      const { oneOf: _, ...siblings } = schema;
      schema = { ...this.#effective(other), ...siblings };
    }
    if (schema.allOf) {
      const parts = schema.allOf.map((part) => this.#effective(part));
      const properties = Object.assign({}, ...parts.map((part) => part.properties), schema.properties);
      const { allOf: _, ...siblings } = schema;
      schema = { ...Object.assign({}, ...parts), ...siblings, properties };
    }
    return schema;
  }

  #object(schema: Schema, value: unknown, path: string): unknown {
    if (typeof value !== 'object' || Array.isArray(value) || value instanceof NumberText)
      return this.#refuse(schema, value, path);
    const result: Record<string, unknown> = {};
    const { properties, additionalProperties } = schema;
    if (!properties && typeof additionalProperties === 'object') {
      for (const [key, one] of Object.entries(value as object)) {
        const kept = this.decode(additionalProperties, one, `${path}.${pointer(key)}`);
        setOwn(result, key, kept ?? emptyOf(this.#effective(additionalProperties)));
      }
      return result;
    }
    if (!properties) return plain(value);
    const names = this.#names(properties);
    for (const [key, one] of Object.entries(value as object)) {
      const name = Object.hasOwn(properties, key) ? key : names.get(key.toLowerCase());
      if (name === undefined) continue;
      const kept = this.decode(properties[name] as Schema, one, `${path}.${name}`);
      if (kept !== undefined) result[name] = kept;
    }
    return result;
  }

  #names(properties: Readonly<Record<string, Schema>>): Map<string, string> {
    return new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
  }

  #array(schema: Schema, value: unknown, path: string): unknown {
    if (schema['x-go-type'] === '[]uint8' && typeof value === 'string') return value;
    if (!Array.isArray(value)) return this.#refuse(schema, value, path);
    const items = schema.items ?? {};
    return value.map((one, index) => this.decode(items, one, `${path}.${index}`) ?? emptyOf(this.#effective(items)));
  }

  #integer(schema: Schema, value: unknown, path: string): unknown {
    if (!(value instanceof NumberText)) return this.#refuse(schema, value, path);
    const [low, high] = ranges[schema.format ?? 'int64'] ?? (ranges.int64 as [bigint, bigint]);
    const whole = /^-?\d+$/.test(value.source) ? BigInt(value.source) : undefined;
    if (whole === undefined || whole < low || whole > high)
      throw this.#error(`number ${value.source}`, schema, path);
    return Number(whole);
  }

  /** Cmd, Entrypoint and their like: one string stands for a list of it. */
  #stringSlice(value: unknown): string[] {
    if (typeof value === 'string') return [value];
    const wrong = Array.isArray(value) ? value.find((one) => typeof one !== 'string' && one !== null) : value;
    if (!Array.isArray(value) || wrong !== undefined) {
      const what = Array.isArray(value) ? 'array' : kindOf(wrong);
      throw invalidArgument(`invalid JSON: json: cannot unmarshal ${what} into Go value of type string`);
    }
    return value.map((one) => (one as string | null) ?? '');
  }

  #refuse(schema: Schema, value: unknown, path: string): never {
    throw this.#error(kindOf(value), schema, path);
  }

  #error(what: string, schema: Schema, path: string): Error {
    const into =
      path === ''
        ? `Go value of type ${this.#rootType}`
        : `Go struct field ${this.#struct}${path} of type ${this.#goType(schema)}`;
    return invalidArgument(`invalid JSON: json: cannot unmarshal ${what} into ${into}`);
  }

  #goType(given: Schema): string {
    const schema = this.#effective(given);
    if (schema['x-go-type']) return schema['x-go-type'];
    switch (typeOf(schema)) {
      case 'boolean':
        return 'bool';
      case 'integer':
        return schema.format ?? 'int';
      case 'number':
        return 'float64';
      case 'array':
        return `[]${this.#goType(schema.items ?? {})}`;
      case 'object':
        return typeof schema.additionalProperties === 'object'
          ? `map[string]${this.#goType(schema.additionalProperties)}`
          : 'struct {}';
      default:
        return 'string';
    }
  }
}

const ranges: Record<string, [bigint, bigint]> = Object.fromEntries(
  [8, 16, 32, 64].flatMap((bits) => [
    [`int${bits}`, [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]],
    [`uint${bits}`, [0n, (1n << BigInt(bits)) - 1n]],
  ]),
);

function typeOf(schema: Schema): string | undefined {
  const { type } = schema;
  const one = typeof type === 'string' ? type : type?.find((name) => name !== 'null');
  return one ?? (schema.properties ? 'object' : undefined);
}

/** What a null inside a list or map decodes to: Go's zero value. */
function emptyOf(schema: Schema): unknown {
  const zero: Record<string, unknown> = { string: '', integer: 0, number: 0, boolean: false };
  return zero[typeOf(schema) ?? ''] ?? null;
}

/** A key from outside as an own property: `__proto__` is a name like any other. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function pointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function kindOf(value: unknown): string {
  if (value instanceof NumberText) return 'number';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}

/** A value without a schema, its numbers plain again. */
function plain(value: unknown): unknown {
  if (value instanceof NumberText) return Number(value.source);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const result: Record<string, unknown> = {};
  for (const [key, one] of Object.entries(value)) setOwn(result, key, plain(one));
  return result;
}
