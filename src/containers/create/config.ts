import { invalidArgument } from '../../errors.ts';
import type { ImageRuntimeConfig } from '../../oci/image-config.ts';
import type { ContainerConfig, Healthcheck } from '../../runtime/config.ts';
import type { CreateBody } from '../service.ts';

/** What a container is called when it does not say: by its short id, or as the host where it shares the host's name or network. */
export interface DefaultHostnames {
  container: string;
  host: string;
}

/**
 * The Config of a container from create's body and the image: what the body leaves open, the image says.
 * `Env`, `Labels`, `ExposedPorts` and `Volumes` are joined, the body winning; a command given without an entrypoint keeps the
 * image's entrypoint, an entrypoint given drops the image's command.
 */
export function containerConfig(
  body: CreateBody,
  image: ImageRuntimeConfig,
  names: DefaultHostnames,
): ContainerConfig {
  const config: ContainerConfig = {
    Hostname: body.Hostname ?? '',
    Domainname: body.Domainname ?? '',
    User: body.User || image.User || '',
    AttachStdin: body.AttachStdin ?? false,
    AttachStdout: body.AttachStdout ?? false,
    AttachStderr: body.AttachStderr ?? false,
    Tty: body.Tty ?? false,
    OpenStdin: body.OpenStdin ?? false,
    StdinOnce: body.StdinOnce ?? false,
    Env: joinEnv(body.Env, image.Env),
    Image: body.Image ?? '',
    Volumes: joinMaps(body.Volumes, image.Volumes),
    WorkingDir: cleanPath(body.WorkingDir || image.WorkingDir || ''),
    ...command(body, image),
    OnBuild: body.OnBuild ?? null,
    Labels: { ...image.Labels, ...body.Labels },
  };
  const { UTSMode, NetworkMode } = body.HostConfig ?? {};
  const onHost = UTSMode === 'host' || NetworkMode === 'host';
  if (config.Hostname === '') config.Hostname = onHost ? names.host : names.container;
  return Object.assign(config, optional(body, image));
}

/** Fields that are absent, not empty, when nobody set them. */
function optional(body: CreateBody, image: ImageRuntimeConfig): Partial<ContainerConfig> {
  const ports = joinMaps(body.ExposedPorts, image.ExposedPorts) ?? {};
  const healthcheck = joinHealthcheck(
    body.Healthcheck as Healthcheck | undefined,
    image.Healthcheck ?? undefined,
  );
  const shell = body.Shell ?? image.Shell;
  const stopTimeout = body.StopTimeout ?? image.StopTimeout;
  const stopSignal = body.StopSignal || image.StopSignal;
  const mac = body.MacAddress ?? primaryMac(body);
  return {
    ...(Object.keys(ports).length > 0 && { ExposedPorts: withProtocols(ports) }),
    ...(healthcheck && { Healthcheck: healthcheck }),
    ...(body.NetworkDisabled && { NetworkDisabled: true }),
    ...(mac && { MacAddress: mac }),
    ...(stopSignal && { StopSignal: stopSignal }),
    ...(stopTimeout != null && { StopTimeout: stopTimeout }),
    ...(shell && shell.length > 0 && { Shell: [...shell] }),
    ...(body.ArgsEscaped && { ArgsEscaped: true }),
  };
}

/** The address of the endpoint on the network the container starts with is shown in Config too. */
function primaryMac(body: CreateBody): string | undefined {
  const mode = body.HostConfig?.NetworkMode ?? 'default';
  const network = mode === 'default' || mode === '' ? 'bridge' : mode;
  const endpoints = body.NetworkingConfig?.EndpointsConfig ?? {};
  return (endpoints[network] ?? endpoints[mode])?.MacAddress || undefined;
}

function command(body: CreateBody, image: ImageRuntimeConfig): Pick<ContainerConfig, 'Cmd' | 'Entrypoint'> {
  const entrypoint = body.Entrypoint ?? null;
  const given = body.Cmd ?? null;
  const own = entrypoint?.length ? entrypoint : null;
  // [''] is how a client says "no entrypoint, not even the image's".
  if (own) return { Entrypoint: own.length === 1 && own[0] === '' ? null : own, Cmd: given };
  return {
    Entrypoint: image.Entrypoint ?? entrypoint,
    Cmd: given?.length ? given : (image.Cmd ?? given),
  };
}

/** Entrypoint and command as one list. @throws invalid-argument when there is nothing to run */
export function commandLine({ Entrypoint, Cmd }: Pick<ContainerConfig, 'Entrypoint' | 'Cmd'>): string[] {
  return [...(Entrypoint ?? []), ...(Cmd ?? [])];
}

function joinEnv(
  own: readonly string[] | null | undefined,
  image: readonly string[] | null | undefined,
): string[] | null {
  if (!own?.length) return image ? [...image] : null;
  const names = new Set(own.map(nameOf));
  return [...own, ...(image ?? []).filter((entry) => !names.has(nameOf(entry)))];
}

function nameOf(entry: string): string {
  return entry.split('=', 1)[0] ?? '';
}

function joinMaps(
  own: Record<string, object> | null | undefined,
  image: Record<string, object> | null | undefined,
): Record<string, object> | null {
  if (own == null && image == null) return null;
  return { ...image, ...own };
}

function withProtocols(ports: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.keys(ports).map((port) => [port.includes('/') ? port : `${port}/tcp`, {}]),
  );
}

/** Field by field: zero means "as the image says". What is zero in both is left out, as Docker shows it. */
function joinHealthcheck(
  own: Healthcheck | undefined,
  image: Healthcheck | undefined,
): Healthcheck | undefined {
  if (!own && !image) return undefined;
  return { ...withoutZeros(image), ...withoutZeros(own) };
}

function withoutZeros(check: Healthcheck | undefined): Healthcheck {
  return Object.fromEntries(
    Object.entries(check ?? {}).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : value !== 0,
    ),
  );
}

/** `/a//b/../c/` to `/a/c`; a relative path is refused. */
function cleanPath(path: string): string {
  if (path === '') return '';
  if (!path.startsWith('/'))
    throw invalidArgument(`the working directory '${path}' is invalid, it needs to be an absolute path`);
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
