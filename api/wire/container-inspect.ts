import type { Container } from '../../src/containers/container.ts';
import type { ContainerService } from '../../src/containers/containers.ts';
import { filesHolder } from '../../src/containers/network-request.ts';
import { commandLine } from '../../src/containers/create/config.ts';
import { zeroTime } from '../../src/containers/state.ts';
import { stateOf } from './container-state.ts';

export interface InspectExtras {
  /** Bytes; undefined when not asked for. */
  sizes: { own: number; total: number } | undefined;
  execIds: readonly string[];
}

/** `GET /containers/{id}/json`. Paths of files are empty until there has been a run. */
export function containerInspect(
  containers: ContainerService,
  container: Container,
  { sizes, execIds }: InspectExtras,
): object {
  const { id, name, record, state, config, hostConfig } = container;
  const { paths } = containers;
  const [path = '', ...args] = commandLine(config);
  const ran = state.startedAt !== zeroTime;
  // In another's network the other's files are used.
  const owner = ran ? filesHolder(container, (joined) => containers.find(joined))?.id : undefined;
  const driver = containers.graphDriver(container);
  return {
    Id: id,
    Created: record.created,
    Path: path,
    Args: args,
    State: stateOf(state, container.health),
    Image: record.imageId,
    ResolvConfPath: owner ? paths.resolvConf(owner) : '',
    HostnamePath: owner ? paths.hostname(owner) : '',
    HostsPath: owner ? paths.hosts(owner) : '',
    LogPath: ran && hostConfig.LogConfig.Type === 'json-file' ? containers.logPath(container) : '',
    Name: `/${name}`,
    RestartCount: state.restartCount,
    Driver: driver.Name,
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: execIds.length > 0 ? execIds : null,
    HostConfig: { ...hostConfig, Links: containers.links.shown(container) },
    GraphDriver: driver,
    ...(sizes && { SizeRw: sizes.own, SizeRootFs: sizes.total }),
    Mounts: record.mounts.map(mountPointOf),
    Config: configOf(container),
    NetworkSettings: containers.networkSettings(container),
  };
}

function mountPointOf(point: Container['record']['mounts'][number]): object {
  const { Type, Name, Source, Destination, Driver, Mode, RW, Propagation } = point;
  const volume = Type === 'volume';
  return {
    Type,
    ...((volume || Type === 'image') && { Name }),
    Source,
    Destination,
    ...(volume && { Driver }),
    Mode,
    RW,
    Propagation,
  };
}

function configOf({ config }: Container): object {
  const { ExposedPorts, ...rest } = config;
  return {
    Hostname: rest.Hostname,
    Domainname: rest.Domainname,
    User: rest.User,
    AttachStdin: rest.AttachStdin,
    AttachStdout: rest.AttachStdout,
    AttachStderr: rest.AttachStderr,
    ...(ExposedPorts && { ExposedPorts: sorted(ExposedPorts) }),
    Tty: rest.Tty,
    OpenStdin: rest.OpenStdin,
    StdinOnce: rest.StdinOnce,
    Env: rest.Env,
    Cmd: rest.Cmd,
    ...(rest.Healthcheck && { Healthcheck: rest.Healthcheck }),
    ...(rest.ArgsEscaped && { ArgsEscaped: true }),
    Image: rest.Image,
    Volumes: rest.Volumes,
    WorkingDir: rest.WorkingDir,
    Entrypoint: rest.Entrypoint,
    ...(rest.NetworkDisabled && { NetworkDisabled: true }),
    ...(rest.MacAddress && { MacAddress: rest.MacAddress }),
    OnBuild: rest.OnBuild,
    Labels: sorted(rest.Labels),
    ...(rest.StopSignal && { StopSignal: rest.StopSignal }),
    ...(rest.StopTimeout !== undefined && { StopTimeout: rest.StopTimeout }),
    ...(rest.Shell && { Shell: rest.Shell }),
  };
}

/** Go writes maps in the order of their keys. */
function sorted<T>(map: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}
