/**
 * Runs `work` while no other move of this container is under way; callers queue in order. Never hold it while waiting on a
 * client or on the container's process. Locks of other things (network, snapshot) may be taken inside, not the reverse.
 */
export function withContainerLock<T>(id: string, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`container:${id}`, work) as Promise<T>;
}

/**
 * Whether the container runs once the move under way, if any, is over: a container that is being started writes its first
 * byte before its state says that it runs, and who acts on that byte must find it running.
 */
export async function runsOrWill(container: {
  readonly id: string;
  readonly running: boolean;
}): Promise<boolean> {
  if (!container.running) await withContainerLock(container.id, async () => {});
  return container.running;
}
