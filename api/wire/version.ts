import type { HostFacts } from '../../src/system/host.ts';
import { berthVersion, engineVersion } from '../../src/version.ts';
import { newest, oldest } from '../versions.ts';

/** What `GET /version` answers. There is no build, hence no time of one. */
export function versionOf(host: HostFacts, experimental: boolean): object {
  const runtime = `node ${process.version}`;
  return {
    Platform: { Name: `Berth ${berthVersion}` },
    Components: [
      {
        Name: 'Engine',
        Version: engineVersion,
        Details: {
          ApiVersion: newest.text,
          Arch: host.architecture,
          BuildTime: '',
          Experimental: String(experimental),
          GitCommit: '',
          GoVersion: runtime,
          KernelVersion: host.kernelVersion,
          MinAPIVersion: oldest.text,
          Os: 'linux',
        },
      },
      { Name: 'berth-executor', Version: berthVersion, Details: { GitCommit: '' } },
      { Name: 'berth-shim', Version: berthVersion, Details: { GitCommit: '' } },
      { Name: 'berth-init', Version: berthVersion, Details: { GitCommit: '' } },
    ],
    Version: engineVersion,
    ApiVersion: newest.text,
    MinAPIVersion: oldest.text,
    GitCommit: '',
    GoVersion: runtime,
    Os: 'linux',
    Arch: host.architecture,
    KernelVersion: host.kernelVersion,
    ...(experimental && { Experimental: true }),
    BuildTime: '',
  };
}
