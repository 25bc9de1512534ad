import { stat } from 'node:fs/promises';
import { internal } from '../../errors.ts';
import { deviceNumbers } from '../../host/device-numbers.ts';
import type { Device, DeviceRule, Hooks, Mount, Spec } from '../../oci/runtime-spec.ts';
import type { CdiDeviceNode, ContainerEdits } from './spec-file.ts';

/** Edits with their devices' numbers looked up on this machine. */
export interface ResolvedEdits {
  env: string[];
  nodes: { device: Device; rule: DeviceRule }[];
  mounts: Mount[];
  hooks: Hooks;
  additionalGids: number[];
}

/** Looks up what edits leave open: type and numbers of devices. @throws internal for a device that is not there */
export async function resolveEdits(edits: readonly ContainerEdits[]): Promise<ResolvedEdits> {
  const hooks: Hooks = {};
  for (const { hookName, path, args, env, timeout } of edits.flatMap((one) => one.hooks ?? []))
    (hooks[hookName] ??= []).push({
      path,
      ...(args && { args }),
      ...(env && { env }),
      ...(timeout && { timeout }),
    });
  return {
    env: edits.flatMap(({ env }) => env ?? []),
    nodes: await Promise.all(edits.flatMap(({ deviceNodes }) => deviceNodes ?? []).map(nodeOf)),
    mounts: edits
      .flatMap(({ mounts }) => mounts ?? [])
      .map(({ hostPath, containerPath, type = 'bind', options = ['rbind'] }) => ({
        destination: containerPath,
        source: hostPath,
        type,
        options: [...options],
      })),
    hooks,
    additionalGids: edits.flatMap(({ additionalGids }) => additionalGids ?? []).filter((gid) => gid > 0),
  };
}

async function nodeOf(node: CdiDeviceNode): Promise<{ device: Device; rule: DeviceRule }> {
  const { path, hostPath = path, permissions: access = 'rwm', fileMode, uid, gid } = node;
  const known = node.type !== undefined && (node.type === 'p' || node.major !== undefined);
  const numbers = known
    ? { type: node.type as Device['type'], major: node.major ?? 0, minor: node.minor ?? 0 }
    : await lookUp(hostPath);
  const { type, major, minor } = numbers;
  const device: Device = { path, type, major, minor };
  if (fileMode !== undefined) device.fileMode = fileMode;
  if (uid !== undefined) device.uid = uid;
  if (gid !== undefined) device.gid = gid;
  return { device, rule: { allow: true, type: type === 'u' ? 'c' : type, major, minor, access } };
}

async function lookUp(path: string): Promise<Pick<Device, 'type' | 'major' | 'minor'>> {
  const info = await stat(path).catch((error: unknown) => {
    throw internal(`CDI device injection failed: failed to stat CDI host device "${path}"`, error);
  });
  if (!info.isBlockDevice() && !info.isCharacterDevice())
    throw internal(`CDI device injection failed: "${path}" is not a device node`);
  return { type: info.isBlockDevice() ? 'b' : 'c', ...deviceNumbers(info.rdev) };
}

/** The spec with the edits made: the devices' words win over the container's own. Groups are the caller's business. */
export function withEdits(spec: Spec, edits: ResolvedEdits): Spec {
  const names = new Set(edits.env.map((entry) => entry.split('=', 1)[0]));
  const places = new Set(edits.mounts.map(({ destination }) => destination));
  const paths = new Set(edits.nodes.map(({ device }) => device.path));
  const devices = (spec.linux.devices ?? []).filter(({ path }) => !paths.has(path));
  const rules = edits.nodes.filter(({ rule }) => rule.type !== 'p').map(({ rule }) => rule);
  const { resources } = spec.linux;
  return {
    ...spec,
    process: {
      ...spec.process,
      env: [...spec.process.env.filter((entry) => !names.has(entry.split('=', 1)[0] ?? '')), ...edits.env],
    },
    mounts: [...spec.mounts.filter(({ destination }) => !places.has(destination)), ...edits.mounts],
    linux: {
      ...spec.linux,
      devices: [...devices, ...edits.nodes.map(({ device }) => device)],
      resources: { ...resources, devices: [...(resources.devices ?? []), ...rules] },
    },
    ...(Object.keys(edits.hooks).length > 0 && { hooks: edits.hooks }),
  };
}
