import type { Platform } from '../oci/descriptor.ts';
import type { ChainId, DiffId, Digest } from '../oci/digest.ts';
import type { ImageConfig } from '../oci/image-config.ts';

/** An image as the store knows it. */
export interface Image {
  /** `sha256:<hex>`: the digest of the config. */
  id: Digest;
  config: ImageConfig;
  /** Names the stack of layers for `Snapshotter.prepare`; undefined for an image without layers (`FROM scratch`). */
  chainId: ChainId | undefined;
  /** Lowest first. */
  layers: DiffId[];
  architecture: string;
  variant: string;
  os: string;
  /** Size of all unpacked layers. */
  sizeBytes: number;
  /** Names as users know them: `busybox:latest`, never with docker.io/library. */
  repoTags: string[];
  repoDigests: string[];
  /** Image this one was built on here, or ''. */
  parentId: string;
  /** RFC 3339 with nanoseconds; undefined when the config does not say. */
  created: string | undefined;
  /** When a name was last given to it, milliseconds since the epoch; 0 when never. */
  lastTaggedMs: number;
}

/** A container's tie to an image, told by the containers service. */
export interface ImageUser {
  containerId: string;
  imageId: string;
  running: boolean;
}

/** The part of the images service that creating and listing containers needs. */
export interface ImageResolver {
  /**
   * The image that a user named: `name[:tag]`, `name@digest`, a full id or an unambiguous prefix of one.
   * @throws not-found `No such image: name:tag`; invalid-argument `invalid reference format`
   */
  resolve(reference: string): Image;

  /** The image with this id, or undefined. For what is already resolved (a container's `Image`). */
  find(id: string): Image | undefined;
}

/** One line of progress of a load, import, pull: a record of Docker's JSON stream. */
export interface ProgressRecord {
  status?: string;
  id?: string;
  stream?: string;
  progress?: string;
  progressDetail?: { current?: number; total?: number };
  aux?: object;
}

export type Progress = (record: ProgressRecord) => void;

export interface LoadOptions {
  signal: AbortSignal;
  quiet: boolean;
  progress: Progress;
  platform?: Platform | undefined;
}
