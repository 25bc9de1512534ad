import { EngineError, messageOf } from '../../errors.ts';
import { ExecutorError } from '../../host/executor.ts';
import { ShimError } from '../../runtime/shim-client.ts';

function isNative(error: unknown): error is ExecutorError | ShimError {
  return error instanceof ExecutorError || error instanceof ShimError;
}

/** Exit code and error of a program that could not be started, told from the runtime's text as the reference does. */
export function startFailure(error: unknown): { exitCode: number; error: EngineError } {
  // What a process object cannot say is found before there is a process, and not yet in the runtime's words.
  const early = error instanceof ExecutorError && error.stage === 'spec';
  const message = early ? `OCI runtime exec failed: exec failed: ${error.message}` : messageOf(error);
  const text = message.toLowerCase();
  if (early) return { exitCode: 128, error: new EngineError('internal', message, { cause: error }) };
  const failure = (exitCode: number): { exitCode: number; error: EngineError } => ({
    exitCode,
    error: new EngineError('invalid-argument', message, { cause: error }),
  });
  if (/permission denied|is a directory/.test(text)) return failure(126);
  if (/executable file not found|no such file or directory/.test(text)) return failure(127);
  if (text.includes('not a directory')) return failure(127);
  // It was paused, or ended, on the way.
  if (isNative(error) && error.stage === 'state')
    return { exitCode: 128, error: new EngineError('conflict', message, { cause: error }) };
  const kind = error instanceof EngineError ? error.kind : 'internal';
  return { exitCode: 128, error: new EngineError(kind, message, { cause: error }) };
}
