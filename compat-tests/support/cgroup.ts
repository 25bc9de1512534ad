import { dockerOk, dockerode } from './engine.ts';

/** Where a limit is, in either version of control groups, as a path below /sys/fs/cgroup inside of a container. */
export interface LimitFile {
  v1: string;
  v2: string;
}

/** Version of the control groups of the machine the engine runs on. */
export async function cgroupVersion(): Promise<1 | 2> {
  const { CgroupVersion } = (await dockerode.info()) as { CgroupVersion: string };
  return CgroupVersion === '2' ? 2 : 1;
}

/** What a running container reads in the file of a limit of its own. */
export async function limitInside(name: string, file: LimitFile): Promise<string> {
  const path = (await cgroupVersion()) === 2 ? file.v2 : file.v1;
  return dockerOk('exec', name, 'cat', `/sys/fs/cgroup/${path}`);
}

/** The files. */
export const limits = {
  shares: { v1: 'cpu/cpu.shares', v2: 'cpu.weight' },
  quota: { v1: 'cpu/cpu.cfs_quota_us', v2: 'cpu.max' },
  period: { v1: 'cpu/cpu.cfs_period_us', v2: 'cpu.max' },
  cpus: { v1: 'cpuset/cpuset.cpus', v2: 'cpuset.cpus' },
  mems: { v1: 'cpuset/cpuset.mems', v2: 'cpuset.mems' },
  memory: { v1: 'memory/memory.limit_in_bytes', v2: 'memory.max' },
  swap: { v1: 'memory/memory.memsw.limit_in_bytes', v2: 'memory.swap.max' },
  reservation: { v1: 'memory/memory.soft_limit_in_bytes', v2: 'memory.low' },
  pids: { v1: 'pids/pids.max', v2: 'pids.max' },
} as const satisfies Record<string, LimitFile>;
