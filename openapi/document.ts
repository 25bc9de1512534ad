/** The parts of an OpenAPI 3.1 description that this project's own code reads. */

/** A JSON schema as it occurs in `openapi/`, with the extensions explained in the README. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  /** `int64`, `uint16`, ... for integers (none means Go's `int`); `date-time`, `binary` for strings. */
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  /** The Go type that dockerd names in its errors, where it does not follow from type and format. */
  readonly 'x-go-type'?: string;
}

export type SchemaType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';

/** A query, header or path parameter. */
export interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

/** A request body. `x-go-type` is the Go type of the whole, `x-go-struct` what dockerd prints before `.Field`. */
export interface RequestBody {
  readonly required?: boolean;
  readonly description?: string;
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
  readonly 'x-go-type'?: string;
  readonly 'x-go-struct'?: string;
}

/** An answer by status code: a reference to `components.responses`, or described in place. */
export interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly headers?: Readonly<Record<string, { readonly description?: string; readonly schema: Schema }>>;
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses: Readonly<Record<string, Response>>;
  /** true: not in Docker's published description, though Docker's engine serves it. */
  readonly 'x-berth-extra'?: boolean;
}

export const METHODS = ['get', 'head', 'post', 'put', 'delete', 'options'] as const;
export type Method = (typeof METHODS)[number];

/** Parameters here hold for all methods of the path. */
export type PathItem = { readonly [M in Method]?: Operation } & {
  readonly parameters?: readonly Parameter[];
};

export interface ApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Response>>;
    readonly schemas: Readonly<Record<string, Schema>>;
  };
  /** SHA-256 of the sources this was bundled from. */
  readonly 'x-source-hash': string;
}

/** One operation with where it is served; `parameters` holds those of the path and its own. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
  readonly parameters: readonly Parameter[];
}

/** Every operation of the document, in its order. */
export function routesOf(document: ApiDocument): Route[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item[method];
      if (!operation) return [];
      return [
        {
          method,
          path,
          operation,
          parameters: [...(item.parameters ?? []), ...(operation.parameters ?? [])],
        },
      ];
    }),
  );
}

/** What a `#/components/schemas/Name` reference stands for; a schema without reference is returned as it is. */
export function resolveSchema(document: ApiDocument, schema: Schema): Schema {
  let resolved = schema;
  while (resolved.$ref !== undefined) {
    const target = document.components.schemas[resolved.$ref.slice('#/components/schemas/'.length)];
    if (!target) throw new Error(`${resolved.$ref} leads nowhere`);
    resolved = target;
  }
  return resolved;
}
