import { posix } from 'node:path';
import { internal, invalidArgument } from '../../errors.ts';
import type { Mount, MountType } from '../../runtime/config.ts';

/** One mount as asked for, whether by `Binds` or by `Mounts`. */
export interface MountSpec {
  type: MountType;
  /** Host path, volume name ('' for a volume without one), or an image as it was given. */
  source: string;
  target: string;
  readOnly: boolean;
  /** The mode as inspect shows it. */
  mode: string;
  propagation: string;
  /** Options of `Mounts`; undefined for what came from `Binds`. */
  mount: Mount | undefined;
}

const propagations = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'];

/** Words of a mode, by what they speak of; each group may be named once. */
const modeGroups: readonly (readonly string[])[] = [
  ['rw', 'ro'],
  ['z', 'Z'],
  propagations,
  ['nocopy'],
  ['consistent', 'cached', 'delegated', 'default'],
];

/**
 * Parses `source:target:mode`, `source:target` or `target`.
 * @throws internal with the reference's texts (it answers 500)
 */
export function parseBind(text: string): MountSpec {
  const parts = text.split(':');
  const [first = '', second = '', mode = ''] = parts;
  const invalid = (why = ''): never => {
    throw internal(`invalid volume specification: '${text}'${why}`);
  };
  if (first === '' || parts.length > 3 || (parts.length === 2 && isMode(second))) invalid();
  if (parts.length === 3 && !isMode(mode)) throw internal(`invalid mode: ${mode}`);
  const words = mode.split(',');
  const propagation = words.find((word) => propagations.includes(word)) ?? '';
  const [source, target] = parts.length === 1 ? ['', first] : [first, second];
  const type: MountType = source.startsWith('/') ? 'bind' : 'volume';
  const prefix = `: invalid mount config for type "${type}": `;
  if (type === 'volume' && propagation !== '') invalid(`${prefix}field BindOptions must not be specified`);
  if (type === 'bind' && words.includes('nocopy'))
    invalid(`${prefix}field VolumeOptions must not be specified`);
  const wrong = targetFault(target);
  if (wrong !== undefined) invalid(`${prefix}${wrong}`);
  return {
    type,
    source: type === 'bind' ? posix.normalize(source).replace(/(.)\/$/, '$1') : source,
    target: clean(target),
    readOnly: words.includes('ro'),
    mode: mode === '' && type === 'volume' ? 'z' : mode,
    propagation: type === 'bind' ? propagation || 'rprivate' : '',
    mount: words.includes('nocopy')
      ? { Type: 'volume', Target: target, VolumeOptions: { NoCopy: true } }
      : undefined,
  };
}

function isMode(text: string): boolean {
  const words = text.split(',');
  if (words.some((word) => !modeGroups.some((group) => group.includes(word)))) return false;
  return modeGroups.every((group) => words.filter((word) => group.includes(word)).length <= 1);
}

/**
 * Parses one entry of `Mounts`.
 * @param exists  whether a path is there on the host
 * @throws invalid-argument with the reference's texts
 */
export async function parseMount(
  mount: Mount,
  exists: (path: string) => Promise<boolean>,
): Promise<MountSpec> {
  const type = mount.Type ?? '';
  const fail = (why: string): never => {
    throw invalidArgument(`invalid mount config for type "${type}": ${why}`);
  };
  if (!['bind', 'volume', 'tmpfs', 'image'].includes(type)) fail('mount type unknown');
  refuseForeignOptions(mount);
  const { Source: source = '', Target: target = '', ReadOnly: readOnly = false } = mount;
  if (target === '') fail('field Target must not be empty');
  const wrong = targetFault(target);
  if (wrong !== undefined) fail(wrong);
  if (type === 'image' && source === '') fail('field Source must not be empty');
  if (type === 'tmpfs' && source !== '') fail('field Source must not be specified');
  if (type === 'tmpfs') verifyTmpfsOptions(mount.TmpfsOptions?.Options ?? [], fail);
  if (type === 'volume' && source === '' && readOnly)
    fail('must not set ReadOnly mode when using anonymous volumes');
  if (type === 'bind') await verifyBind(mount, source, exists, fail);
  const subpath = mount.VolumeOptions?.Subpath ?? mount.ImageOptions?.Subpath ?? '';
  if (subpath.startsWith('/') || clean(subpath).split('/')[0] === '..')
    fail('subpath must be a relative path within the volume');
  return {
    type,
    source: type === 'bind' ? clean(source) : source,
    target: clean(target),
    // An image is shared by all who have it.
    readOnly: readOnly || type === 'image',
    mode: type === 'volume' ? 'z' : '',
    propagation: propagationOf(mount),
    mount,
  };
}

function propagationOf({ Type, BindOptions }: Mount): string {
  if (Type === 'image') return 'rprivate';
  return Type === 'bind' ? BindOptions?.Propagation || 'rprivate' : '';
}

function verifyTmpfsOptions(options: readonly (readonly string[])[], fail: (why: string) => never): void {
  for (const option of options) {
    if (option.length < 1 || option.length > 2) fail('invalid option array length');
    if (!['exec', 'noexec'].includes(option[0] ?? '')) fail(`invalid option: ${option[0]}`);
  }
}

function refuseForeignOptions(mount: Mount): void {
  const kinds = {
    BindOptions: 'bind',
    VolumeOptions: 'volume',
    TmpfsOptions: 'tmpfs',
    ImageOptions: 'image',
  } as const;
  for (const [field, type] of Object.entries(kinds))
    if (mount[field as keyof typeof kinds] !== undefined && mount.Type !== type)
      throw invalidArgument(`${field} must not be specified on mount type "${mount.Type}"`);
}

async function verifyBind(
  { BindOptions = {}, ReadOnly }: Mount,
  source: string,
  exists: (path: string) => Promise<boolean>,
  fail: (why: string) => never,
): Promise<void> {
  if (source === '') fail('field Source must not be empty');
  if (!source.startsWith('/')) fail(`invalid mount path: '${source}' mount path must be absolute`);
  const { Propagation = '' } = BindOptions;
  if (Propagation !== '' && !propagations.includes(Propagation))
    fail(`invalid propagation mode: ${Propagation}`);
  if ((BindOptions.ReadOnlyNonRecursive || BindOptions.ReadOnlyForceRecursive) && !ReadOnly)
    fail('mount must be set read-only when ReadOnlyNonRecursive or ReadOnlyForceRecursive is set');
  if (!BindOptions.CreateMountpoint && !(await exists(source)))
    fail(`bind source path does not exist: ${source}`);
}

/** What is wrong with a target, or undefined. */
export function targetFault(target: string): string | undefined {
  if (!target.startsWith('/')) return `invalid mount path: '${target}' mount path must be absolute`;
  if (clean(target) === '/') return "invalid specification: destination can't be '/'";
  return undefined;
}

function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal;
}
