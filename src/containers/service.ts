import type { components } from '../../openapi/generated.ts';
import type { ImageUser } from '../images/service.ts';
import type { Container } from './container.ts';

/** The body of ContainerCreate, keys in their documented case and nulls left out. */
export type CreateBody = components['schemas']['ContainerCreateRequest'];

/** What create takes: the body and query of ContainerCreate, as the client sent them. */
export interface CreateRequest {
  name: string | undefined;
  platform: string | undefined;
  /** Undefined for `null`. */
  body: CreateBody | undefined;
}

export interface RemoveOptions {
  force: boolean;
  /** Remove its anonymous volumes too. */
  volumes: boolean;
  link: boolean;
}

/** A client that goes away does not change how a stop goes on. */
export interface StopOptions {
  /** Seconds until SIGKILL; negative waits for ever; undefined takes the container's own. */
  timeoutSeconds?: number | undefined;
  /** Signal by name or number instead of the container's own. */
  signal?: string | undefined;
}

/**
 * The containers of this engine. Names of containers may be given as id, name (with or without a leading slash) or unique
 * id prefix wherever `nameOrId` stands.
 *
 * Moves of one container exclude each other (lock `container:<id>`); reads take no lock.
 */
export interface Containers {
  /**
   * Finds one. Throws not-found `No such container: x`, invalid-argument when the name is empty or a
   * prefix fits several (`Multiple IDs found with provided prefix: x`).
   */
  get(nameOrId: string): Container;

  /** By full id. */
  find(id: string): Container | undefined;

  /** All, newest first. */
  all(): Container[];

  create(request: CreateRequest): Promise<{ id: string; warnings: string[] }>;
  /** @param checkpoint  name of one of its own to go on from */
  start(nameOrId: string, checkpoint?: string): Promise<void>;
  stop(nameOrId: string, options: StopOptions): Promise<void>;
  restart(nameOrId: string, options: StopOptions): Promise<void>;
  kill(nameOrId: string, signal: string | undefined): Promise<void>;
  pause(nameOrId: string): Promise<void>;
  unpause(nameOrId: string): Promise<void>;
  rename(nameOrId: string, newName: string): Promise<void>;
  remove(nameOrId: string, options: RemoveOptions): Promise<void>;

  /** Publishes `container <action>` with the container's image, name and labels, and `more`. */
  publish(container: Container, action: string, more?: Record<string, string>): void;

  /** For the images service: which containers stand on which image. */
  imageUsers(): ImageUser[];

  /** Path of the json-file log, '' when the driver keeps none that can be read. */
  logPath(container: Container): string;
}
