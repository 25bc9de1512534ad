import { invalidArgument } from '../../errors.ts';
import type { CreateBody } from '../service.ts';

/**
 * Refuses settings that contradict whose network or name the container uses.
 * @throws invalid-argument with the reference's texts
 */
export function verifyNetworkMode(body: CreateBody): void {
  const { UTSMode, NetworkMode = '', Dns, ExtraHosts, PortBindings, PublishAllPorts } = body.HostConfig ?? {};
  const conflicting = (what: string, with_: string): never => {
    throw invalidArgument(`conflicting options: ${what} and the ${with_}`);
  };
  if (UTSMode === 'host' && body.Hostname) conflicting('hostname', 'UTS mode');
  if (body.HostConfig?.Links?.length && (NetworkMode === 'host' || NetworkMode.startsWith('container:')))
    throw invalidArgument(
      `conflicting options: ${NetworkMode === 'host' ? 'host type networking' : 'container type network'} can't be used with links. This would result in undefined behavior`,
    );
  if (!NetworkMode.startsWith('container:')) return;
  if (body.Hostname) conflicting('hostname', 'network mode');
  if (Dns?.length) conflicting('dns', 'network mode');
  if (ExtraHosts?.length) conflicting('custom host-to-IP mapping', 'network mode');
  if (body.MacAddress) conflicting('mac-address', 'network mode');
  if (PublishAllPorts || count(PortBindings) > 0)
    conflicting('port publishing', 'container type network mode');
  if (count(body.ExposedPorts) > 0) conflicting('port exposing', 'container type network mode');
}

function count(map: object | null | undefined): number {
  return Object.keys(map ?? {}).length;
}
