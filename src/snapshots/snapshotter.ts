import type { ChainId } from '../oci/digest.ts';

/** A root filesystem as the executor takes it (native/PROTOCOL.md 1.2). Nothing is mounted yet. */
export type Rootfs =
  | {
      type: 'overlay';
      /** Lower directories, nearest first; never empty. */
      lower: string[];
      upper: string;
      work: string;
      readonly: boolean;
    }
  | { type: 'dir'; path: string };

/** What a snapshot takes on disk by itself, without its parents. */
export interface Usage {
  sizeBytes: number;
  inodes: number;
}

export interface SnapshotInfo {
  /** An active snapshot's key (a container's id, an unpack in progress) or a committed one's name (a chainID). */
  key: string;
  kind: 'active' | 'committed';
  parent: string | undefined;
  /** Known once committed. */
  sizeBytes: number | undefined;
}

/** Where a layer is unpacked: a directory of its own, and what is below it. */
export interface LayerTarget {
  dir: string;
  /** The `fs` directories below, nearest first. */
  parents: string[];
}

/**
 * Keeps the file trees of layers and containers.
 *
 * Words: an *active* snapshot can be written to and has a *key*; a *committed* one never changes and has a *name*, which is
 * the chainID of its layers. A parent is always committed.
 *
 * The life of a layer: `prepareLayer` gives an empty directory, the layer's tar is applied to it, `commit` names it; from
 * then on others can stand on it. The life of a container's root: `prepare` on the image's chainID, `mounts` at each start,
 * `remove` with the container. Each call either happened or did not, whenever the daemon is killed; what was prepared but
 * neither committed nor wanted any more is removed at the next start (`repair`).
 */
export interface Snapshotter {
  /** The driver's name as `docker info` and `GraphDriver.Name` show it. */
  readonly driver: string;

  /**
   * Makes the writable root of a container on top of `parent` (undefined: an empty root) and the init layer between them:
   * the files and directories that Docker guarantees as targets of bind mounts (/etc/hosts, /dev/console, ...), which
   * `docker diff` does not show. Returns what `mounts` returns.
   * @throws conflict if `key` exists; not-found if `parent` does not
   */
  prepare(key: string, parent: ChainId | undefined): Promise<Rootfs>;

  /** The root filesystem of an active snapshot. @throws not-found */
  mounts(key: string): Rootfs;

  /**
   * `mounts`, to be written through beside the container's own mount: with a work directory of its own, which the executor
   * makes and removes. @throws not-found
   */
  mountsBeside(key: string): Rootfs;

  /** Removes what such a mount has left because the executor ended before it could. */
  clearBeside(rootfs: Rootfs): void;

  /**
   * The lower directories of a committed snapshot, itself first, or of an active one, without its own. @throws not-found
   */
  layers(key: string): string[];

  /** An empty directory for the layer that will be `parent`'s child. Several at once for one layer are allowed. */
  prepareLayer(key: string, parent: ChainId | undefined): Promise<LayerTarget>;

  /**
   * Makes a prepared layer the committed snapshot `name`. When another has committed the same name meanwhile, this one is
   * dropped and the other serves. The files are on disk when it returns.
   */
  commit(key: string, name: ChainId, usage: { sizeBytes: number }): Promise<void>;

  /**
   * Removes a snapshot; its files go in the background. An unknown key is not an error.
   * @throws conflict if others stand on it
   */
  remove(key: string): Promise<void>;

  /** What is known of a snapshot. */
  find(key: string): SnapshotInfo | undefined;

  list(): SnapshotInfo[];

  /** Space of one snapshot alone, counted now for an active one. @throws not-found */
  usage(key: string): Promise<Usage>;

  /** `GraphDriver.Data` of `docker inspect`. @throws not-found */
  describe(key: string): Record<string, string>;

  /**
   * Brings disk and metadata together after a crash: active snapshots that `wanted` does not claim go, as do directories
   * nobody knows. Called once at start, before anything else.
   */
  repair(wanted: (key: string) => boolean): Promise<void>;
}
