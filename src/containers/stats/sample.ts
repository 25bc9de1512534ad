/**
 * A counter of the kernel: 64 bits without sign. What a double cannot hold comes as decimal text, so that "no limit", which some
 * files write as the largest number there is, stays exact.
 */
export type Count = number | string;

/** Device major and minor, operation ('' where the kernel names none), count. */
export type BlockEntry = [Count, Count, string, Count];

/** What a container has used since it was started: one element of `container.stats`, native/PROTOCOL.md. Times in nanoseconds. */
export interface Sample {
  /** When it was taken, since the epoch. */
  at: string;
  cpu?: {
    total: Count;
    user?: Count;
    kernel?: Count;
    /** cgroup v1. */
    perCpu?: Count[];
    periods?: Count;
    throttledPeriods?: Count;
    throttledTime?: Count;
  };
  memory?: {
    usage: Count;
    /** The highest usage so far. cgroup v1. */
    max?: Count;
    limit: Count;
    /** How often the limit was hit (v1), or nothing could be freed (v2). */
    failures?: Count;
    /** The kernel's own names, which differ between versions of cgroups. */
    stats: Record<string, Count>;
  };
  pids?: { current: Count; limit: Count };
  /** Lists a kernel does not keep are missing. */
  block?: Partial<Record<BlockList, BlockEntry[]>>;
  /** By name: bytes, packets, errors, dropped, received and then sent. */
  interfaces?: Record<string, Count[]>;
}

export type BlockList =
  'serviceBytes' | 'serviced' | 'queued' | 'serviceTime' | 'waitTime' | 'merged' | 'time' | 'sectors';

/** A sample and the state of the machine at that time. */
export interface Reading extends Sample {
  /** Time all processors have spent, idle or not. */
  machineTime: Count;
  /** Processors online. */
  processors: number;
}
