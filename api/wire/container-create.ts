import type { CreateBody } from '../../src/containers/service.ts';
import type { ApiVersion } from '../versions.ts';

type Given = NonNullable<CreateBody['HostConfig']>;

/**
 * What a create request means that was written for `version`: fields a version did not have are left out, and what was not said
 * means what it meant then. Observed with Docker Engine 28.5.2.
 */
export function createBodyAt(body: CreateBody | undefined, version: ApiVersion): CreateBody | undefined {
  if (!body) return body;
  const { Healthcheck, HostConfig } = body;
  if (!version.atLeast(44) && Healthcheck) delete Healthcheck.StartInterval;
  if (HostConfig) adaptHostConfig(HostConfig, version);
  else if (!version.atLeast(41)) body.HostConfig = adaptHostConfig({}, version);
  return body;
}

function adaptHostConfig(config: Given, version: ApiVersion): Given {
  for (const mount of config.Mounts ?? []) {
    const { BindOptions } = mount;
    if (!BindOptions) continue;
    if (!version.atLeast(40)) delete BindOptions.NonRecursive;
    // Read-only mounts were so on the surface only.
    if (!version.atLeast(44) && mount.ReadOnly) BindOptions.ReadOnlyNonRecursive = true;
  }
  if (!version.atLeast(43)) delete config.Annotations;
  if (!version.atLeast(42)) delete config.ConsoleSize;
  if (!version.atLeast(41) && !config.CgroupnsMode) config.CgroupnsMode = 'host';
  if (!version.atLeast(40)) {
    delete config.KernelMemoryTCP;
    config.IpcMode ||= 'shareable';
  }
  return config;
}
