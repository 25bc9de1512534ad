import { conflict, internal, invalidArgument } from '../errors.ts';
import type { Executor } from '../host/executor.ts';
import { cgroupOf } from './cgroup.ts';
import type { Container } from './container.ts';
import type { Containers } from './service.ts';

/** What ps(1) says of the processes of a container. */
export interface ProcessList {
  /** The head of ps's table. */
  titles: string[];
  /** One row a process, as many fields as titles; the last may hold spaces. */
  processes: string[][];
}

export interface ProcessesDeps {
  containers: Pick<Containers, 'get' | 'publish'>;
  executor: Pick<Executor, 'request'>;
  /** Parent of the containers' control groups, absolute. */
  cgroupParent: string;
}

/** Like the executor's own limit on ps, twice, and a little for the way. */
const deadlineMs = 45_000;

/** The processes of containers, as the host's ps sees them. */
export class ContainerProcesses {
  readonly #deps: ProcessesDeps;

  constructor(deps: ProcessesDeps) {
    this.#deps = deps;
  }

  /**
   * Lists the processes of a running container.
   * @param psArgs  arguments of ps, separated by spaces; '' stands for -ef
   * @throws not-found; conflict when it does not run; invalid-argument; internal with ps's own words
   */
  async list(nameOrId: string, psArgs: string, signal: AbortSignal): Promise<ProcessList> {
    const { containers, executor, cgroupParent } = this.#deps;
    const args = psArgs || '-ef';
    verifyPsArgs(args);
    const container = containers.get(nameOrId);
    requireRunning(container);
    const { pids, output } = await executor.request<{ pids: number[]; output: string }>(
      'container.top',
      {
        cgroup: cgroupOf(container.id, container.hostConfig.CgroupParent, cgroupParent),
        args: args.split(' '),
      },
      { deadlineMs, signal },
    );
    const list = parsePs(output, new Set(pids));
    containers.publish(container, 'top');
    return list;
  }
}

function requireRunning({ id, running, state }: Container): void {
  if (state.status === 'restarting')
    throw conflict(`Container ${id} is restarting, wait until the container is running`);
  if (!running) throw conflict(`container ${id} is not running`);
}

/**
 * A column that is called PID must be it: a renamed one would show processes that are not the container's.
 * @throws invalid-argument
 */
export function verifyPsArgs(args: string): void {
  for (const [, column, title] of args.matchAll(/[\t\n\f\r ]+(\S*)=[\t\n\f\r ]*(PID\S*)/g))
    if (column !== 'pid') throw invalidArgument(`specifying "${column}=${title}" is not allowed`);
}

/**
 * Reads ps's table, keeping the rows of `pids`. A row without pid (`-`, a thread under option m) belongs to the process before it.
 * @throws internal when there is no PID column, or something else in it
 */
export function parsePs(output: string, pids: ReadonlySet<number>): ProcessList {
  const [head = '', ...lines] = output.split('\n');
  const titles = fields(head);
  const column = titles.indexOf('PID');
  if (column < 0) throw internal("Couldn't find PID field in ps output");
  const processes: string[][] = [];
  let kept = false;
  for (const line of lines) {
    if (line === '') continue;
    const row = fields(line);
    const pid = row[column] ?? '';
    if (pid !== '-') {
      if (!/^\d+$/.test(pid))
        throw internal(`Unexpected pid '${pid}': strconv.Atoi: parsing "${pid}": invalid syntax`);
      kept = pids.has(Number(pid));
    }
    const last = titles.length - 1;
    if (kept) processes.push([...row.slice(0, last), row.slice(last).join(' ')]);
  }
  return { titles, processes };
}

/** By ASCII space only: names may hold any other. */
function fields(line: string): string[] {
  return line.split(/[\t\n\v\f\r ]+/).filter((field) => field !== '');
}
