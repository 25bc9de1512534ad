import { invalidArgument } from '../../errors.ts';
import type { Healthcheck } from '../../runtime/config.ts';
import type { CreateBody } from '../service.ts';
import { parseSignal } from '../signals.ts';

const nanosPerMs = 1_000_000;

/**
 * Checks what create's body says of the process. The first thing wrong is reported.
 * @throws invalid-argument with the reference's texts
 */
export function verifyConfig(body: CreateBody): void {
  if (body.WorkingDir && !body.WorkingDir.startsWith('/'))
    throw invalidArgument(
      `the working directory '${body.WorkingDir}' is invalid, it needs to be an absolute path`,
    );
  if (body.StopSignal) parseSignal(body.StopSignal);
  for (const entry of body.Env ?? [])
    if (entry === '' || entry.startsWith('='))
      throw invalidArgument(`invalid environment variable: ${entry}`);
  if (body.Healthcheck) verifyHealthcheck(body.Healthcheck as Healthcheck);
}

function verifyHealthcheck(check: Healthcheck): void {
  const durations = ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const;
  for (const name of durations) {
    const value = check[name] ?? 0;
    if (value !== 0 && value < nanosPerMs)
      throw invalidArgument(`${name} in Healthcheck cannot be less than 1ms`);
    if (name === 'Timeout' && (check.Retries ?? 0) < 0)
      throw invalidArgument('Retries in Healthcheck cannot be negative');
  }
}
