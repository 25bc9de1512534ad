/**
 * Runs `work` while no other move of this container is under way; callers queue in order. Never hold it while waiting on a
 * client or on the container's process. Locks of other things (network, snapshot) may be taken inside, not the reverse.
 */
export function withContainerLock<T>(id: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`container:${id}`, work) as Promise<T>;
}
