import type { Volume } from '../../src/volumes/service.ts';

/** A volume as inspect and list show it. */
export function volumeWire({ name, created, labels, anonymous, options, path }: Volume): object {
  const all = { ...labels, ...(anonymous && { 'com.docker.volume.anonymous': '' }) };
  const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    CreatedAt: created,
    Driver: 'local',
    Labels: Object.keys(sorted).length > 0 ? sorted : null,
    Mountpoint: path,
    Name: name,
    Options: options && Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))),
    Scope: 'local',
  };
}
