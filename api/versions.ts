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
