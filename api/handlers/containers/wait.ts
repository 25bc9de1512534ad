import { invalidArgument } from '../../../src/errors.ts';
import { waitForContainer, type WaitCondition, type WaitResult } from '../../../src/containers/wait.ts';
import { json, stream, type Handler } from '../../handler.ts';

const conditions: readonly string[] = ['not-running', 'next-exit', 'removed'] satisfies WaitCondition[];

/**
 * Waits for an end and answers with the exit code. The head leaves at once, so that a client knows it may start the
 * container; before 1.30 it left with the body, and there were no conditions. 400 condition, 404 no such container.
 */
export const containerWait: Handler<'ContainerWait'> = async ({ engine, params, query, version, signal }) => {
  const chosen = (version.atLeast(30) && query.condition) || 'not-running';
  if (!conditions.includes(chosen)) throw invalidArgument(`invalid condition: ${JSON.stringify(chosen)}`);
  const end = waitForContainer(engine.containers.get(params.id), chosen as WaitCondition, signal);
  if (!version.atLeast(30)) return json(wire(await end));
  // Nobody may be listening yet when the client leaves.
  end.catch(() => {});
  return stream('application/json', async (out) => out.write(`${JSON.stringify(wire(await end))}\n`));
};

function wire({ exitCode, error }: WaitResult): object {
  return error === '' ? { StatusCode: exitCode } : { Error: { Message: error }, StatusCode: exitCode };
}
