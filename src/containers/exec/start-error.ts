import { EngineError, messageOf } from '../../errors.ts';

/** Exit code a shell would report for a program that could not be started, told from the runtime's text. */
export function startFailure(error: unknown): { exitCode: number; error: EngineError } {
  const message = messageOf(error);
  const text = message.toLowerCase();
  if (/executable file not found|no such file or directory/.test(text))
    return { exitCode: 127, error: new EngineError('invalid-argument', message, { cause: error }) };
  if (/permission denied|is a directory|not a directory/.test(text))
    return { exitCode: 126, error: new EngineError('invalid-argument', message, { cause: error }) };
  const kind = error instanceof EngineError ? error.kind : 'internal';
  return { exitCode: 126, error: new EngineError(kind, message, { cause: error }) };
}
