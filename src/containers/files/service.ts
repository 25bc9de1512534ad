import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { invalidArgument, isKind, notFound, type EngineError } from '../../errors.ts';
import { ExecutorError, type Executor } from '../../host/executor.ts';
import type { Owner } from '../../oci/id-mapping.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { VolumeService } from '../../volumes/service.ts';
import type { Container } from '../container.ts';
import { specMounts } from '../lifecycle/spec-mounts.ts';
import { holdVolumes, releaseVolumes } from '../lifecycle/volume-use.ts';
import { filesHolder } from '../network-request.ts';
import type { ContainerPaths } from '../paths.ts';
import type { Containers } from '../service.ts';
import { transferOf, transferOptions, viewOf, type ArchiveConnection, type FilesView } from './archive.ts';
import { changesOf, type FileChange } from './changes.ts';
import { CopyTurns } from './turns.ts';

export interface FilesDeps {
  containers: Pick<Containers, 'get' | 'find' | 'publish'> & {
    readonly paths: ContainerPaths;
    layersOf(imageId: string): string[];
  };
  executor: Pick<Executor, 'request'>;
  snapshotter: Pick<Snapshotter, 'mounts' | 'mountsBeside' | 'clearBeside'>;
  volumes: VolumeService;
  /** The root of containers on disk. */
  owner: Owner;
}

/** How an archive is unpacked. */
export interface PutOptions {
  /** A directory and something else do not replace one another. */
  keepKind: boolean;
  /** All of it belongs to the container's user, if it has one. */
  asUser: boolean;
}

/** errno: the container has stopped since its state was looked at. */
const noSuchProcess = 3;
/** How often that may be, and how long the news of it may take. */
const mostMoves = 5;
const moveMs = 2000;

/**
 * The files of containers, whether they run or not. Containers are named as everywhere: id, name, unique prefix. Archives are read
 * and written by a native program that has the client's connection; no byte of them comes here.
 */
export class ContainerFiles {
  readonly #deps: FilesDeps;
  readonly #turns = new CopyTurns(moveMs);

  constructor(deps: FilesDeps) {
    this.#deps = deps;
  }

  /** What the container has changed of its image's files. @throws not-found */
  async changes(nameOrId: string, signal: AbortSignal): Promise<FileChange[]> {
    return await changesOf(this.#deps, this.#deps.containers.get(nameOrId).id, signal);
  }

  /**
   * Describes what is at a path, a link itself: base64 of the JSON that Docker sends in `X-Docker-Container-Path-Stat`.
   * @throws not-found for the container or the path
   */
  async stat(nameOrId: string, path: string, signal: AbortSignal): Promise<string> {
    const { containers, executor } = this.#deps;
    const container = containers.get(nameOrId);
    return await this.#withView(container, (view) =>
      missing(nameOrId, path, async () => {
        const { stat } = await executor.request<{ stat: string }>(
          'archive.stat',
          { ...view, path },
          { signal },
        );
        return stat;
      }),
    );
  }

  /**
   * Sends what is at a path as a tar. A path that ends in `/.` is the content of a directory.
   * @throws not-found as `stat`; ExecutorError of the stage `stream` when part of it has been sent already
   */
  async get(nameOrId: string, path: string, to: ArchiveConnection, signal: AbortSignal): Promise<void> {
    const { containers, executor } = this.#deps;
    const container = containers.get(nameOrId);
    await this.#withView(container, (view) =>
      missing(nameOrId, path, () =>
        executor.request('archive.get', { ...view, ...transferOf(to), path }, transferOptions(to, signal)),
      ),
    );
    containers.publish(container, 'archive-path');
  }

  /** Sends the root filesystem as a tar, without anything that is mounted in it. Throws as `get`. */
  async export(nameOrId: string, to: ArchiveConnection, signal: AbortSignal): Promise<void> {
    const { containers, executor, snapshotter } = this.#deps;
    const container = containers.get(nameOrId);
    const params = { rootfs: snapshotter.mounts(container.id), ...transferOf(to) };
    await executor.request('container.export', params, transferOptions(to, signal));
    containers.publish(container, 'export');
  }

  /**
   * Unpacks the tar that comes, however compressed, in a directory that exists. What was unpacked before a failure stays.
   * @throws not-found for the container, the directory, or the target of a hard link; invalid-argument when it is no
   * directory or read-only; internal in dockerd's words for what is wrong with the archive
   */
  async put(
    nameOrId: string,
    path: string,
    from: ArchiveConnection,
    { keepKind, asUser }: PutOptions,
    signal: AbortSignal,
  ): Promise<void> {
    const { containers, executor } = this.#deps;
    const container = containers.get(nameOrId);
    const { config, hostConfig } = container;
    const params = {
      ...transferOf(from),
      path,
      keepKind,
      readonlyRootfs: hostConfig.ReadonlyRootfs,
      ...(asUser && config.User !== '' && { user: config.User }),
    };
    await this.#withView(container, (view) =>
      missing(nameOrId, path, async () => {
        for (let attempt = 0; ; attempt++) {
          try {
            return await this.#turns.take(container.id, !container.running, () => {
              const all = { ...view, ...this.#writable(container, view), ...params };
              return executor.request('archive.put', all, transferOptions(from, signal));
            });
          } catch (error) {
            const moved = error instanceof ExecutorError && error.errno === noSuchProcess;
            if (!moved || attempt === mostMoves) throw unknownUser(error);
            await changed(container);
          }
        }
      }),
    );
    containers.publish(container, 'extract-to-dir');
  }

  /** What is to be written must go through the mount that a running container has; everything else needs none of its own. */
  #writable(container: Container, { mounts }: FilesView): Pick<FilesView, 'running' | 'makePlaces'> {
    if (!container.running) return { makePlaces: mounts.length > 0 };
    const running = { pid: container.state.pid, socket: this.#deps.containers.paths.socket(container.id) };
    return { running, makePlaces: false };
  }

  /** Runs `work` while what is behind the container's volumes is mounted. */
  async #withView<T>(container: Container, work: (view: FilesView) => Promise<T>): Promise<T> {
    const { containers, snapshotter, volumes, owner: root } = this.#deps;
    const { id } = container;
    const user = `files:${randomUUID()}`;
    const rootfs = snapshotter.mountsBeside(id);
    try {
      await holdVolumes(container, volumes, user);
      const mounts = await specMounts(container, {
        imageLayers: (imageId) => containers.layersOf(imageId),
        settings: { owner: root },
      });
      const owner = filesHolder(container, (owner) => containers.find(owner));
      return await work(viewOf(container, mounts, owner?.id, rootfs, containers.paths));
    } catch (error) {
      // Its end may first be seen as that of the client, whose connection it had.
      if (isKind(error, 'unavailable') || isKind(error, 'cancelled')) snapshotter.clearBeside(rootfs);
      throw error;
    } finally {
      await releaseVolumes(container, volumes, user);
    }
  }
}

/** The words that dockerd has here for a user that the container's files do not know. */
function unknownUser(error: unknown): unknown {
  if (!(error instanceof ExecutorError) || error.stage !== 'user') return error;
  const [, kind, name, why] =
    /^unable to find (user|group) (.*): (no matching .*)$/.exec(error.message) ?? [];
  if (kind === undefined) return error;
  return invalidArgument(`failed to look up ${kind} "${name}" in container: ${why}`, error);
}

/** Waits for the next change of state; an end that has happened is stored soon. */
async function changed(container: Container): Promise<void> {
  await once(container, 'state', { signal: AbortSignal.timeout(moveMs) }).catch(() => undefined);
}

/** Names a missing file as Docker does, whichever file it was. */
async function missing<T>(nameOrId: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ExecutorError && isKind(error, 'not-found') && error.stage !== 'stream')
      throw notFound(`Could not find the file ${path} in container ${nameOrId}`, error satisfies EngineError);
    throw error;
  }
}
