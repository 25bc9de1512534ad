import type { Image } from '../../src/images/service.ts';
import { createdSeconds, type ListedImage } from '../../src/images/list.ts';
import type { HistoryEntry } from '../../src/images/history.ts';
import type { ImageRuntimeConfig } from '../../src/oci/image-config.ts';
import type { ApiVersion } from '../versions.ts';

const zeroTime = '0001-01-01T00:00:00Z';

/** One element of `GET /images/json`. */
export function imageSummary({ image, ...listed }: ListedImage, version: ApiVersion): object {
  const unnamed = listed.repoTags.length === 0 && listed.repoDigests.length === 0;
  const tags = !version.atLeast(43) && unnamed ? ['<none>:<none>'] : listed.repoTags;
  const digests = !version.atLeast(43) && unnamed ? ['<none>@<none>'] : listed.repoDigests;
  return {
    Containers: version.atLeast(51) ? listed.containers : -1,
    Created: createdSeconds(image),
    Id: image.id,
    Labels: image.config.config?.Labels ?? null,
    ParentId: image.parentId,
    RepoDigests: version.atLeast(43) ? digests : orNull(digests),
    RepoTags: version.atLeast(43) ? tags : orNull(tags),
    SharedSize: listed.sharedSizeBytes,
    Size: image.sizeBytes,
    ...(version.atLeast(44) ? {} : { VirtualSize: image.sizeBytes }),
  };
}

/** `GET /images/{name}/json`. */
export function imageInspect(
  image: Image,
  graphDriver: { Name: string; Data: Record<string, string> | null },
  version: ApiVersion,
): object {
  const { config } = image;
  const created = config.created ?? (version.atLeast(44) ? undefined : zeroTime);
  return {
    Id: image.id,
    RepoTags: image.repoTags,
    RepoDigests: image.repoDigests,
    Parent: image.parentId,
    Comment: config.comment || (config.history?.at(-1)?.comment ?? ''),
    ...(created === undefined ? {} : { Created: created }),
    ...(version.atLeast(45)
      ? {}
      : {
          ...(config.container ? { Container: config.container } : {}),
          ContainerConfig: containerConfig(config.container_config ?? {}),
        }),
    DockerVersion: config.docker_version ?? '',
    Author: config.author ?? '',
    Architecture: image.architecture,
    ...(image.variant === '' ? {} : { Variant: image.variant }),
    Os: image.os,
    ...(config['os.version'] ? { OsVersion: config['os.version'] } : {}),
    Size: image.sizeBytes,
    ...(version.atLeast(44) ? {} : { VirtualSize: image.sizeBytes }),
    GraphDriver: { Data: graphDriver.Data, Name: graphDriver.Name },
    RootFS: { Type: config.rootfs.type, ...(image.layers.length > 0 ? { Layers: image.layers } : {}) },
    Metadata: {
      LastTagTime: image.lastTaggedMs === 0 ? zeroTime : new Date(image.lastTaggedMs).toISOString(),
    },
    Config: imageConfig(config.config ?? {}, version),
  };
}

/** One element of `GET /images/{name}/history`. */
export function imageHistory(entry: HistoryEntry): object {
  const created = entry.created === undefined ? NaN : Date.parse(entry.created);
  return {
    Comment: entry.comment,
    Created: Number.isNaN(created) ? -62135596800 : Math.floor(created / 1000),
    CreatedBy: entry.createdBy,
    Id: entry.id,
    Size: entry.sizeBytes,
    Tags: entry.tags.length > 0 ? entry.tags : null,
  };
}

/** The defaults for containers: a few keys always, the rest when set; before 1.50 those of a container too. */
function imageConfig(config: ImageRuntimeConfig, version: ApiVersion): object {
  return sorted({
    ...(version.atLeast(50) ? {} : legacyFields(config)),
    ...commonFields(config),
    ...optionalFields(config),
  });
}

/** As a container's config was written into images by old builders. */
function containerConfig(config: ImageRuntimeConfig): object {
  const legacy = legacyFields(config);
  const common = commonFields(config);
  return {
    Hostname: legacy.Hostname,
    Domainname: legacy.Domainname,
    User: common.User,
    AttachStdin: legacy.AttachStdin,
    AttachStdout: legacy.AttachStdout,
    AttachStderr: legacy.AttachStderr,
    ...optionalFields(config),
    Tty: legacy.Tty,
    OpenStdin: legacy.OpenStdin,
    StdinOnce: legacy.StdinOnce,
    Env: common.Env,
    Cmd: common.Cmd,
    Image: legacy.Image,
    Volumes: common.Volumes,
    WorkingDir: common.WorkingDir,
    Entrypoint: common.Entrypoint,
    OnBuild: common.OnBuild,
    Labels: common.Labels,
  };
}

function commonFields(config: ImageRuntimeConfig) {
  return {
    Cmd: config.Cmd ?? null,
    Entrypoint: config.Entrypoint ?? null,
    Env: config.Env ?? null,
    Labels: config.Labels ?? null,
    OnBuild: config.OnBuild ?? null,
    User: config.User ?? '',
    Volumes: config.Volumes ?? null,
    WorkingDir: config.WorkingDir ?? '',
  };
}

function optionalFields(config: ImageRuntimeConfig): object {
  const { ArgsEscaped, ExposedPorts, Healthcheck, Shell, StopSignal } = config;
  return {
    ...(ArgsEscaped ? { ArgsEscaped } : {}),
    ...(ExposedPorts && Object.keys(ExposedPorts).length > 0 ? { ExposedPorts: sorted(ExposedPorts) } : {}),
    ...(Healthcheck ? { Healthcheck: sorted(Healthcheck) } : {}),
    ...(Shell && Shell.length > 0 ? { Shell } : {}),
    ...(StopSignal ? { StopSignal } : {}),
  };
}

function legacyFields(config: ImageRuntimeConfig) {
  return {
    AttachStderr: config.AttachStderr ?? false,
    AttachStdin: config.AttachStdin ?? false,
    AttachStdout: config.AttachStdout ?? false,
    Domainname: config.Domainname ?? '',
    Hostname: config.Hostname ?? '',
    Image: config.Image ?? '',
    OpenStdin: config.OpenStdin ?? false,
    StdinOnce: config.StdinOnce ?? false,
    Tty: config.Tty ?? false,
  };
}

function sorted(value: object): object {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function orNull(list: string[]): string[] | null {
  return list.length > 0 ? list : null;
}
