import type { Namespace } from '../../oci/runtime-spec.ts';
import type { SpecInput } from './input.ts';

/**
 * The namespaces of a container. A type that is left out is the host's. The network one has no path when it is the
 * container's own: the executor gives one from its pool, or one with the user namespace it belongs to.
 */
export function namespacesOf({ hostConfig, joined, idMaps }: SpecInput): Namespace[] {
  const namespaces: Namespace[] = [{ type: 'mount' }];
  const add = (type: Namespace['type'], path?: string): void => {
    namespaces.push(path === undefined ? { type } : { type, path });
  };
  if (hostConfig.NetworkMode !== 'host') add('network', joined.network);
  if (hostConfig.UTSMode !== 'host') add('uts');
  if (hostConfig.PidMode !== 'host') add('pid', joined.pid);
  if (hostConfig.IpcMode !== 'host') add('ipc', joined.ipc);
  if (hostConfig.CgroupnsMode === 'private') add('cgroup');
  if (idMaps) add('user', joined.user);
  return namespaces;
}
