/**
 * The engine's one error vocabulary. Services throw by kind; only `api/errors.ts` maps kinds to HTTP.
 */
export type ErrorKind =
  | 'invalid-argument'
  | 'unauthenticated'
  | 'permission-denied'
  | 'not-found'
  | 'conflict'
  | 'not-modified'
  | 'unimplemented'
  | 'unavailable'
  | 'cancelled'
  | 'data-loss'
  | 'internal';

/** An error the engine understands. `message` is what the client sees; `cause` keeps the first error. */
export class EngineError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'EngineError';
    this.kind = kind;
  }
}

const maker =
  (kind: ErrorKind) =>
  (message: string, cause?: unknown): EngineError =>
    new EngineError(kind, message, cause === undefined ? undefined : { cause });

export const invalidArgument = maker('invalid-argument');
export const unauthenticated = maker('unauthenticated');
export const permissionDenied = maker('permission-denied');
export const notFound = maker('not-found');
export const conflict = maker('conflict');
export const notModified = maker('not-modified');
export const unimplemented = maker('unimplemented');
export const unavailable = maker('unavailable');
export const cancelled = maker('cancelled');
export const dataLoss = maker('data-loss');
export const internal = maker('internal');

/** True when `error` is an EngineError of the given kind. */
export function isKind(error: unknown, kind: ErrorKind): error is EngineError {
  return error instanceof EngineError && error.kind === kind;
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
