import { invalidArgument } from '../errors.ts';
import type { Platform } from './descriptor.ts';

const systems = new Set([
  'aix',
  'android',
  'darwin',
  'dragonfly',
  'freebsd',
  'illumos',
  'ios',
  'js',
  'linux',
  'nacl',
  'netbsd',
  'openbsd',
  'plan9',
  'solaris',
  'wasip1',
  'windows',
  'zos',
]);
const architectures = new Set([
  '386',
  'amd64',
  'arm',
  'arm64',
  'loong64',
  'mips',
  'mips64',
  'mips64le',
  'mipsle',
  'ppc64',
  'ppc64le',
  'riscv64',
  's390x',
  'wasm',
]);
const aliases: Readonly<Record<string, readonly [architecture: string, variant?: string]>> = {
  i386: ['386'],
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/** The platform this engine runs on. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
}

/**
 * Reads `os`, `architecture`, `os/architecture` or `os/architecture/variant`. What is not said is the host's.
 * @throws invalid-argument with the texts of containerd's platform library
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  for (const [index, part] of parts.entries()) checkComponent(part, index === 0, text);
  if (parts.length > 3) throw invalidArgument(`"${text}": cannot parse platform specifier: invalid argument`);
  const [first = '', second, third] = parts.map((part) => part.toLowerCase());
  if (second === undefined) {
    if (systems.has(first)) return { ...hostPlatform(), os: first };
    const [architecture, variant] = aliases[first] ?? [first];
    if (!architectures.has(architecture))
      throw invalidArgument(`"${text}": unknown operating system or architecture: invalid argument`);
    return { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) };
  }
  const [architecture, implied] = aliases[second] ?? [second];
  const variant = third ?? implied;
  return { os: first, architecture, ...(variant === undefined ? {} : { variant }) };
}

const component = /^[A-Za-z0-9_.-]+$/;
const osAndVersion = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;

function checkComponent(part: string, isOs: boolean, whole: string): void {
  const pattern = isOs ? osAndVersion : component;
  if (pattern.test(part)) return;
  const [kind, rule] = isOs ? ['OS component', 'OSAndVersion'] : ['component', 'platform'];
  throw invalidArgument(
    `${JSON.stringify(part)} is an invalid ${kind} of ${JSON.stringify(whole)}: ${rule} specifier component must match ${JSON.stringify(pattern.source)}: invalid argument`,
  );
}

/** `linux/arm64/v8`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter(Boolean).join('/');
}

/** True when something for `has` is what was meant by `wanted`; an arm64 without a variant is v8. */
export function platformFits(has: Platform, wanted: Platform): boolean {
  const variant = ({ architecture, variant: own }: Platform): string =>
    own ?? (architecture === 'arm64' ? 'v8' : architecture === 'arm' ? 'v7' : '');
  return has.os === wanted.os && has.architecture === wanted.architecture && variant(has) === variant(wanted);
}
