import { constants } from 'node:os';
import { EngineError, invalidArgument, messageOf, type ErrorKind } from '../../errors.ts';
import { ExecutorError } from '../../host/executor.ts';
import { ShimError } from '../../runtime/shim-client.ts';

/** Why a start failed, as the client and the container's state have it. */
export interface StartFailure {
  error: EngineError;
  exitCode: number;
}

const taskPrefix = 'failed to create task for container: failed to create shim task: ';
const ociPrefix = `${taskPrefix}OCI runtime create failed: `;
const initPrefix = 'unable to start container process: error during container init: ';

/** How a failure begins that the runtime finds before there is a process. */
export const createFailure: string = `${ociPrefix}runc create failed: `;

/** How a failure of init begins. */
export const initFailure: string = createFailure + initPrefix;

/** Steps whose messages stand alone: they happen before there is a runtime. */
const ownTexts = new Set(['user', 'group', 'ports', 'port', 'network', 'address', 'netns', 'rootfs.user']);

const missing = [
  'executable file not found',
  'no such file or directory',
  'system cannot find the file specified',
];

/**
 * Words a failed start as the reference does and derives the exit code from the words, as it does: 126 for what may not be
 * run, 127 for what is not there (both a client's mistake), 128 for the rest.
 */
export function startFailure(thrown: unknown): StartFailure {
  const native = thrown instanceof ExecutorError || thrown instanceof ShimError;
  if (!native) return { error: asEngineError(thrown), exitCode: 128 };
  const { message, stage, kind } = thrown;
  // What is missing or forbidden here is CRIU's trouble, never the client's command.
  if (stage === 'restore') {
    const text = `${taskPrefix}OCI runtime restore failed: ${message}`;
    return { error: new EngineError('internal', text, { cause: thrown }), exitCode: 128 };
  }
  if (stage === 'subpath') {
    const words = thrown.errno === constants.errno.ENOENT ? 'not-found' : 'invalid-argument';
    return { error: new EngineError(words, message, { cause: thrown }), exitCode: 128 };
  }
  // The kind of a fact of the image (no such user) is not that of the request.
  if (ownTexts.has(stage))
    return { error: new EngineError(internalKind(kind), message, { cause: thrown }), exitCode: 128 };
  if (kind === 'unavailable' || kind === 'cancelled')
    return { error: new EngineError(kind, message, { cause: thrown }), exitCode: 128 };
  const text = runcText(message, stage);
  const lower = text.toLowerCase();
  if (lower.includes('permission denied')) return { error: invalidArgument(text, thrown), exitCode: 126 };
  if (missing.some((words) => lower.includes(words)))
    return { error: invalidArgument(text, thrown), exitCode: 127 };
  if (lower.includes('not a directory')) {
    const hint = `${text}: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`;
    return { error: invalidArgument(hint, thrown), exitCode: 127 };
  }
  // That something is there already (EEXIST) is no conflict with another request.
  const words = kind === 'unimplemented' ? kind : 'internal';
  return { error: new EngineError(words, text, { cause: thrown }), exitCode: 128 };
}

function runcText(message: string, stage: string): string {
  if (message.startsWith('failed to create task')) return message;
  if (stage === 'log')
    return `failed to create task for container: failed to initialize logging driver: ${message}`;
  // What a spec cannot say is found before there is a process.
  if (stage === 'spec') return createFailure + message;
  if (/^exec: ".*": is a directory$/.test(message))
    return `${createFailure}${initPrefix}${message}: permission denied`;
  if (message.startsWith('OCI runtime')) return taskPrefix + message;
  if (stage === 'cgroup')
    return `${createFailure}${initPrefix}error setting cgroup config for procHooks process: ${message}`;
  // Another runtime's own words.
  if (stage === 'runtime' || message.startsWith('runc create failed')) return ociPrefix + message;
  return (
    createFailure + (message.startsWith('unable to start container process') ? '' : initPrefix) + message
  );
}

/** What the runtime meant as a client's mistake is none in Docker's eyes unless the text says so. */
function internalKind(kind: ErrorKind): ErrorKind {
  return kind === 'conflict' || kind === 'unimplemented' ? kind : 'internal';
}

/** What was thrown, as an error with a kind. */
export function asEngineError(thrown: unknown): EngineError {
  return thrown instanceof EngineError
    ? thrown
    : new EngineError('internal', messageOf(thrown), { cause: thrown });
}

/**
 * True when the arguments and environment are more than the kernel takes. The reference notices after it has called the
 * start a success: the container ends at once with 255.
 */
export function isStillborn(thrown: unknown): boolean {
  return thrown instanceof ShimError && thrown.errno === constants.errno.E2BIG;
}
