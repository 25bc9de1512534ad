import type { Parameter } from '../openapi/document.ts';
import { internal } from '../src/errors.ts';

/** Makes the `query` of one operation's requests; values are decoded when they are asked for. */
export type QueryReader = (search: URLSearchParams) => object;

/**
 * A reader for the query parameters of an operation. Reading a number that is none throws what dockerd answers then (500), at the
 * point where the handler asks for it, so that errors come in the order of the handler's checks.
 */
export function queryReader(parameters: readonly Parameter[]): QueryReader {
  class Query {
    readonly #search: URLSearchParams;
    constructor(search: URLSearchParams) {
      this.#search = search;
    }
    static get(query: Query, parameter: Parameter): unknown {
      return decoded(query.#search, parameter);
    }
  }
  for (const parameter of parameters) {
    if (parameter.in !== 'query') continue;
    Object.defineProperty(Query.prototype, parameter.name, {
      enumerable: true,
      get(this: Query) {
        return Query.get(this, parameter);
      },
    });
  }
  return (search) => new Query(search);
}

function decoded(search: URLSearchParams, { name, schema }: Parameter): unknown {
  if (schema.type === 'array') return search.has(name) ? search.getAll(name) : undefined;
  const text = search.get(name);
  if (text === null) return undefined;
  if (schema.type === 'boolean') return parseBoolean(text);
  return schema.type === 'integer' ? parseInteger(text) : text;
}

/** A boolean as Docker reads it: everything but an empty text, `0`, `no`, `false`, `none`. */
export function parseBoolean(text: string): boolean {
  return !['', '0', 'no', 'false', 'none'].includes(text.trim().toLowerCase());
}

/** A number; undefined when the text is empty. Throws internal with Go's words. */
export function parseInteger(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text))
    throw internal(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = Number(text);
  if (Math.abs(value) > 2 ** 63)
    throw internal(`strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range`);
  return value;
}
