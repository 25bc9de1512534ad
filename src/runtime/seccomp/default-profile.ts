import type { Seccomp, SeccompSyscall } from '../../oci/runtime-spec.ts';
import { allowedAlways } from './allowed.ts';

/** System calls that come with a capability. */
const withCapability: Readonly<Record<string, string>> = {
  CAP_DAC_READ_SEARCH: 'open_by_handle_at',
  CAP_SYS_ADMIN:
    'bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules ' +
    'lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname ' +
    'sethostname setns syslog umount umount2 unshare',
  CAP_SYS_BOOT: 'reboot',
  CAP_SYS_CHROOT: 'chroot',
  CAP_SYS_MODULE: 'delete_module init_module finit_module',
  CAP_SYS_PACCT: 'acct',
  CAP_SYS_PTRACE: 'kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace',
  CAP_SYS_RAWIO: 'iopl ioperm',
  CAP_SYS_TIME: 'settimeofday stime clock_settime clock_settime64',
  CAP_SYS_TTY_CONFIG: 'vhangup',
  CAP_SYS_NICE: 'get_mempolicy mbind set_mempolicy set_mempolicy_home_node',
  CAP_SYSLOG: 'syslog',
  CAP_BPF: 'bpf',
  CAP_PERFMON: 'perf_event_open',
};

/** personality(2): the default, the 32-bit and "no randomisation of addresses" forms, and asking. */
const personalities = [0x0, 0x8, 0x20000, 0x20008, 0xffffffff];

/** Every CLONE_NEW* flag but CLONE_NEWTIME, which clone(2) cannot carry. */
const namespaceFlags = 0x7e020000;

const afVsock = 40;
const enosys = 38;
const allow = 'SCMP_ACT_ALLOW';

const architectures: Readonly<Record<string, readonly string[]>> = {
  x64: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
  arm64: ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
};

const architectureCalls: Readonly<Record<string, readonly string[]>> = {
  x64: ['arch_prctl', 'modify_ldt'],
  arm64: [
    'arm_fadvise64_64',
    'arm_sync_file_range',
    'sync_file_range2',
    'breakpoint',
    'cacheflush',
    'set_tls',
  ],
};

/**
 * The filter a container with these capabilities gets when it asks for none: everything is refused with EPERM but what is
 * listed. clone3 answers ENOSYS where new namespaces are not allowed, because its flags are out of a filter's sight and
 * libraries then fall back to clone.
 * @param arch  as `process.arch`
 * Source: the specs of Docker Engine 28.5.2 for varied capabilities.
 */
export function defaultProfile(capabilities: readonly string[], arch: string = process.arch): Seccomp {
  const has = new Set(capabilities);
  const syscalls: SeccompSyscall[] = [
    { names: [...allowedAlways], action: allow },
    { names: ['process_vm_readv', 'process_vm_writev', 'ptrace'], action: allow },
    { names: ['socket'], action: allow, args: [{ index: 0, value: afVsock, op: 'SCMP_CMP_NE' }] },
    ...personalities.map((value) => ({
      names: ['personality'],
      action: allow,
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
    })),
    ...(architectureCalls[arch] ?? []).map((name) => ({ names: [name], action: allow })),
  ];
  if (!has.has('CAP_SYS_ADMIN')) {
    const args = [{ index: 0, value: namespaceFlags, op: 'SCMP_CMP_MASKED_EQ' }];
    syscalls.push({ names: ['clone'], action: allow, args });
    syscalls.push({ names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: enosys });
  }
  for (const [capability, names] of Object.entries(withCapability))
    if (has.has(capability)) syscalls.push({ names: names.split(' '), action: allow });
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 1,
    architectures: [...(architectures[arch] ?? [])],
    syscalls,
  };
}
