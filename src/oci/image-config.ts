import type { DiffId } from './digest.ts';

/** How a container started from the image checks its health; times in nanoseconds. Docker's extension of the OCI config. */
export interface ImageHealthcheck {
  Test?: string[];
  Interval?: number;
  Timeout?: number;
  StartPeriod?: number;
  StartInterval?: number;
  Retries?: number;
}

/** Defaults for containers of an image: the `config` of the OCI image config with Docker's extensions. */
export interface ImageRuntimeConfig {
  User?: string;
  ExposedPorts?: Record<string, object> | null;
  Env?: string[] | null;
  Entrypoint?: string[] | null;
  Cmd?: string[] | null;
  Volumes?: Record<string, object> | null;
  WorkingDir?: string;
  Labels?: Record<string, string> | null;
  StopSignal?: string;
  StopTimeout?: number | null;
  ArgsEscaped?: boolean;
  Healthcheck?: ImageHealthcheck | null;
  OnBuild?: string[] | null;
  Shell?: string[] | null;
  /** Old images only: they hold a whole container config. */
  Hostname?: string;
  Domainname?: string;
  AttachStdin?: boolean;
  AttachStdout?: boolean;
  AttachStderr?: boolean;
  Tty?: boolean;
  OpenStdin?: boolean;
  StdinOnce?: boolean;
  Image?: string;
  NetworkDisabled?: boolean;
  MacAddress?: string;
}

export interface ImageHistory {
  created?: string;
  author?: string;
  created_by?: string;
  comment?: string;
  empty_layer?: boolean;
}

/**
 * The config blob of an image, whose digest is the image's ID. OCI image-spec config.md, and the fields that Docker
 * adds to it. Everything but `rootfs` may be missing in what others made.
 */
export interface ImageConfig {
  created?: string;
  author?: string;
  architecture?: string;
  variant?: string;
  os?: string;
  'os.version'?: string;
  'os.features'?: string[];
  config?: ImageRuntimeConfig | null;
  rootfs: { type: string; diff_ids: DiffId[] };
  history?: ImageHistory[];
  docker_version?: string;
  comment?: string;
  container?: string;
  container_config?: ImageRuntimeConfig;
  parent?: string;
}
