import { EngineError, messageOf, type ErrorKind } from '../src/errors.ts';

/** The one map from kinds to HTTP. */
const statuses: Readonly<Record<ErrorKind, number>> = {
  'invalid-argument': 400,
  unauthenticated: 401,
  'permission-denied': 403,
  'not-found': 404,
  conflict: 409,
  'not-modified': 304,
  unimplemented: 501,
  unavailable: 503,
  cancelled: 500,
  'data-loss': 500,
  internal: 500,
};

/** An error as it is answered. */
export interface ErrorAnswer {
  readonly status: number;
  readonly message: string;
}

/**
 * How an error is answered. What is no EngineError is a fault of ours: 500 with its text, as dockerd does. Docker answers a few
 * client mistakes as 500; a handler says so by throwing `internal`.
 */
export function answerOf(error: unknown): ErrorAnswer {
  if (error instanceof EngineError) return { status: statuses[error.kind], message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { status: 500, message: 'context canceled' };
  return { status: 500, message: messageOf(error) || 'internal error' };
}

/** True for faults of the server, which belong in the log as errors. */
export function isServerFault(error: unknown): boolean {
  if (error instanceof EngineError) return error.kind === 'internal' || error.kind === 'data-loss';
  return !(error instanceof Error && error.name === 'AbortError');
}
