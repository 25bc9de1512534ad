/** A request's target, taken apart. */
export interface Target {
  /** Decoded, with the version. */
  full: string;
  /** Decoded, without the version: `/images/library/alpine/json`. */
  path: string;
  /** `1.51` of `/v1.51/...`; undefined without one. */
  version: string | undefined;
  /** As sent, without the question mark. */
  query: string;
}

/**
 * Takes a request's target apart: percent-decoding the path as a whole (names may hold slashes, encoded or not) and
 * cutting off the version.
 * @returns undefined when the path is no valid percent-encoding or not absolute
 */
export function parseTarget(url: string): Target | undefined {
  const mark = url.indexOf('?');
  const raw = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? '' : url.slice(mark + 1);
  const decoded = decode(stripOrigin(raw));
  if (decoded === undefined || !decoded.startsWith('/')) return undefined;
  const version = /^\/v([0-9.]+)(?=\/)/.exec(decoded);
  if (!version) return { full: decoded, path: decoded, version: undefined, query };
  return { full: decoded, path: decoded.slice(version[0].length), version: version[1], query };
}

/**
 * The path in its clean form, as Go's path.Clean makes it, a slash at the end kept. A request for any other form is redirected to
 * this one.
 */
export function cleanPath(path: string): string {
  if (!/\/(\/|\.|$)/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  }
  const clean = `/${kept.join('/')}`;
  return path.endsWith('/') && clean !== '/' ? `${clean}/` : clean;
}

/** The decoded path as it goes into a Location header. */
export function encodePath(path: string): string {
  return encodeURI(path).replace(/[?#]/g, encodeURIComponent);
}

/** A target may be a whole URL (`GET http://host/path`), as proxies send. */
function stripOrigin(target: string): string {
  return target.startsWith('/') ? target : target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
}

function decode(path: string): string | undefined {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
