import { isKind, notFound, type EngineError } from '../../errors.ts';
import { ExecutorError, type Executor } from '../../host/executor.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Container } from '../container.ts';
import type { ContainerPaths } from '../paths.ts';
import type { Containers } from '../service.ts';
import { transferOf, transferOptions, viewOf, type ArchiveConnection, type FilesView } from './archive.ts';
import { changesOf, type FileChange } from './changes.ts';

export interface FilesDeps {
  containers: Pick<Containers, 'get' | 'find' | 'publish'> & { readonly paths: ContainerPaths };
  executor: Pick<Executor, 'request'>;
  snapshotter: Pick<Snapshotter, 'mounts'>;
}

/** How an archive is unpacked. */
export interface PutOptions {
  /** A directory and something else do not replace one another. */
  keepKind: boolean;
  /** All of it belongs to the container's user, if it has one. */
  asUser: boolean;
}

/** The container stopped, or was started, between the look at its state and the work. */
const noSuchProcess = 3;

/**
 * The files of containers, whether they run or not. Containers are named as everywhere: id, name, unique prefix. Archives are read
 * and written by a native program that has the client's connection; no byte of them comes here.
 */
export class ContainerFiles {
  readonly #deps: FilesDeps;

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
    const { stat } = await missing(nameOrId, path, () =>
      executor.request<{ stat: string }>('archive.stat', { ...this.#view(container), path }, { signal }),
    );
    return stat;
  }

  /**
   * Sends what is at a path as a tar. A path that ends in `/.` is the content of a directory.
   * @throws not-found as `stat`; ExecutorError of the stage `stream` when part of it has been sent already
   */
  async get(nameOrId: string, path: string, to: ArchiveConnection, signal: AbortSignal): Promise<void> {
    const { containers, executor } = this.#deps;
    const container = containers.get(nameOrId);
    const params = { ...this.#view(container), ...transferOf(to), path };
    await missing(nameOrId, path, () => executor.request('archive.get', params, transferOptions(to, signal)));
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
    await missing(nameOrId, path, async () => {
      for (let attempt = 0; ; attempt++) {
        try {
          const view = this.#view(container, { writing: true });
          return await executor.request('archive.put', { ...view, ...params }, transferOptions(from, signal));
        } catch (error) {
          const moved = error instanceof ExecutorError && error.errno === noSuchProcess;
          // The exit of what has ended is on its way.
          if (!moved || attempt === 50) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    });
    containers.publish(container, 'extract-to-dir');
  }

  /** What is to be written must go through the mount that a running container has; everything else needs none of its own. */
  #view(container: Container, { writing = false } = {}): FilesView {
    const { containers, snapshotter } = this.#deps;
    const { id, state, hostConfig } = container;
    const owner = /^container:(.+)$/.exec(hostConfig.NetworkMode)?.[1];
    const networkOwner = (owner === undefined ? undefined : containers.find(owner)?.id) ?? id;
    const view = viewOf(container, networkOwner, snapshotter.mounts(id), containers.paths);
    if (!writing) return view;
    if (container.running) view.running = { pid: state.pid, socket: containers.paths.socket(id) };
    else view.makePlaces = view.mounts.length > 0;
    return view;
  }
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
