import { invalidArgument } from '../../errors.ts';
import type { Capabilities } from '../../oci/runtime-spec.ts';

/** What a container has unless told otherwise. */
const standard = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_FSETID',
  'CAP_FOWNER',
  'CAP_MKNOD',
  'CAP_NET_RAW',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETFCAP',
  'CAP_SETPCAP',
  'CAP_NET_BIND_SERVICE',
  'CAP_SYS_CHROOT',
  'CAP_KILL',
  'CAP_AUDIT_WRITE',
];

/** All capabilities of capabilities(7), in the kernel's order: the position is the number. */
const all = [
  'CAP_CHOWN',
  'CAP_DAC_OVERRIDE',
  'CAP_DAC_READ_SEARCH',
  'CAP_FOWNER',
  'CAP_FSETID',
  'CAP_KILL',
  'CAP_SETGID',
  'CAP_SETUID',
  'CAP_SETPCAP',
  'CAP_LINUX_IMMUTABLE',
  'CAP_NET_BIND_SERVICE',
  'CAP_NET_BROADCAST',
  'CAP_NET_ADMIN',
  'CAP_NET_RAW',
  'CAP_IPC_LOCK',
  'CAP_IPC_OWNER',
  'CAP_SYS_MODULE',
  'CAP_SYS_RAWIO',
  'CAP_SYS_CHROOT',
  'CAP_SYS_PTRACE',
  'CAP_SYS_PACCT',
  'CAP_SYS_ADMIN',
  'CAP_SYS_BOOT',
  'CAP_SYS_NICE',
  'CAP_SYS_RESOURCE',
  'CAP_SYS_TIME',
  'CAP_SYS_TTY_CONFIG',
  'CAP_MKNOD',
  'CAP_LEASE',
  'CAP_AUDIT_WRITE',
  'CAP_AUDIT_CONTROL',
  'CAP_SETFCAP',
  'CAP_MAC_OVERRIDE',
  'CAP_MAC_ADMIN',
  'CAP_SYSLOG',
  'CAP_WAKE_ALARM',
  'CAP_BLOCK_SUSPEND',
  'CAP_AUDIT_READ',
  'CAP_PERFMON',
  'CAP_BPF',
  'CAP_CHECKPOINT_RESTORE',
];

/** The capabilities of a kernel's bounding set, given as the hexadecimal `CapBnd` of /proc/self/status. */
export function capabilitiesOfMask(mask: string): string[] {
  const bits = BigInt(`0x${mask}`);
  return all.filter((_, number) => (bits >> BigInt(number)) & 1n);
}

/**
 * Brings a list as users give it to `CAP_NAME` form, `ALL` kept, sorted and without repeats.
 * @param field  CapAdd or CapDrop, for the error
 * @throws invalid-argument for what is no capability of Linux
 */
export function normaliseCapabilities(names: readonly string[], field: string): string[] {
  const normal = names.map((given) => {
    const upper = given.trim().toUpperCase();
    if (upper === 'ALL') return upper;
    const name = upper.startsWith('CAP_') ? upper : `CAP_${upper}`;
    if (!all.includes(name)) throw invalidArgument(`invalid ${field}: unknown capability: "${name}"`);
    return name;
  });
  return [...new Set(normal)].sort();
}

export interface CapabilityRequest {
  add: readonly string[] | null;
  drop: readonly string[] | null;
  privileged: boolean;
  /** What the kernel and the daemon's own limits leave. */
  available: readonly string[];
}

/**
 * The capabilities of a container, in Docker's order: with ALL added, everything available but what is dropped; with ALL
 * dropped, only what is added; otherwise the standard ones without the dropped, then the added. A capability the daemon itself
 * lacks is left out.
 */
export function effectiveCapabilities({ add, drop, privileged, available }: CapabilityRequest): string[] {
  if (privileged) return [...available];
  const added = normaliseCapabilities(add ?? [], 'CapAdd');
  const dropped = normaliseCapabilities(drop ?? [], 'CapDrop');
  let names: string[];
  if (added.includes('ALL')) names = available.filter((name) => !dropped.includes(name));
  else if (dropped.includes('ALL')) names = inGivenOrder(add, added);
  else {
    const kept = standard.filter((name) => !dropped.includes(name));
    names = [...kept, ...inGivenOrder(add, added).filter((name) => !kept.includes(name))];
  }
  return names.filter((name) => name !== 'ALL' && available.includes(name));
}

/** `names`, already normalised, in the order of the user's list. */
function inGivenOrder(given: readonly string[] | null, names: readonly string[]): string[] {
  const order = (given ?? []).map((name) =>
    name
      .trim()
      .toUpperCase()
      .replace(/^(CAP_)?/, 'CAP_'),
  );
  return [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** The sets of the spec. Nothing is inheritable, so that a program run by a user of the container gains nothing. */
export function capabilitySets(names: readonly string[]): Capabilities {
  return { bounding: [...names], effective: [...names], permitted: [...names] };
}
