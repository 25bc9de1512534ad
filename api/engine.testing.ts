import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { startDaemon, type TestDaemon } from '../.setup/daemon.mjs';
import { ensureImages, images } from '../.setup/images.mjs';

/** A Berth of a test file's own and a client of it. */
export interface TestEngine {
  daemon: TestDaemon;
  docker: Docker;
}

/** What a daemon is started with. */
export type EngineOptions = Pick<NonNullable<Parameters<typeof startDaemon>[0]>, 'flags' | 'under' | 'env' | 'root'>;

/** Starts one that has the image busybox. Files run side by side: each has a bridge of its own. */
export async function startEngine(options: EngineOptions = {}): Promise<TestEngine> {
  await ensureImages(['busybox']);
  const daemon = await startDaemon({ bridge: `bh${randomBytes(3).toString('hex')}`, ...options });
  const docker = new Docker({ socketPath: daemon.socket });
  const archive = await open(join(images, 'busybox.tar'));
  for await (const _ of await docker.loadImage(archive.createReadStream())) {
    // read to its end
  }
  return { daemon, docker };
}

/** Starts the next daemon on the folders of one that has ended. */
export async function nextEngine(
  { root, bridge }: TestDaemon,
  env: Record<string, string> = {},
  options: Omit<EngineOptions, 'env'> = {},
): Promise<TestEngine> {
  const daemon = await startDaemon({ root, bridge, env, ...options });
  return { daemon, docker: new Docker({ socketPath: daemon.socket }) };
}

/** Removes all containers, then ends the daemon and removes all it kept. */
export async function stopEngine({ daemon, docker }: TestEngine): Promise<void> {
  try {
    await removeContainers(docker);
  } finally {
    await daemon.stop();
  }
}

export async function removeContainers(docker: Docker): Promise<void> {
  const all = await docker.listContainers({ all: true });
  await Promise.all(all.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
}
