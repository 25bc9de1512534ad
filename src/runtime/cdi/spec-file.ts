import { parse } from 'yaml';
import type { Hooks } from '../../oci/runtime-spec.ts';

/** What a device changes in a container. Source: Container Device Interface specification 0.8 to 1.1, containerEdits. */
export interface ContainerEdits {
  env?: string[];
  deviceNodes?: CdiDeviceNode[];
  mounts?: { hostPath: string; containerPath: string; type?: string; options?: string[] }[];
  hooks?: { hookName: keyof Hooks; path: string; args?: string[]; env?: string[]; timeout?: number }[];
  additionalGids?: number[];
}

export interface CdiDeviceNode {
  path: string;
  hostPath?: string;
  type?: string;
  major?: number;
  minor?: number;
  fileMode?: number;
  permissions?: string;
  uid?: number;
  gid?: number;
}

/** One file: the devices of one kind (`vendor.com/class`), and what all of them need. */
export interface CdiSpec {
  kind: string;
  devices: { name: string; containerEdits: ContainerEdits }[];
  containerEdits: ContainerEdits;
}

const kindPattern = /^[A-Za-z][A-Za-z0-9_.-]*\/[A-Za-z][A-Za-z0-9_-]*$/;
const namePattern = /^[A-Za-z0-9]([A-Za-z0-9_.:-]*[A-Za-z0-9])?$/;
const hookNames = ['prestart', 'createRuntime', 'createContainer', 'startContainer', 'poststart', 'poststop'];

/**
 * Reads one specification, JSON or YAML (of which JSON is a part).
 * @throws Error that says what is wrong with it; nothing of such a file is used
 */
export function parseCdiSpec(text: string): CdiSpec {
  const value: unknown = parse(text);
  const { cdiVersion, kind, devices, containerEdits } = record(value, 'the specification');
  if (typeof cdiVersion !== 'string') throw new Error('cdiVersion is missing');
  if (typeof kind !== 'string' || !kindPattern.test(kind)) throw new Error(`invalid kind ${String(kind)}`);
  if (!Array.isArray(devices) || devices.length === 0) throw new Error('there are no devices');
  const named = devices.map((device) => {
    const { name, containerEdits: edits } = record(device, 'a device');
    const text = String(name);
    if (!namePattern.test(text)) throw new Error(`invalid device name ${text}`);
    return { name: text, containerEdits: editsOf(edits) };
  });
  if (new Set(named.map(({ name }) => name)).size < named.length) throw new Error('a device is named twice');
  return { kind, devices: named, containerEdits: editsOf(containerEdits) };
}

function editsOf(value: unknown): ContainerEdits {
  if (value == null) return {};
  const edits = record(value, 'containerEdits');
  if (edits['intelRdt']) throw new Error('intelRdt is not supported');
  for (const entry of list(edits['env']))
    if (!String(entry).includes('=')) throw new Error(`invalid env ${entry}`);
  for (const node of list(edits['deviceNodes'])) absolute(record(node, 'a device node')['path']);
  for (const mount of list(edits['mounts'])) {
    const { hostPath, containerPath } = record(mount, 'a mount');
    if (typeof hostPath !== 'string' || hostPath === '') throw new Error('a mount has no hostPath');
    absolute(containerPath);
  }
  for (const hook of list(edits['hooks'])) {
    const { hookName, path } = record(hook, 'a hook');
    if (!hookNames.includes(String(hookName))) throw new Error(`invalid hook ${String(hookName)}`);
    absolute(path);
  }
  return edits as ContainerEdits;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what} is no object`);
  return value as Record<string, unknown>;
}

function list(value: unknown): unknown[] {
  if (value == null) return [];
  if (!Array.isArray(value)) throw new Error('a list of containerEdits is none');
  return value;
}

function absolute(path: unknown): void {
  if (typeof path !== 'string' || !path.startsWith('/')) throw new Error(`invalid path ${String(path)}`);
}
