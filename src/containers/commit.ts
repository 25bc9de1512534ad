import { conflict, invalidArgument } from '../errors.ts';
import { applyChanges } from '../images/changes.ts';
import type { Images } from '../images/images.ts';
import type { Digest } from '../oci/digest.ts';
import type { ImageRuntimeConfig } from '../oci/image-config.ts';
import { familiarReference, type Reference } from '../oci/reference.ts';
import type { Snapshotter } from '../snapshots/snapshotter.ts';
import type { Container } from './container.ts';
import { containerConfig } from './create/config.ts';
import type { Containers, CreateBody } from './service.ts';

export interface CommitsDeps {
  containers: Pick<Containers, 'get' | 'pause' | 'unpause' | 'publish'>;
  images: Pick<Images, 'commit'>;
  snapshotter: Pick<Snapshotter, 'mounts'>;
}

export interface CommitOptions {
  /** The name of the new image; undefined leaves it unnamed. */
  name: Reference | undefined;
  author: string;
  comment: string;
  /** Lines of a Dockerfile. */
  changes: readonly string[];
  /** Settings instead of the container's, which fill what they leave open. */
  config: CreateBody | undefined;
  /** Hold a running container still meanwhile. */
  pause: boolean;
  signal: AbortSignal;
}

/** Images made of containers. */
export class ContainerCommits {
  readonly #deps: CommitsDeps;

  constructor(deps: CommitsDeps) {
    this.#deps = deps;
  }

  /**
   * Makes an image of a container, running or not. Returns the image's id.
   * @throws not-found; conflict for one that is going; invalid-argument for bad changes, before anything is done
   */
  async commit(nameOrId: string, options: CommitOptions): Promise<Digest> {
    const { containers } = this.#deps;
    if (nameOrId === '') throw invalidArgument('invalid name or ID supplied: ""');
    const container = containers.get(nameOrId);
    const { status } = container.state;
    if (status === 'dead') throw conflict(`You cannot commit container ${container.id} which is Dead`);
    if (status === 'removing')
      throw conflict(`You cannot commit container ${container.id} which is being removed`);
    const config = configOf(container, options);
    const paused = options.pause && (await this.#hold(container));
    try {
      return await this.#commit(container, config, options);
    } finally {
      // Somebody else may have let it go on, or ended it.
      if (paused) await containers.unpause(container.id).catch(() => undefined);
    }
  }

  /** Pauses what runs. False when it does not, or is paused already: then that is its state afterwards, too. */
  async #hold({ id, state }: Container): Promise<boolean> {
    if (state.status !== 'running') return false;
    return this.#deps.containers.pause(id).then(
      () => true,
      () => false,
    );
  }

  async #commit(container: Container, config: ImageRuntimeConfig, options: CommitOptions): Promise<Digest> {
    const { containers, images, snapshotter } = this.#deps;
    const { name, author, comment, signal } = options;
    const id = await images.commit({
      containerId: container.id,
      rootfs: snapshotter.mounts(container.id),
      parentId: container.record.imageId,
      config,
      containerConfig: { ...container.config },
      name,
      author,
      comment,
      signal,
    });
    const imageRef = name ? familiarReference(name) : '';
    containers.publish(container, 'commit', { comment, imageID: id, imageRef });
    return id;
  }
}

function configOf({ config }: Container, { config: given, changes }: CommitOptions): ImageRuntimeConfig {
  const own: ImageRuntimeConfig = { ...config };
  const changed = applyChanges(given ? ({ ...given } as ImageRuntimeConfig) : own, changes);
  const { OnBuild = null } = changed;
  const names = { container: '', host: '' };
  const merged = containerConfig(changed as CreateBody, own, names);
  const labels = Object.keys(merged.Labels).length > 0 ? merged.Labels : null;
  return { ...merged, OnBuild, Labels: labels };
}
