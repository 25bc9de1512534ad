import type { ApiDocument, RequestBody, Schema } from '../openapi/document.ts';
import { resolveSchema } from '../openapi/document.ts';
import { invalidArgument } from '../src/errors.ts';
import { isTooDeep, syntaxErrorOf, valueLength } from './go-json.ts';

/**
 * Decodes a JSON body as dockerd's decoder does: keys match in any case, unknown fields are ignored, `null` means absent,
 * a wrong type is refused in Go's words. Not JSON Schema validation: what is missing or out of range is for the
 * handler to say.
 * @returns the value with documented keys, or undefined for `null`
 * @throws invalid-argument
 */
export function decodeBody(document: ApiDocument, body: RequestBody, source: string): unknown {
  if (source.trim() === '') throw invalidArgument('invalid JSON: got EOF while reading request body');
  const value = parsed(document, body, source);
  const schema = Object.values(body.content)[0]?.schema ?? {};
  const goType = body['x-go-type'] ?? 'object';
  const struct = body['x-go-struct'] ?? goType.split('.').at(-1) ?? '';
  return new Decoder(document, goType, struct, source).decode(schema, value, '');
}

function parsed(document: ApiDocument, body: RequestBody, source: string): unknown {
  if (isTooDeep(source)) throw invalidArgument('invalid JSON: exceeded max depth');
  try {
    return JSON.parse(source);
  } catch (error) {
    const length = valueLength(source);
    const rest = source.slice(length).trim();
    if (rest === '') throw invalidArgument(`invalid JSON: ${syntaxErrorOf(source)}`, error);
    // Go decodes the first value and says what is wrong with it before it looks at what follows.
    decodeBody(document, body, source.slice(0, length));
    throw invalidArgument('unexpected content after JSON', error);
  }
}

/**
 * The text of the number `value` in the source, for errors that show it: what JSON.parse gives has lost `1.0`, and digits
 * past 2^53. Should several numbers read alike, the first one's text is as good.
 */
function numberText(source: string, value: number): string {
  let text: string | undefined;
  try {
    JSON.parse(source, (_key, one: unknown, context?: { source?: string }) => {
      if (one === value) text ??= context?.source;
      return one;
    });
  } catch {
    // Nested too deeply for this form of JSON.parse, which is recursive.
  }
  return text ?? String(value);
}

/** Schemas with what they refer to put in, and the names of their properties: worked out once each. */
const effectiveSchemas = new WeakMap<Schema, Schema>();
const lowerCaseNames = new WeakMap<object, ReadonlyMap<string, string>>();

class Decoder {
  readonly #document: ApiDocument;
  readonly #rootType: string;
  readonly #struct: string;
  readonly #source: string;

  constructor(document: ApiDocument, rootType: string, struct: string, source: string) {
    this.#source = source;
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
        return typeof value === 'number' ? value : this.#refuse(schema, value, path);
      default:
        return value;
    }
  }

  /** The schema behind references and `oneOf [X, null]`, with all of `allOf` in one; a sibling of $ref wins. */
  #effective(given: Schema): Schema {
    let schema = effectiveSchemas.get(given);
    if (!schema) effectiveSchemas.set(given, (schema = this.#resolve(given)));
    return schema;
  }

  #resolve(given: Schema): Schema {
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
    if (typeof value !== 'object' || Array.isArray(value)) return this.#refuse(schema, value, path);
    const result: Record<string, unknown> = {};
    const { properties, additionalProperties } = schema;
    if (!properties && typeof additionalProperties === 'object') {
      for (const [key, one] of Object.entries(value as object)) {
        const kept = this.decode(additionalProperties, one, `${path}.${pointer(key)}`);
        setOwn(result, key, kept ?? emptyOf(this.#effective(additionalProperties)));
      }
      return result;
    }
    if (!properties) return value;
    const names = this.#names(properties);
    for (const [key, one] of Object.entries(value as object)) {
      const name = Object.hasOwn(properties, key) ? key : names.get(key.toLowerCase());
      if (name === undefined) continue;
      const kept = this.decode(properties[name] as Schema, one, `${path}.${name}`);
      if (kept !== undefined) result[name] = kept;
    }
    return result;
  }

  #names(properties: Readonly<Record<string, Schema>>): ReadonlyMap<string, string> {
    let names = lowerCaseNames.get(properties);
    if (!names) {
      names = new Map(Object.keys(properties).map((name) => [name.toLowerCase(), name]));
      lowerCaseNames.set(properties, names);
    }
    return names;
  }

  #array(schema: Schema, value: unknown, path: string): unknown {
    if (schema['x-go-type'] === '[]uint8' && typeof value === 'string') return value;
    if (!Array.isArray(value)) return this.#refuse(schema, value, path);
    const items = schema.items ?? {};
    return value.map(
      (one, index) => this.decode(items, one, `${path}.${index}`) ?? emptyOf(this.#effective(items)),
    );
  }

  #integer(schema: Schema, value: unknown, path: string): unknown {
    if (typeof value !== 'number') return this.#refuse(schema, value, path);
    const [low, high] = ranges[schema['x-go-type'] ?? schema.format ?? 'int64'] ?? (ranges.int64 as [bigint, bigint]);
    if (Number.isSafeInteger(value) && value >= low && value <= high) return value;
    const text = numberText(this.#source, value);
    const whole = /^-?\d+$/.test(text) ? BigInt(text) : undefined;
    if (whole === undefined || whole < low || whole > high) throw this.#error(`number ${text}`, schema, path);
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
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value;
}
