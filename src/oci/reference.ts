import { invalidArgument } from '../errors.ts';
import { parseDigest, type Digest } from './digest.ts';

/** A named image: normalised, so that two spellings of one name are equal. */
export interface Reference {
  /** Registry host, with its port if it has one: `docker.io`. */
  domain: string;
  /** Repository in the registry: `library/busybox`. */
  path: string;
  tag: string | undefined;
  digest: Digest | undefined;
}

/** A name, or an image id spelled in full. */
export type AnyReference = { kind: 'named'; named: Reference } | { kind: 'id'; id: Digest };

const defaultDomain = 'docker.io';
const officialPrefix = 'library/';
const pathMax = 255;

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const hostPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${hostPart}(?:\\.${hostPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const path = `${component}(?:/${component})*`;
const tagPattern = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const digestPattern = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const referencePattern = new RegExp(`^(${host})/(${path})(?::(${tagPattern}))?(?:@(${digestPattern}))?$`);
const tagOnly = new RegExp(`^${tagPattern}$`);

/**
 * Parses a user's spelling of an image: the default registry and `library/` are added, nothing else.
 * Throws invalid-argument with the texts users know from Docker.
 * Source: the grammar of the distribution project's reference package; texts as Docker 28.5 gives them.
 */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text))
    throw invalidArgument(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  const [domain, remainder] = splitDomain(text);
  const remote = remainder.split(':', 1)[0] ?? '';
  if (remote.toLowerCase() !== remote)
    throw invalidArgument(`invalid reference format: repository name (${remote}) must be lowercase`);
  const match = referencePattern.exec(`${domain}/${remainder}`);
  if (!match) throw invalidArgument('invalid reference format');
  const [, matchedDomain = '', matchedPath = '', tag, digest] = match;
  if (matchedPath.length > pathMax)
    throw invalidArgument(`repository name must not be more than ${pathMax} characters`);
  return {
    domain: matchedDomain,
    path: matchedPath,
    tag,
    digest: digest === undefined ? undefined : parseDigest(digest),
  };
}

/** As `parseReference`, and takes a full id with or without `sha256:`. */
export function parseAnyReference(text: string): AnyReference {
  if (/^[a-f0-9]{64}$/.test(text)) return { kind: 'id', id: parseDigest(`sha256:${text}`) };
  if (/^sha256:[a-f0-9]{64}$/.test(text)) return { kind: 'id', id: parseDigest(text) };
  return { kind: 'named', named: parseReference(text) };
}

/** Adds `:latest` to a name that has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

/** The name with this tag. Throws invalid-argument `invalid tag format`. */
export function withTag(reference: Reference, tag: string): Reference {
  if (!tagOnly.test(tag)) throw invalidArgument('invalid tag format');
  return { ...reference, tag };
}

/** Registry and repository, without tag and digest: `docker.io/library/busybox`. */
export function repositoryOf(reference: Reference): string {
  return `${reference.domain}/${reference.path}`;
}

/** The whole name, normalised: `docker.io/library/busybox:latest`. */
export function formatReference(reference: Reference): string {
  return repositoryOf(reference) + suffixOf(reference);
}

/** The repository as users write it: `busybox`, `user/app`, `host:5000/app`. */
export function familiarName(reference: Reference): string {
  if (reference.domain !== defaultDomain) return repositoryOf(reference);
  const { path: name } = reference;
  const short = name.slice(officialPrefix.length);
  return name.startsWith(officialPrefix) && !short.includes('/') ? short : name;
}

/** The whole name as users write it: `busybox:latest`. */
export function familiarReference(reference: Reference): string {
  return familiarName(reference) + suffixOf(reference);
}

function suffixOf({ tag, digest }: Reference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}

/** The first component is a registry when it could not be a part of a name on the default one. */
function splitDomain(text: string): [domain: string, remainder: string] {
  const slash = text.indexOf('/');
  const first = slash < 0 ? '' : text.slice(0, slash);
  const named = slash >= 0 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  let [domain, remainder] = named ? [first, text.slice(slash + 1)] : [defaultDomain, text];
  if (domain === 'index.docker.io') domain = defaultDomain;
  if (domain === defaultDomain && !remainder.includes('/')) remainder = officialPrefix + remainder;
  return [domain, remainder];
}
