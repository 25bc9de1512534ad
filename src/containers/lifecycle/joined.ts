import { conflict, internal, messageOf } from '../../errors.ts';
import type { SpecInput } from '../../runtime/spec/input.ts';
import type { Container } from '../container.ts';
import { networkModeOf } from '../network-request.ts';
import { createFailure } from './start-error.ts';

/** Finds a container by name or id; throws not-found. */
export type ContainerLookup = (nameOrId: string) => Container;

/**
 * The container whose network this one uses, or undefined when it has its own or the host's.
 * @throws internal when it is missing, conflict when it does not run, in the reference's words
 */
export function networkOwner(container: Container, find: ContainerLookup): Container | undefined {
  const owner = target(networkModeOf(container), 'joining network namespace of container: ', find);
  if (!owner) return undefined;
  const { status } = owner.state;
  if (status === 'restarting')
    throw conflict(
      `cannot join network namespace of container: Container ${owner.id} is restarting, wait until the container is running`,
    );
  if (!owner.running)
    throw conflict(
      `cannot join network namespace of a non running container: container ${owner.name} is ${status}`,
    );
  return owner;
}

/** Paths of the namespaces of others this container joins, and whose /dev/shm belongs to a joined IPC namespace. */
export function joinedNamespaces(
  container: Container,
  find: ContainerLookup,
): Pick<SpecInput, 'joined' | 'shmOf'> {
  const { hostConfig } = container;
  const network = networkOwner(container, find);
  const pid = running(hostConfig.PidMode, 'failed to join PID namespace: ', internal, find);
  const ipc = running(hostConfig.IpcMode, 'failed to join IPC namespace: ', conflict, find);
  if (ipc && !['shareable', 'host'].includes(ipc.hostConfig.IpcMode))
    throw internal(
      `failed to join IPC namespace: container ${ipc.id}: non-shareable IPC (hint: use IpcMode:shareable for the donor container)`,
    );
  const path = ({ state }: Container, name: string): string => `/proc/${state.pid}/${name}`;
  return {
    joined: {
      ...(network && { network: path(network, 'ns/net') }),
      ...(pid && { pid: path(pid, 'ns/pid') }),
      ...(ipc && { ipc: path(ipc, 'ns/ipc') }),
    },
    shmOf: ipc ? ipc.state.pid : null,
  };
}

/**
 * The user namespace a container must be in because others belong to it: that of whose network, IPC or PID namespace it joins.
 * @throws internal when that one has none, in the reference's words
 */
export function joinedUserNamespace(container: Container, find: ContainerLookup): string | undefined {
  const { IpcMode, PidMode } = container.hostConfig;
  const modes = [PidMode, IpcMode, networkModeOf(container)];
  const mode = modes.find((each) => each.startsWith('container:'));
  if (mode === undefined) return undefined;
  const owner = find(mode.slice('container:'.length));
  if (owner.hostConfig.UsernsMode === 'host')
    throw internal(
      `${createFailure}user namespaces enabled, but both namespace path and non-matching mapping specified -- you may only provide one`,
    );
  return `/proc/${owner.state.pid}/ns/user`;
}

function running(
  mode: string,
  prefix: string,
  fault: (message: string) => Error,
  find: ContainerLookup,
): Container | undefined {
  const container = target(mode, prefix, find);
  if (!container) return undefined;
  if (container.state.status === 'restarting')
    throw conflict(`${prefix}container ${container.id} is restarting, wait until the container is running`);
  if (!container.running) throw fault(`${prefix}container ${container.id} is not running`);
  return container;
}

function target(mode: string, prefix: string, find: ContainerLookup): Container | undefined {
  if (!mode.startsWith('container:')) return undefined;
  try {
    return find(mode.slice('container:'.length));
  } catch (error) {
    throw internal(prefix + messageOf(error), error);
  }
}
