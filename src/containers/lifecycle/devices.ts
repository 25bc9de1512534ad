import { readdir, stat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { internal, invalidArgument } from '../../errors.ts';
import { deviceNumbers } from '../../host/device-numbers.ts';
import type { Device, DeviceRule } from '../../oci/runtime-spec.ts';
import type { DeviceMapping, HostConfig, ThrottleDevice } from '../../runtime/config.ts';
import type { ResolvedDevices } from '../../runtime/spec/input.ts';

const none: ResolvedDevices = {
  nodes: [],
  rules: [],
  weights: [],
  throttles: { readBps: [], writeBps: [], readIops: [], writeIops: [] },
};

/**
 * Looks up the devices a container names, at each start, because numbers of devices change between boots. A
 * privileged container gets every device of the host.
 * @throws internal for a device that is missing, as the reference does
 */
export async function resolveDevices(hostConfig: HostConfig): Promise<ResolvedDevices> {
  if (!needsLookup(hostConfig)) return none;
  const mapped = await mappedDevices(hostConfig.Devices ?? []);
  const nodes = hostConfig.Privileged ? [...(await hostDevices('/dev')), ...mapped.nodes] : mapped.nodes;
  return {
    nodes: [...new Map(nodes.map((node) => [node.path, node])).values()],
    rules: [...mapped.rules, ...(hostConfig.DeviceCgroupRules ?? []).map(parseRule)],
    weights: await Promise.all(
      (hostConfig.BlkioWeightDevice ?? []).map(async ({ Path, Weight }) => ({
        ...(await numbersOf(Path)),
        weight: Weight,
      })),
    ),
    throttles: {
      readBps: await throttles(hostConfig.BlkioDeviceReadBps),
      writeBps: await throttles(hostConfig.BlkioDeviceWriteBps),
      readIops: await throttles(hostConfig.BlkioDeviceReadIOps),
      writeIops: await throttles(hostConfig.BlkioDeviceWriteIOps),
    },
  };
}

function needsLookup(config: HostConfig): boolean {
  const lists = [
    config.Devices,
    config.DeviceCgroupRules,
    config.BlkioWeightDevice,
    config.BlkioDeviceReadBps,
    config.BlkioDeviceWriteBps,
    config.BlkioDeviceReadIOps,
    config.BlkioDeviceWriteIOps,
  ];
  return config.Privileged || lists.some((list) => (list?.length ?? 0) > 0);
}

async function mappedDevices(
  mappings: readonly DeviceMapping[],
): Promise<{ nodes: Device[]; rules: DeviceRule[] }> {
  const nodes: Device[] = [];
  const rules: DeviceRule[] = [];
  for (const { PathOnHost, PathInContainer, CgroupPermissions } of mappings) {
    const access = CgroupPermissions || 'rwm';
    if (!/^[rwm]+$/.test(access)) throw invalidArgument(`invalid device mode: ${access}`);
    const inside = PathInContainer || PathOnHost;
    for (const node of await devicesAt(PathOnHost, inside)) {
      nodes.push(node);
      rules.push({ allow: true, type: node.type, major: node.major, minor: node.minor, access });
    }
  }
  return { nodes, rules };
}

/** A device, or all devices of a directory. */
async function devicesAt(path: string, inside: string): Promise<Device[]> {
  const missing = (error: unknown): never => {
    const why =
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file or directory' : String(error);
    throw internal(`error gathering device information while adding custom device "${path}": ${why}`, error);
  };
  const info = await stat(path).catch(missing);
  if (info?.isDirectory()) {
    const found = await hostDevices(path);
    if (found.length === 0) return notDevice(path);
    return found.map((node) => ({ ...node, path: inside + node.path.slice(path.length) }));
  }
  const node = await deviceNode(path);
  if (!node) return notDevice(path);
  return [{ ...node, path: inside }];
}

function notDevice(path: string): never {
  throw internal(
    `error gathering device information while adding custom device "${path}": not a device node`,
  );
}

/** What of /dev is made anew in each container. */
const skipped = new Set(['pts', 'shm', 'fd', 'mqueue', '.lxc', '.lxd-mounts', '.udev']);

async function hostDevices(directory: string): Promise<Device[]> {
  const devices: Device[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) devices.push(...(await hostDevices(path)));
    } else if (entry.name !== 'console' && (entry.isCharacterDevice() || entry.isBlockDevice())) {
      const node = await deviceNode(path).catch(() => undefined);
      if (node) devices.push(node);
    }
  }
  return devices;
}

async function deviceNode(path: string): Promise<Device | undefined> {
  const info = await stat(path);
  if (!info.isCharacterDevice() && !info.isBlockDevice()) return undefined;
  return {
    path,
    type: info.isBlockDevice() ? 'b' : 'c',
    ...deviceNumbers(info.rdev),
    fileMode: info.mode & ~constants.S_IFMT,
    uid: info.uid,
    gid: info.gid,
  };
}

async function numbersOf(path: string): Promise<{ major: number; minor: number }> {
  const info = await stat(path).catch((error: unknown) => {
    throw internal(`stat ${path}: no such file or directory`, error);
  });
  return deviceNumbers(info.rdev);
}

async function throttles(
  list: readonly ThrottleDevice[] | null,
): Promise<{ major: number; minor: number; rate: number }[]> {
  return Promise.all(
    (list ?? []).map(async ({ Path, Rate }) => ({ ...(await numbersOf(Path)), rate: Rate })),
  );
}

/** `c 42:* rwm` */
function parseRule(text: string): DeviceRule {
  const match = /^([acb]) ([0-9]+|\*):([0-9]+|\*) ([rwm]{1,3})$/.exec(text);
  if (!match) throw invalidArgument(`invalid device cgroup rule format: '${text}'`);
  const number = (part: string | undefined): number => (part === '*' ? -1 : Number(part));
  return {
    allow: true,
    type: match[1] as string,
    major: number(match[2]),
    minor: number(match[3]),
    access: match[4] as string,
  };
}
