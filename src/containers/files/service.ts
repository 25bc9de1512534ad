import type { Executor } from '../../host/executor.ts';
import type { Snapshotter } from '../../snapshots/snapshotter.ts';
import type { Containers } from '../service.ts';
import { changesOf, type FileChange } from './changes.ts';

export interface FilesDeps {
  containers: Pick<Containers, 'get' | 'publish'>;
  executor: Pick<Executor, 'request'>;
  snapshotter: Pick<Snapshotter, 'mounts'>;
}

/** The files of containers, whether they run or not. Containers are named as everywhere: id, name, unique prefix. */
export class ContainerFiles {
  readonly #deps: FilesDeps;

  constructor(deps: FilesDeps) {
    this.#deps = deps;
  }

  /** What the container has changed of its image's files. @throws not-found */
  async changes(nameOrId: string, signal: AbortSignal): Promise<FileChange[]> {
    return await changesOf(this.#deps, this.#deps.containers.get(nameOrId).id, signal);
  }
}
