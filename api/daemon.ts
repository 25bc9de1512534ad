import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { loadDocument } from '../openapi/load.ts';
import type { Config } from '../src/config/config.ts';
import type { Engine } from '../src/engine.ts';
import { machineUsers } from '../src/host/user-database.ts';
import { logger, setLogLevel } from '../src/log.ts';
import { rootOwner } from '../src/oci/id-mapping.ts';
import { engineVersion } from '../src/version.ts';
import { createApp } from './app.ts';
import { systemPing, systemPingHead } from './handlers/system/ping.ts';
import { openListeners } from './listeners.ts';
import { claimPidfile } from './pidfile.ts';
import { remapConfig } from './remap.ts';
import { loadHandlers, Router, type Served } from './router.ts';
import { endOnSignal, reloadOnHangup, surviveFaults } from './signals.ts';

const log = logger('daemon');

/** How long requests may go on after the daemon was asked to end. */
const graceMs = 5_000;

/** How long all of ending may take, stopping containers aside. */
const closeLimitMs = 30_000;

/**
 * Runs the daemon: pid files claimed, listeners open (they answer pings and hold all else until the engine is ready),
 * engine, signals. Resolves when it serves. A failure undoes what was done.
 * @param reload reads the configuration anew, for SIGHUP
 */
export async function createDaemon(given: Config, reload: () => Config): Promise<void> {
  setLogLevel(given.logLevel);
  await using stack = new AsyncDisposableStack();
  const config = await remapConfig(given, machineUsers);
  const { gid } = rootOwner(config.idMaps);
  makeRoots(given, gid);
  if (config !== given) makeRoots(config, gid);
  for (const path of new Set([config.pidfile, `${config.dataRoot}/berth.pid`]))
    stack.defer(claimPidfile(path));
  const ready = Promise.withResolvers<Served>();
  // The router tells those who wait; this function fails anyway.
  ready.promise.catch(() => undefined);
  reloadOnHangup(
    ready.promise.then(({ engine: started }) => started),
    reload,
  );
  const router = new Router(
    loadDocument(),
    { SystemPing: systemPing, SystemPingHead: systemPingHead },
    ready.promise,
  );
  const app = createApp({ router, serverVersion: engineVersion, experimental: config.experimental });
  const listeners = await openListeners({ ...config, group: config.socketGroup }, app);
  stack.defer(() => listeners.close(graceMs));
  let engine: Engine;
  try {
    // Loaded only now: until here it has cost a client nothing.
    const [{ createEngine }, handlers] = await Promise.all([import('../src/engine.ts'), loadHandlers()]);
    engine = stack.use(await createEngine(config));
    ready.resolve({ engine, handlers });
  } catch (error) {
    ready.reject(error);
    throw error;
  }
  const closing = stack.move();
  endOnSignal(async () => {
    if (engine.config.stopContainersOnExit) await stopContainers(engine);
    await closing.disposeAsync();
  }, endLimitMs(config));
  surviveFaults();
  log.info('Daemon has completed initialization', {
    version: engineVersion,
    hosts: config.hosts,
    startedInMs: Math.round(performance.now()),
  });
  process.stderr.write(`berthd is ready: export DOCKER_HOST=${config.hosts[0] ?? ''}\n`);
}

/**
 * The data root is nobody else's: a user of the host could run a set-user-id program of an image, or read what containers were
 * given (CVE-2021-41091); only containers with mapped ids get through, by their group. The exec root is on the way to the socket.
 */
function makeRoots({ dataRoot, execRoot }: Config, group: number): void {
  mkdirSync(execRoot, { recursive: true, mode: 0o711 });
  mkdirSync(dataRoot, { recursive: true, mode: 0o710 });
  chownSync(dataRoot, 0, group);
  chmodSync(dataRoot, 0o710);
}

/** How long ending may take; a negative shutdown timeout waits for containers without end. */
function endLimitMs({ stopContainersOnExit, shutdownTimeoutSeconds }: Config): number {
  if (!stopContainersOnExit) return closeLimitMs;
  return shutdownTimeoutSeconds < 0 ? 2 ** 31 - 1 : shutdownTimeoutSeconds * 1000 + closeLimitMs;
}

/** Stops what runs, each container with its own time limit, all within the shutdown timeout; what is left runs on. */
async function stopContainers({ containers, config }: Engine): Promise<void> {
  const seconds = config.shutdownTimeoutSeconds;
  const abort = seconds < 0 ? new AbortController().signal : AbortSignal.timeout(seconds * 1000);
  const running = containers.all().filter((container) => container.running);
  const stopped = Promise.allSettled(running.map(({ id }) => containers.stop(id, {})));
  const late = new Promise<void>((resolve) =>
    abort.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([stopped, late]);
}
