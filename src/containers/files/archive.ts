import type { Socket } from 'node:net';
import type { RequestOptions } from '../../host/executor.ts';
import type { OpenedSource, SpecMount } from '../../runtime/spec/input.ts';
import type { Rootfs } from '../../snapshots/snapshotter.ts';
import type { Container } from '../container.ts';
import type { ContainerPaths } from '../paths.ts';

/** What gives or takes an archive: a connection that a native program reads or writes by itself. */
export interface ArchiveConnection {
  /** Nothing reads from it any more in this process. */
  socket: Socket;
  /** How the end of the archive is told: by the end of the stream, `length` bytes, or HTTP's chunks. */
  framing: 'none' | 'length' | 'chunked';
  length?: number;
  /** For an archive that comes: what had been read of it. */
  preread?: Buffer;
  /** For one that goes: what is sent before it, with `{stat}` where the description of the path belongs. */
  head?: string;
}

/** The executor's `view` of a container's files (native/PROTOCOL.md, `archive.*`). */
export interface FilesView {
  rootfs: Rootfs;
  /** Its own mount namespace, where it has one and writes are wanted. */
  running?: { pid: number; socket: string };
  mounts: ViewMount[];
  makePlaces: boolean;
}

interface ViewMount {
  /** A path, or what has to be opened with care. */
  source: string | OpenedSource;
  target: string;
  readonly: boolean;
  recursive: boolean;
}

/**
 * A client that gives or takes nothing for so long is given up: it holds a process, and a mount of the container. Slow
 * pipes are common, so it is long.
 */
const stallMs = 30 * 60_000;

/** Parameters of one transfer. */
export function transferOf({ framing, length, preread, head }: ArchiveConnection): object {
  return {
    framing,
    stallMs,
    ...(length !== undefined && { length }),
    ...(preread && preread.length > 0 && { preread: preread.toString('base64') }),
    ...(head !== undefined && { head }),
  };
}

/** It takes as long as it takes; whoever is at the other end may go, and the program notices. */
export const transferOptions = (connection: ArchiveConnection, signal: AbortSignal): RequestOptions => ({
  socket: connection.socket,
  deadlineMs: 0,
  signal,
});

/**
 * The files of a container as Docker shows them: its root filesystem with volumes, binds and the engine's own files (once there are
 * any), without tmpfs and the kernel's filesystems, whether it runs or not.
 * @param mounts  the container's own (`specMounts`)
 * @param filesOwner  the container whose engine files it has; itself mostly, undefined: none
 */
export function viewOf(
  { hostConfig, state }: Container,
  mounts: readonly SpecMount[],
  filesOwner: string | undefined,
  rootfs: Rootfs,
  paths: ContainerPaths,
): FilesView {
  const shown: ViewMount[] = mounts
    .filter(({ kind }) => kind !== 'tmpfs')
    .map(({ source, destination, readOnly, nonRecursive, opened }) => ({
      source: opened ?? source,
      target: destination,
      readonly: readOnly,
      recursive: !nonRecursive,
    }));
  const places = shown.length > 0;
  const taken = new Set(mounts.map(({ destination }) => destination));
  const files =
    filesOwner === undefined
      ? {}
      : {
          '/etc/resolv.conf': paths.resolvConf(filesOwner),
          '/etc/hostname': paths.hostname(filesOwner),
          '/etc/hosts': paths.hosts(filesOwner),
        };
  for (const [target, source] of Object.entries(files))
    if (!taken.has(target))
      shown.push({ source, target, readonly: hostConfig.ReadonlyRootfs, recursive: false });
  shown.sort((a, b) => depth(a.target) - depth(b.target));
  // What a start would have made is not there yet.
  return { rootfs, mounts: shown, makePlaces: state.status === 'created' && places };
}

function depth(path: string): number {
  return path.split('/').filter(Boolean).length;
}
