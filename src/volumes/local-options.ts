import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { internal, invalidArgument, messageOf } from '../errors.ts';

/** Options of a local volume, as given: `type`, `device`, `o`, `size`. */
export type VolumeOptions = Readonly<Record<string, string>>;

/** What mount(2) is told for a volume. */
export interface VolumeMount {
  source: string;
  type: string;
  flags: number;
  data: string;
}

const required: Readonly<Record<string, readonly string[]>> = {
  device: ['type'],
  o: ['device', 'type'],
  size: [],
  type: ['device'],
};

/**
 * Checks the options of a volume that is to be made.
 * @throws invalid-argument with the reference's texts; a size is refused, for no quota is kept
 */
export function verifyLocalOptions(options: VolumeOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(required, name));
  if (unknown !== undefined) throw invalidArgument(`invalid option: ${JSON.stringify(unknown)}`);
  if (options['size'] !== undefined) verifySize(options['size']);
  for (const name of Object.keys(options).sort())
    for (const other of required[name] ?? [])
      if (options[other] === undefined) throw invalidArgument(`missing required option: "${other}"`);
}

function verifySize(size: string): void {
  if (!/^\d+(\.\d+)? ?([kmgtp]i?)?b?$/i.test(size)) throw invalidArgument(`invalid size: '${size}'`);
  if (Number.parseFloat(size) > 0) throw invalidArgument('quota size requested but no quota support');
}

/** Whether there is a file system to mount, rather than just a directory. */
export function isMounted(options: VolumeOptions | null): options is VolumeOptions {
  return Boolean(options && (options['device'] || options['type']));
}

/** Bits of mount(2) by the word of mount(8); false takes them away. */
const words: Readonly<Record<string, readonly [flags: number, on: boolean]>> = {
  defaults: [0, true],
  ro: [1, true],
  rw: [1, false],
  nosuid: [2, true],
  suid: [2, false],
  nodev: [4, true],
  dev: [4, false],
  noexec: [8, true],
  exec: [8, false],
  sync: [16, true],
  async: [16, false],
  remount: [32, true],
  mand: [64, true],
  nomand: [64, false],
  dirsync: [128, true],
  noatime: [1024, true],
  atime: [1024, false],
  nodiratime: [2048, true],
  diratime: [2048, false],
  bind: [4096, true],
  rbind: [4096 | 16_384, true],
  unbindable: [1 << 17, true],
  runbindable: [(1 << 17) | 16_384, true],
  private: [1 << 18, true],
  rprivate: [(1 << 18) | 16_384, true],
  slave: [1 << 19, true],
  rslave: [(1 << 19) | 16_384, true],
  shared: [1 << 20, true],
  rshared: [(1 << 20) | 16_384, true],
  relatime: [1 << 21, true],
  norelatime: [1 << 21, false],
  strictatime: [1 << 24, true],
  nostrictatime: [1 << 24, false],
};

/** `o` as flags and what only the file system itself understands. */
export function parseMountOptions(text: string): { flags: number; data: string } {
  let flags = 0;
  const data: string[] = [];
  for (const option of text.split(',')) {
    const known = words[option];
    if (!known) data.push(option);
    else if (known[1]) flags |= known[0];
    else flags &= ~known[0];
  }
  return { flags, data: data.join(',') };
}

/**
 * What has to be mounted for a volume. The host of a network file system is looked up here, for the kernel takes addresses only.
 * @throws internal with the reference's text when the name is not known
 */
export async function volumeMount(options: VolumeOptions): Promise<VolumeMount> {
  const { type = '', device = '', o = '' } = options;
  if (device === '') throw internal('missing device in volume options');
  if (type !== 'nfs' && type !== 'cifs') return unresolved(options);
  const named = await withAddress(o);
  if (named !== o || type === 'nfs') return { source: device, type, ...parseMountOptions(named) };
  const host = /^(?:\w+:)?\/\/([^/:]+)/.exec(device)?.[1] ?? '';
  if (host === '' || isIP(host) !== 0) return unresolved(options);
  return { source: device.replace(host, await addressOf(host)), type, ...parseMountOptions(o) };
}

/** The same with names as they are. */
export function unresolved({ type = '', device = '', o = '' }: VolumeOptions): VolumeMount {
  return { source: device, type, ...parseMountOptions(o) };
}

async function withAddress(options: string): Promise<string> {
  const name = /(?:^|,)addr=([^,]*)/.exec(options)?.[1] ?? '';
  if (name === '' || isIP(name) === 4) return options;
  return options.replace(`addr=${name}`, `addr=${await addressOf(name)}`);
}

async function addressOf(name: string): Promise<string> {
  try {
    return (await lookup(name)).address;
  } catch (error) {
    throw internal(`error resolving passed in network volume address: ${messageOf(error)}`, error);
  }
}

/** How the reference words a mount(2) that failed. Passwords are left out. */
export function mountFailure(target: string, { source, flags, data }: VolumeMount, why: string): string {
  const shown = data.replace(/(^|,)password=[^,]*/g, '$1password=********');
  return (
    `failed to mount local volume: mount ${source}:${target}` +
    (flags !== 0 ? `, flags: 0x${flags.toString(16)}` : '') +
    (shown !== '' ? `, data: ${shown}` : '') +
    `: ${why}`
  );
}
