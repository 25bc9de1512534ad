import type { Container } from '../../src/containers/container.ts';
import type { ContainerService } from '../../src/containers/containers.ts';
import { commandLine } from '../../src/containers/create/config.ts';
import type { ApiVersion } from '../versions.ts';
import { statusText } from './container-state.ts';

/** One element of `GET /containers/json`. `own` and `total` bytes when sizes were asked for; zero is left out. */
export function containerSummary(
  containers: ContainerService,
  container: Container,
  sizes: { own: number; total: number } | undefined,
  {
    version,
    imageIdOf,
    linkNames,
  }: {
    version: ApiVersion;
    imageIdOf(reference: string): string | undefined;
    linkNames: ReadonlyMap<string, readonly string[]>;
  },
): object {
  const { id, name, record, state, config, hostConfig } = container;
  const { Networks, Ports } = containers.networkSettings(container);
  const { Annotations } = hostConfig;
  return {
    Id: id,
    Names: [`/${name}`, ...(linkNames.get(id) ?? [])],
    Image: imageName(container, imageIdOf),
    ImageID: record.imageId,
    Command: commandText(commandLine(config)),
    Created: Math.floor(Date.parse(record.created) / 1000),
    Ports: portsOf(Ports),
    ...(sizes?.own && { SizeRw: sizes.own }),
    ...(sizes?.total && { SizeRootFs: sizes.total }),
    Labels: Object.fromEntries(Object.entries(config.Labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    State: state.status,
    Status: statusText(state, Date.now(), container.health),
    HostConfig: {
      NetworkMode: hostConfig.NetworkMode,
      ...(version.atLeast(46) && Annotations && { Annotations }),
    },
    NetworkSettings: { Networks: Object.fromEntries(Object.entries(Networks).map(withoutNames)) },
    Mounts: record.mounts.map(({ Type, Name, Source, Destination, Driver, Mode, RW, Propagation }) => ({
      Type,
      ...((Type === 'volume' || Type === 'image') && { Name }),
      // The list shows volumes that the image asked for by name only.
      Source: Type === 'volume' && record.anonymousVolumes.includes(Name ?? '') ? '' : Source,
      Destination,
      ...(Type === 'volume' && { Driver }),
      Mode,
      RW,
      Propagation,
    })),
  };
}

/** The list leaves out what an endpoint was asked to be called, and the driver's options. */
function withoutNames([name, endpoint]: [string, object]): [string, object] {
  return [name, { ...endpoint, Links: null, Aliases: null, DriverOpts: null, DNSNames: null }];
}

/** The name the container was made with, unless it means another image by now: then the id. */
function imageName(
  { config, record }: Container,
  imageIdOf: (reference: string) => string | undefined,
): string {
  return imageIdOf(config.Image) === record.imageId ? config.Image : record.imageId;
}

/** Words joined by spaces, quoted where they hold one. */
function commandText(words: readonly string[]): string {
  return words.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ');
}

interface Port {
  IP?: string;
  PrivatePort: number;
  PublicPort?: number;
  Type: string;
}

/** Published ports as they came out, exposed ones without a public number. */
function portsOf(published: Record<string, { HostIp: string; HostPort: string }[] | null>): Port[] {
  const ports: Port[] = [];
  for (const [key, bindings] of Object.entries(published)) {
    const [number = '', Type = 'tcp'] = key.split('/');
    const PrivatePort = Number(number);
    if (!Number.isInteger(PrivatePort)) continue;
    if (!bindings?.length) ports.push({ PrivatePort, Type });
    for (const { HostIp, HostPort } of bindings ?? [])
      ports.push({ IP: HostIp, PrivatePort, PublicPort: Number(HostPort), Type });
  }
  return ports;
}
