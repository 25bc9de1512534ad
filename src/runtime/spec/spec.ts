import type { Linux, Seccomp, Spec } from '../../oci/runtime-spec.ts';
import { withEdits } from '../cdi/inject.ts';
import { defaultProfile } from '../seccomp/default-profile.ts';
import { parseSeccompProfile } from '../seccomp/profile.ts';
import { effectiveCapabilities } from './capabilities.ts';
import type { SpecInput } from './input.ts';
import { mountsOf } from './mounts.ts';
import { namespacesOf } from './namespaces.ts';
import { processOf } from './process.ts';
import { resourcesOf } from './resources.ts';

/**
 * The oldest version that describes a container like ours, so that older runtimes take it: Debian 12's crun 1.8 accepts nothing newer
 * than 1.0, though it knows what came later and is used here (recursive read-only mounts, `defaultErrnoRet`).
 */
const ociVersion = '1.0.2';

/**
 * The OCI config of one start of a container. Pure: the same input gives the same spec, and all that depends on the
 * machine is in the input. `root.path` is where a runtime of its own finds the root filesystem; the built-in one is handed
 * the mount itself. Compared with the specs of Docker Engine 28.5.2 in spec.test.ts.
 */
export function generateSpec(input: SpecInput): Spec {
  const { config, hostConfig } = input;
  const spec: Spec = {
    ociVersion,
    process: processOf(input),
    root: {
      path: `${input.bundle}/rootfs`,
      ...(hostConfig.ReadonlyRootfs ? { readonly: true as const } : {}),
    },
    mounts: mountsOf(input),
    linux: linuxOf(input),
  };
  if (hostConfig.UTSMode !== 'host') spec.hostname = config.Hostname;
  if (hostConfig.Annotations && Object.keys(hostConfig.Annotations).length > 0)
    spec.annotations = hostConfig.Annotations;
  return input.edits ? withEdits(spec, input.edits) : spec;
}

function linuxOf(input: SpecInput): Linux {
  const { hostConfig, devices } = input;
  const linux: Linux = {
    namespaces: namespacesOf(input),
    cgroupsPath: `${input.cgroupParent}/${input.id}`,
    resources: resourcesOf(input),
  };
  const sysctl = sysctlsOf(input);
  if (Object.keys(sysctl).length > 0) linux.sysctl = sysctl;
  if (devices.nodes.length > 0) linux.devices = [...devices.nodes];
  if (hostConfig.MaskedPaths?.length) linux.maskedPaths = hostConfig.MaskedPaths;
  if (hostConfig.ReadonlyPaths?.length) linux.readonlyPaths = hostConfig.ReadonlyPaths;
  const propagation = rootPropagation(input);
  if (propagation !== undefined) linux.rootfsPropagation = propagation;
  if (input.idMaps) {
    linux.uidMappings = input.idMaps.uids;
    linux.gidMappings = input.idMaps.gids;
  }
  const seccomp = seccompOf(input);
  if (seccomp) linux.seccomp = seccomp;
  return linux;
}

function seccompOf({ security, host, hostConfig }: SpecInput): Seccomp | undefined {
  if (security.seccomp === 'unconfined') return undefined;
  const { CapAdd: add, CapDrop: drop, Privileged: privileged } = hostConfig;
  const capabilities = effectiveCapabilities({ add, drop, privileged, available: host.capabilities });
  if (security.seccomp === 'default') return defaultProfile(capabilities);
  return parseSeccompProfile(security.seccomp.text, {
    capabilities,
    arch: process.arch,
    kernel: host.kernel,
  });
}

/**
 * Low ports and ping need no privilege where the network is the container's own. What the user asks for wins.
 */
function sysctlsOf({ config, hostConfig, idMaps }: SpecInput): Record<string, string> {
  const sysctls: Record<string, string> = {};
  if (config.Domainname !== '' && hostConfig.UTSMode !== 'host')
    sysctls['kernel.domainname'] = config.Domainname;
  if (hostConfig.NetworkMode !== 'host' && !hostConfig.NetworkMode.startsWith('container:')) {
    sysctls['net.ipv4.ip_unprivileged_port_start'] = '0';
    // A user namespace has no groups up to there.
    if (!idMaps) sysctls['net.ipv4.ping_group_range'] = '0 2147483647';
  }
  return { ...sysctls, ...hostConfig.Sysctls };
}

/** A mount that is to share what is mounted later needs a root that is at least a slave of the host's. */
function rootPropagation({ mounts }: SpecInput): string | undefined {
  const wanted = mounts.map(({ propagation }) => propagation.replace(/^r/, ''));
  if (wanted.includes('shared')) return 'shared';
  return wanted.includes('slave') ? 'rslave' : undefined;
}
