import { internal } from '../../errors.ts';
import type { Seccomp, SeccompSyscall } from '../../oci/runtime-spec.ts';

/** What conditions of a profile are tested against. */
export interface ProfileFacts {
  /** The container's bounding set, `CAP_NAME`. */
  capabilities: readonly string[];
  /** As `process.arch`. */
  arch: string;
  /** `6.18.2-generic` */
  kernel: string;
}

interface Condition {
  caps?: string[];
  arches?: string[];
  minKernel?: string;
}

interface ProfileSyscall extends Omit<SeccompSyscall, 'names'> {
  /** The older form of a single name. */
  name?: string;
  names?: string[];
  comment?: string;
  includes?: Condition;
  excludes?: Condition;
}

interface Profile extends Omit<Seccomp, 'syscalls'> {
  archMap?: { architecture: string; subArchitectures?: string[] | null }[] | null;
  syscalls?: ProfileSyscall[] | null;
}

const goArch: Readonly<Record<string, string>> = {
  x64: 'amd64',
  arm64: 'arm64',
  riscv64: 'riscv64',
  s390x: 's390x',
  ppc64: 'ppc64le',
};
const ociArch: Readonly<Record<string, string>> = {
  x64: 'SCMP_ARCH_X86_64',
  arm64: 'SCMP_ARCH_AARCH64',
  riscv64: 'SCMP_ARCH_RISCV64',
  s390x: 'SCMP_ARCH_S390X',
  ppc64: 'SCMP_ARCH_PPC64LE',
};

/**
 * Reads a profile as `--security-opt seccomp=<file>` brings it: the OCI form, or Docker's own, where rules have conditions on
 * capabilities, architecture and kernel, and architectures come with their older relatives.
 * One that says nothing is no profile: undefined.
 * @throws internal with the reference's texts
 */
export function parseSeccompProfile(text: string, facts: ProfileFacts): Seccomp | undefined {
  const profile = decode(text);
  if (!profile.defaultAction && !profile.syscalls?.length) return undefined;
  const { archMap, syscalls, ...rest } = profile;
  if (archMap?.length && profile.architectures?.length)
    throw internal(
      "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or 'archMap'",
    );
  const own = archMap?.find(({ architecture }) => architecture === ociArch[facts.arch]);
  const architectures = own ? [own.architecture, ...(own.subArchitectures ?? [])] : profile.architectures;
  return {
    ...rest,
    ...(architectures && { architectures }),
    syscalls: (syscalls ?? []).filter((rule) => applies(rule, facts)).map(ociRule),
  };
}

function decode(text: string): Profile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const first = text.trimStart()[0];
    const why =
      first === undefined
        ? 'unexpected end of JSON input'
        : `invalid character '${first}' looking for beginning of value`;
    throw internal(`Decoding seccomp profile failed: ${why}`, error);
  }
  if (typeof value !== 'object' || value === null)
    throw internal('Decoding seccomp profile failed: a profile is an object');
  const { defaultAction, syscalls } = value as Profile;
  if (typeof defaultAction !== 'string' && syscalls?.length)
    throw internal('Decoding seccomp profile failed: a profile needs a defaultAction');
  return value as Profile;
}

function applies({ includes = {}, excludes = {} }: ProfileSyscall, facts: ProfileFacts): boolean {
  const { capabilities, kernel } = facts;
  const arch = goArch[facts.arch] ?? facts.arch;
  const included =
    (includes.arches?.length ? includes.arches.includes(arch) : true) &&
    (includes.caps ?? []).every((name) => capabilities.includes(name)) &&
    (includes.minKernel === undefined || kernelAtLeast(kernel, includes.minKernel));
  const excluded =
    (excludes.arches ?? []).includes(arch) ||
    (excludes.caps ?? []).some((name) => capabilities.includes(name)) ||
    (excludes.minKernel !== undefined && kernelAtLeast(kernel, excludes.minKernel));
  return included && !excluded;
}

function ociRule({ name, names, action, errnoRet, args }: ProfileSyscall): SeccompSyscall {
  if (name !== undefined && names?.length)
    throw internal(
      "both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'",
    );
  const all = name === undefined ? (names ?? []) : [name];
  return { names: all, action, ...(errnoRet != null && { errnoRet }), ...(args?.length && { args }) };
}

/** Compares `major.minor` only. */
function kernelAtLeast(kernel: string, wanted: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => parseInt(part, 10));
  const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map((part) => parseInt(part, 10));
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
