/** A version of the Engine API, `1.minor`. */
export interface ApiVersion {
  readonly minor: number;
  /** `1.51`. */
  readonly text: string;
  /** `version.atLeast(42)`: 1.42 or newer. */
  atLeast(minor: number): boolean;
}

/** The newest version spoken; what requests without a version get. */
export const newest = apiVersion(51);
/** The oldest version spoken. */
export const oldest = apiVersion(24);

/** The version `1.minor`. */
export function apiVersion(minor: number): ApiVersion {
  return { minor, text: `1.${minor}`, atLeast: (other) => minor >= other };
}

/** What a version in a path asks for: one that is spoken, or why not. */
export type Asked =
  { readonly ok: ApiVersion } | { readonly refused: 'too old' | 'too new'; readonly message: string };

/**
 * Reads the version of a path, digits and dots without the `v`. Parts compare as numbers, so `01.51` and `1.051` are 1.51;
 * anything beyond 1.51, `1.51.1` too, is too new.
 */
export function askedVersion(text: string): Asked {
  return spoken.get(text) ?? readVersion(text);
}

/** The versions spoken, by their ordinary form. */
const spoken: ReadonlyMap<string, Asked> = new Map(
  Array.from({ length: newest.minor - oldest.minor + 1 }, (_, index) => {
    const version = apiVersion(oldest.minor + index);
    return [version.text, { ok: version }];
  }),
);

function readVersion(text: string): Asked {
  const parts = text.split('.').map(Number);
  if (compare(parts, [1, oldest.minor]) < 0) {
    const message = `client version ${text} is too old. Minimum supported API version is ${oldest.text}, please upgrade your client to a newer version`;
    return { refused: 'too old', message };
  }
  if (compare(parts, [1, newest.minor]) > 0) {
    return {
      refused: 'too new',
      message: `client version ${text} is too new. Maximum supported API version is ${newest.text}`,
    };
  }
  return { ok: apiVersion(parts[1] ?? 0) };
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let part = 0; part < Math.max(left.length, right.length); part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
