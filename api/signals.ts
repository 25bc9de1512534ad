import type { Config } from '../src/config/config.ts';
import { applyReload } from '../src/config/reload.ts';
import type { Engine } from '../src/engine.ts';
import { messageOf } from '../src/errors.ts';
import { logger, setLogLevel } from '../src/log.ts';

const log = logger('daemon');

/**
 * SIGHUP reads the configuration anew, and says so in an event; one that comes before the engine is ready waits for it.
 * A configuration that is refused changes nothing.
 */
export function reloadOnHangup(engine: Promise<Engine>, reload: () => Config): void {
  process.on('SIGHUP', () => {
    engine.then((ready) => reloadInto(ready, reload)).catch(() => undefined);
  });
}

function reloadInto({ config, events, system }: Engine, reload: () => Config): void {
  try {
    const changed = applyReload(config, reload());
    setLogLevel(config.logLevel);
    log.info('configuration reloaded', { changed });
    events.publish('daemon', 'reload', system.id, { name: system.host.hostname, changed: changed.join(',') });
  } catch (error) {
    log.error('configuration not reloaded', { error: messageOf(error) });
  }
}

/**
 * SIGTERM and SIGINT call `close` once and end the process: with 0, or with 1 if it fails, takes longer than `limitMs` or a third
 * signal comes.
 */
export function endOnSignal(close: () => Promise<void>, limitMs: number): void {
  let asked = 0;
  const end = (signal: NodeJS.Signals): void => {
    log.info('ending', { signal });
    if (++asked > 2) process.exit(1);
    if (asked > 1) return;
    setTimeout(() => failed('it takes too long'), limitMs);
    close().then(
      () => process.exit(0),
      (error: unknown) => failed(messageOf(error)),
    );
  };
  const failed = (reason: string): void => {
    log.error('could not end cleanly', { error: reason });
    process.exit(1);
  };
  process.on('SIGTERM', end).on('SIGINT', end);
}

/** What nobody caught is logged, and ends nothing: one request's fault must not take the others along. */
export function surviveFaults(): void {
  const report = (error: unknown): void => {
    log.error('uncaught', { error: messageOf(error), stack: (error as Error | undefined)?.stack });
  };
  process.on('uncaughtException', report).on('unhandledRejection', report);
}
