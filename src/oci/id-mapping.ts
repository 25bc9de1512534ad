/**
 * Ids `containerID ... containerID + size - 1` of a user namespace, and where they begin on the host. runtime-spec, config-linux.md,
 * "User namespace mappings".
 */
export interface IdMapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
}

/** The users and groups of containers, as the host has them. */
export interface IdMaps {
  readonly uids: readonly IdMapping[];
  readonly gids: readonly IdMapping[];
}

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The host's own root. */
export const hostRoot: Owner = { uid: 0, gid: 0 };

/** Who owns, on disk, what the engine makes for the root of containers. Without maps it is the host's own. */
export function rootOwner(maps: IdMaps | undefined): Owner {
  return { uid: hostId(maps?.uids ?? [], 0), gid: hostId(maps?.gids ?? [], 0) };
}

function hostId(mappings: readonly IdMapping[], id: number): number {
  const found = mappings.find(({ containerID, size }) => id >= containerID && id < containerID + size);
  return found ? id - found.containerID + found.hostID : id;
}

/** Mappings as the kernel takes them in `/proc/PID/uid_map`, and the executor everywhere. */
export function formatIdMap(mappings: readonly IdMapping[]): string {
  return mappings.map(({ containerID, hostID, size }) => `${containerID} ${hostID} ${size}\n`).join('');
}
