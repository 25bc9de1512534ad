import type { Config } from './config.ts';

/** What a SIGHUP may change; everything else keeps the value it had at start. */
const reloadable = [
  'debug',
  'logLevel',
  'labels',
  'runtimes',
  'defaultRuntime',
  'shmSizeBytes',
  'registries',
  'stopContainersOnExit',
  'shutdownTimeoutSeconds',
] as const satisfies readonly (keyof Config)[];

/**
 * Takes over the reloadable settings of `next` into `config`, which all services share and read at each use.
 * @returns the names of those that changed
 */
export function applyReload(config: Config, next: Config): string[] {
  const changed = reloadable.filter((name) => JSON.stringify(config[name]) !== JSON.stringify(next[name]));
  for (const name of changed) Object.assign(config, { [name]: next[name] });
  return changed;
}
