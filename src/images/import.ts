import { Readable } from 'node:stream';
import { EngineError, internal, isKind } from '../errors.ts';
import type { Platform } from '../oci/descriptor.ts';
import { digestOf, type Digest } from '../oci/digest.ts';
import type { ImageConfig, ImageRuntimeConfig } from '../oci/image-config.ts';
import { familiarReference, type Reference } from '../oci/reference.ts';
import { applyChanges } from './changes.ts';
import { collect } from './collect.ts';
import { publishImage, type ImagesDeps } from './deps.ts';
import { writeManifest } from './load.ts';
import { randomUUID } from 'node:crypto';

export interface ImportOptions {
  /** The name of the new image; undefined leaves it unnamed. */
  name: Reference | undefined;
  message: string;
  changes: readonly string[];
  platform: Platform | undefined;
  signal: AbortSignal;
}

/** What an image config holds of a container's settings when none were made. */
export const emptyConfig: ImageRuntimeConfig = {
  Hostname: '',
  Domainname: '',
  User: '',
  AttachStdin: false,
  AttachStdout: false,
  AttachStderr: false,
  Tty: false,
  OpenStdin: false,
  StdinOnce: false,
  Env: null,
  Cmd: null,
  Image: '',
  Volumes: null,
  WorkingDir: '',
  Entrypoint: null,
  OnBuild: null,
  Labels: null,
};

/**
 * Makes an image of one layer out of a root file system's tar, which may be compressed. Returns its id.
 * @throws invalid-argument for bad changes, before anything is read; internal when the tar is broken, as dockerd has it
 */
export async function importImage(
  deps: ImagesDeps,
  source: AsyncIterable<Uint8Array>,
  options: ImportOptions,
): Promise<Digest> {
  const config = applyChanges(emptyConfig, options.changes);
  try {
    using lease = deps.content.lease();
    const blob = await deps.content.write(source, {}, lease);
    const layer = await applyOnly(deps, blob.digest, options.signal);
    lease.add(layer.diffId);
    const created = new Date().toISOString();
    const image: ImageConfig = {
      architecture: options.platform?.architecture ?? machine(),
      comment: options.message,
      config,
      container_config: emptyConfig,
      created,
      docker_version: deps.version,
      history: [{ created, comment: options.message }],
      os: options.platform?.os ?? 'linux',
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      ...(options.platform?.variant === undefined ? {} : { variant: options.platform.variant }),
    };
    const text = Buffer.from(JSON.stringify(image));
    const id = digestOf(text);
    await deps.content.write(Readable.from([text]), { digest: id }, lease);
    const manifest = await writeManifest(deps, lease, id, text.length, [blob]);
    await layer.commit();
    const record = {
      id,
      config: image,
      manifest,
      parent: undefined,
      sizeBytes: layer.sizeBytes,
      lastTaggedMs: 0,
    };
    deps.store.add(
      { ...record, blobs: [id, manifest, blob.digest] },
      options.name ? [options.name] : [],
      Date.now(),
    );
    if (options.name) publishImage(deps, 'tag', id, familiarReference(options.name));
    publishImage(deps, 'import', id);
    return id;
  } finally {
    await collect(deps);
  }
}

/** Unpacks a layer whose diffID is not known beforehand. Commit it when its image is about to be. */
async function applyOnly({ snapshotter, apply, content }: ImagesDeps, blob: Digest, signal: AbortSignal) {
  const key = `unpack:${randomUUID()}`;
  const target = await snapshotter.prepareLayer(key, undefined);
  try {
    const { diffId, sizeBytes } = await apply(content.path(blob), target, undefined, signal);
    return { diffId, sizeBytes, commit: () => snapshotter.commit(key, diffId, { sizeBytes }) };
  } catch (error) {
    await snapshotter.remove(key);
    if (isKind(error, 'invalid-argument')) throw internal(error.message, error);
    throw error instanceof EngineError ? error : internal('could not unpack the archive', error);
  }
}

/** This machine's architecture, as images name it. */
export function machine(): string {
  return process.arch === 'x64' ? 'amd64' : process.arch;
}
