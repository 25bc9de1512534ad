/** Where an operation is served. */
export interface Place {
  readonly method: string;
  /** `/containers/{id}/json`. */
  readonly path: string;
}

/** What a path matched. */
export interface Match<T extends Place> {
  readonly route: T;
  readonly params: Record<string, string>;
}

/**
 * Finds the operation of a decoded path. Unlike in a description, a parameter here spans slashes (`library/alpine`) and may be
 * empty, as it does in Docker; fixed paths win over those with parameters, and of two of these the one with more
 * fixed text.
 */
export class RouteTable<T extends Place> {
  readonly #fixed = new Map<string, T>();
  /** By method and first segment, in the order to try them. */
  readonly #patterns = new Map<string, Pattern<T>[]>();

  constructor(routes: readonly T[]) {
    const byFixedText = [...routes].sort((a, b) => fixedText(b) - fixedText(a));
    for (const route of byFixedText) {
      if (!route.path.includes('{')) {
        this.#fixed.set(`${route.method} ${route.path}`, route);
        continue;
      }
      const key = `${route.method} ${firstSegment(route.path)}`;
      const patterns = this.#patterns.get(key) ?? [];
      this.#patterns.set(key, [...patterns, patternOf(route)]);
    }
  }

  /** @param method in lower case */
  find(method: string, path: string): Match<T> | undefined {
    const fixed = this.#fixed.get(`${method} ${path}`);
    if (fixed) return { route: fixed, params: {} };
    for (const { route, expression, names } of this.#patterns.get(`${method} ${firstSegment(path)}`) ?? []) {
      const found = expression.exec(path);
      if (found)
        return { route, params: Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? ''])) };
    }
    return undefined;
  }
}

interface Pattern<T> {
  route: T;
  expression: RegExp;
  names: string[];
}

function patternOf<T extends Place>(route: T): Pattern<T> {
  const names: string[] = [];
  const source = route.path
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith('{')) return part.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
      names.push(part.slice(1, -1));
      return '(.*)';
    })
    .join('');
  return { route, expression: new RegExp(`^${source}$`, 's'), names };
}

const fixedText = (route: Place): number => route.path.replace(/\{[^}]+\}/g, '').length;

const firstSegment = (path: string): string =>
  path.slice(1, (path.indexOf('/', 1) + 1 || path.length + 1) - 1);
