import type { Digest } from './digest.ts';

/** What an image runs on. OCI image-spec, image-index.md. */
export interface Platform {
  architecture: string;
  os: string;
  variant?: string;
  'os.version'?: string;
  'os.features'?: string[];
}

/** Points to a blob. OCI image-spec, descriptor.md. */
export interface Descriptor {
  mediaType: string;
  digest: Digest;
  size: number;
  platform?: Platform;
  annotations?: Record<string, string>;
  artifactType?: string;
  urls?: string[];
  data?: string;
}
