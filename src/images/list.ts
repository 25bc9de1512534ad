import { internal, invalidArgument } from '../errors.ts';
import { familiarName, familiarReference, parseReference, type Reference } from '../oci/reference.ts';
import { posix } from 'node:path';
import type { ImagesDeps } from './deps.ts';
import type { Image } from './service.ts';

/** Filters by name, each with the values asked for. */
export type Filters = Readonly<Record<string, readonly string[]>>;

export interface ListImagesOptions {
  /** Intermediate images too. */
  all: boolean;
  filters: Filters;
  /** Count how much of each image others share. */
  sharedSize: boolean;
}

/** An image in a list: names that the filters left, and what was counted. */
export interface ListedImage {
  image: Image;
  repoTags: string[];
  repoDigests: string[];
  /** Containers that stand on it. */
  containers: number;
  /** -1 when not asked for. */
  sharedSizeBytes: number;
}

const known = new Set(['dangling', 'label', 'before', 'since', 'reference', 'until']);

/** The images that fit, newest first. @throws invalid-argument, not-found, internal as dockerd words it */
export function listImages(deps: ImagesDeps, { all, filters, sharedSize }: ListImagesOptions): ListedImage[] {
  for (const name of Object.keys(filters))
    if (!known.has(name)) throw invalidArgument(`invalid filter '${name}'`);
  const dangling = danglingFilter(filters['dangling']);
  const fits = imageFilter(deps, filters);
  const containers = new Map<string, number>();
  for (const { imageId } of deps.users()) containers.set(imageId, (containers.get(imageId) ?? 0) + 1);
  const listed: ListedImage[] = [];
  for (const image of deps.store.list()) {
    if (!fits(image)) continue;
    const names = deps.store.referencesOf(image.id);
    const chosen = filters['reference']
      ? names.filter((name) => matchesAny(name, filters['reference'] ?? []))
      : names;
    if (filters['reference'] && chosen.length === 0) continue;
    if (names.length === 0) {
      if (dangling === false) continue;
      // An intermediate image: something stands on it, and nobody has named it.
      if (!all && dangling !== true && deps.store.childrenOf(image.id).length > 0) continue;
    } else if (dangling === true) continue;
    listed.push({
      image,
      repoTags: chosen.filter(({ digest }) => digest === undefined).map(familiarReference),
      repoDigests: chosen.filter(({ digest }) => digest !== undefined).map(familiarReference),
      containers: containers.get(image.id) ?? 0,
      sharedSizeBytes: -1,
    });
  }
  if (sharedSize) countShared(deps, listed);
  return listed.sort((a, b) => createdSeconds(b.image) - createdSeconds(a.image));
}

/** When an image was made, in seconds since the epoch; dockerd's zero time when it does not say. */
export function createdSeconds(image: Image): number {
  const milliseconds = image.created === undefined ? NaN : Date.parse(image.created);
  return Number.isNaN(milliseconds) ? -62135596800 : Math.floor(milliseconds / 1000);
}

/** Everything but names: label, before, since, until. */
export function imageFilter(deps: Pick<ImagesDeps, 'store'>, filters: Filters): (image: Image) => boolean {
  const labels = filters['label'] ?? [];
  const notLabels = filters['label!'] ?? [];
  const before = latest(filters['before'], (name) => createdMs(deps.store.resolve(name)), Math.min);
  const since = latest(filters['since'], (name) => createdMs(deps.store.resolve(name)), Math.max);
  const until = latest(filters['until'], parseTimestamp, Math.min);
  return (image) => {
    const created = createdMs(image);
    if (before !== undefined && !(created < before)) return false;
    if (since !== undefined && !(created > since)) return false;
    if (until !== undefined && !(created < until)) return false;
    const own = image.config.config?.Labels ?? {};
    return labels.every((label) => hasLabel(own, label)) && !notLabels.some((label) => hasLabel(own, label));
  };
}

/** The `dangling` filter; undefined when not given. @throws invalid-argument */
export function danglingFilter(values: readonly string[] | undefined): boolean | undefined {
  if (!values || values.length === 0) return undefined;
  const truths = values.map((value) => {
    if (['true', 'True', 'TRUE', '1', 't', 'T'].includes(value)) return true;
    if (['false', 'False', 'FALSE', '0', 'f', 'F'].includes(value)) return false;
    throw invalidArgument(`invalid filter 'dangling=[${values.join(' ')}]'`);
  });
  if (truths.includes(true) && truths.includes(false))
    throw invalidArgument(`invalid filter 'dangling=[${values.join(' ')}]'`);
  return truths[0];
}

/** A point in time as filters give it: a date, seconds since the epoch, or a duration back from now. In milliseconds. */
export function parseTimestamp(text: string): number {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const duration =
    /^(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/.exec(text);
  if (duration && text !== '') {
    const [hours, minutes, seconds, ms] = duration.slice(1).map((part) => Number(part ?? 0)) as [
      number,
      number,
      number,
      number,
    ];
    return Date.now() - (((hours * 60 + minutes) * 60 + seconds) * 1000 + ms);
  }
  const date = /^\d{4}-\d{2}-\d{2}(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?)?(?:Z|[+-]\d{2}:\d{2})?$/.test(
    text,
  );
  const ms = date ? Date.parse(/T\d{2}$/.test(text) ? `${text}:00` : text) : NaN;
  if (Number.isNaN(ms)) throw internal(`failed to parse value as time or duration: "${text}"`);
  return ms;
}

function latest(
  values: readonly string[] | undefined,
  time: (value: string) => number,
  choose: (...times: number[]) => number,
): number | undefined {
  return values && values.length > 0 ? choose(...values.map(time)) : undefined;
}

function createdMs(image: Image): number {
  const ms = image.created === undefined ? NaN : Date.parse(image.created);
  return Number.isNaN(ms) ? 0 : ms;
}

function hasLabel(labels: Record<string, string>, filter: string): boolean {
  const equals = filter.indexOf('=');
  if (equals < 0) return Object.hasOwn(labels, filter);
  return labels[filter.slice(0, equals)] === filter.slice(equals + 1);
}

/** A pattern is a glob over the name as users write it, with or without its tag. Source: the reference library's match. */
function matchesAny(name: Reference, patterns: readonly string[]): boolean {
  const whole = familiarReference(name);
  const bare = familiarName(name);
  return patterns.some((pattern) => {
    if (/^[^*?[\]]+$/.test(pattern)) {
      const exact = parsed(pattern);
      if (exact && exact.tag === undefined && exact.digest === undefined && familiarName(exact) === bare)
        return true;
    }
    return posix.matchesGlob(whole, pattern) || posix.matchesGlob(bare, pattern);
  });
}

function parsed(text: string): Reference | undefined {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

function countShared(deps: ImagesDeps, listed: ListedImage[]): void {
  const uses = new Map<string, number>();
  for (const image of deps.store.list())
    for (const chain of deps.store.chainsOf(image)) uses.set(chain, (uses.get(chain) ?? 0) + 1);
  for (const entry of listed) {
    entry.sharedSizeBytes = deps.store
      .chainsOf(entry.image)
      .filter((chain) => (uses.get(chain) ?? 0) > 1)
      .reduce((sum, chain) => sum + (deps.snapshotter.find(chain)?.sizeBytes ?? 0), 0);
  }
}
