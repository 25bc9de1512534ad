import type { Executor } from '../host/executor.ts';
import { AttachService } from './attach.ts';
import { ExecService } from './exec/service.ts';
import { ContainerLogsService } from './logs.ts';
import { ContainerPaths } from './paths.ts';
import type { Containers } from './service.ts';

/** What flows in and out of containers. */
export interface ContainerStreams {
  attach: AttachService;
  exec: ExecService;
  logs: ContainerLogsService;
}

/** Builds the services of the streams on the containers. */
export function createContainerStreams(deps: {
  containers: Containers;
  executor: Executor;
  dataRoot: string;
  execRoot: string;
  /** The runtimes besides the built-in one, by name. */
  runtimes: Readonly<Record<string, unknown>>;
}): ContainerStreams {
  const { containers, executor } = deps;
  const paths = new ContainerPaths(deps);
  return {
    attach: new AttachService({ containers, executor }),
    exec: new ExecService({
      containers,
      executor,
      bundleOf: (id) => paths.bundle(id),
      isExternal: ({ hostConfig }) => Object.hasOwn(deps.runtimes, hostConfig.Runtime),
    }),
    logs: new ContainerLogsService({ containers }),
  };
}
