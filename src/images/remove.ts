import { conflict } from '../errors.ts';
import { digestHex, type Digest } from '../oci/digest.ts';
import {
  familiarReference,
  parseReference,
  repositoryOf,
  withDefaultTag,
  type Reference,
} from '../oci/reference.ts';
import { collect } from './collect.ts';
import { publishImage, type ImagesDeps } from './deps.ts';

/** What a removal did, in order: a name taken away, or an image or layer gone. */
export type Removal = { Untagged: string } | { Deleted: string };

export interface RemoveImageOptions {
  /** Overrides everything but running containers and dependent images. */
  force: boolean;
  /** Removes the untagged images it was built on too. */
  prune: boolean;
}

/**
 * Removes a name of an image, and the image with its last name. Rules and texts are dockerd's.
 * @throws not-found; conflict while containers or other images need it
 */
export async function removeImage(
  deps: ImagesDeps,
  reference: string,
  options: RemoveImageOptions,
): Promise<Removal[]> {
  const { store } = deps;
  const { id } = store.record(reference);
  const removals: Removal[] = [];
  const names = store.referencesOf(id);
  let untagged = false;
  if (!isIdPrefix(id, reference)) {
    if (!options.force && isSingle(names)) refuseLastName(deps, id, reference);
    untag(deps, id, withDefaultTag(parseReference(reference)), removals);
    dropLoneDigests(deps, id, parseReference(reference), removals);
    if (store.referencesOf(id).length > 0) return removals;
    untagged = true;
  } else if (isSingle(names)) {
    checkConflict(deps, id, { ...options, ignoreNames: true });
    for (const name of names) untag(deps, id, name, removals);
  }
  deleteImage(deps, id, { ...options, ignoreNames: untagged }, removals);
  if (removals.some((removal) => 'Deleted' in removal))
    for (const chainId of await collect(deps)) removals.push({ Deleted: chainId });
  return removals;
}

/** Forgets an image, and, when asked, the ones it was built on that nothing else needs. */
function deleteImage(
  deps: ImagesDeps,
  id: Digest,
  options: RemoveImageOptions & { ignoreNames: boolean },
  removals: Removal[],
): void {
  const { store } = deps;
  checkConflict(deps, id, options);
  const parent = store.findRecord(id)?.parent;
  for (const name of store.referencesOf(id)) untag(deps, id, name, removals);
  publishImage(deps, 'delete', id);
  store.delete(id);
  removals.push({ Deleted: id });
  if (!options.prune || parent === undefined || !store.findRecord(parent)) return;
  if (store.referencesOf(parent).length > 0 || conflictOf(deps, parent, { force: false, ignoreNames: false }))
    return;
  deleteImage(deps, parent, { ...options, force: false }, removals);
}

function untag(deps: ImagesDeps, id: Digest, name: Reference, removals: Removal[]): void {
  if (!deps.store.untag(name)) return;
  publishImage(deps, 'untag', id);
  removals.push({
    Untagged: familiarReference(name.digest === undefined ? name : { ...name, tag: undefined }),
  });
}

/** With the last tag of a repository go its digests: they name nothing a user gave. */
function dropLoneDigests(deps: ImagesDeps, id: Digest, removed: Reference, removals: Removal[]): void {
  if (removed.digest !== undefined) return;
  const same = deps.store.referencesOf(id).filter((name) => repositoryOf(name) === repositoryOf(removed));
  if (same.some(({ digest }) => digest === undefined)) return;
  for (const name of same) untag(deps, id, name, removals);
}

function refuseLastName(deps: ImagesDeps, id: Digest, reference: string): void {
  const user = usersOf(deps, id)[0];
  if (!user) return;
  const name = familiarReference(withDefaultTag(parseReference(reference)));
  throw conflict(
    `conflict: unable to remove repository reference "${name}" (must force) - container ${short(user.containerId)} is using its referenced image ${short(id)}`,
  );
}

function checkConflict(
  deps: ImagesDeps,
  id: Digest,
  options: { force: boolean; ignoreNames: boolean },
): void {
  const reason = conflictOf(deps, id, options);
  if (reason !== undefined) throw conflict(`conflict: unable to delete ${short(id)} ${reason}`);
}

/** Why an image cannot go, in dockerd's order; undefined when it can. */
function conflictOf(
  deps: ImagesDeps,
  id: Digest,
  { force, ignoreNames }: { force: boolean; ignoreNames: boolean },
): string | undefined {
  if (deps.store.childrenOf(id).length > 0) return '(cannot be forced) - image has dependent child images';
  const users = usersOf(deps, id);
  const running = users.find((user) => user.running);
  if (running)
    return `(cannot be forced) - image is being used by running container ${short(running.containerId)}`;
  if (force) return undefined;
  if (!ignoreNames && deps.store.referencesOf(id).length > 0)
    return '(must be forced) - image is referenced in multiple repositories';
  const stopped = users[0];
  if (stopped)
    return `(must be forced) - image is being used by stopped container ${short(stopped.containerId)}`;
  return undefined;
}

function usersOf(deps: ImagesDeps, id: Digest) {
  return [...deps.users()].filter(({ imageId }) => imageId === id);
}

/** True when all names are of one repository, so that removing by id is not ambiguous. */
function isSingle(names: readonly Reference[]): boolean {
  if (names.length <= 1) return true;
  const tags = names.filter(({ digest }) => digest === undefined);
  if (tags.length > 1) return false;
  const repositories = new Set(names.filter(({ digest }) => digest !== undefined).map(repositoryOf));
  return repositories.size === 1 && repositories.has(repositoryOf(tags[0] ?? (names[0] as Reference)));
}

function isIdPrefix(id: Digest, text: string): boolean {
  return id.startsWith(text) || digestHex(id).startsWith(text);
}

function short(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}
