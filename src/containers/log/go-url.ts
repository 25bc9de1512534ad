/** The parts of a URL as Go's net/url takes it apart; a log server's address is one. */
export interface GoUrl {
  scheme: string;
  /** Before an `@`, or ''. */
  user: string;
  /** With the port, as written. */
  host: string;
  path: string;
  query: string;
  fragment: string;
}

/** @throws an error with Go's words, `parse "...": ...` */
export function parseGoUrl(text: string): GoUrl {
  const fail = (reason: string): Error => new Error(`parse ${JSON.stringify(text)}: ${reason}`);
  if (/[\0-\x1f\x7f]/.test(text)) throw fail('net/url: invalid control character in URL');
  const [beforeFragment = '', fragment = ''] = cut(text, '#');
  if (beforeFragment.startsWith(':')) throw fail('missing protocol scheme');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(beforeFragment)?.[1] ?? '';
  const [rest = '', query = ''] = cut(scheme ? beforeFragment.slice(scheme.length + 1) : beforeFragment, '?');
  if (!rest.startsWith('/')) {
    if (!scheme && rest.split('/', 1)[0]!.includes(':'))
      throw fail('first path segment in URL cannot contain colon');
    return { scheme: scheme.toLowerCase(), user: '', host: '', path: rest, query, fragment };
  }
  if (!rest.startsWith('//'))
    return { scheme: scheme.toLowerCase(), user: '', host: '', path: rest, query, fragment };
  const slash = rest.indexOf('/', 2);
  const authority = slash < 0 ? rest.slice(2) : rest.slice(2, slash);
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const port = portOf(host, fail);
  if (!/^(?::[0-9]*)?$/.test(port)) throw fail(`invalid port ${JSON.stringify(port)} after host`);
  return {
    scheme: scheme.toLowerCase(),
    user: at < 0 ? '' : authority.slice(0, at),
    host,
    path: slash < 0 ? '' : rest.slice(slash),
    query,
    fragment,
  };
}

/** `host:port`, `[v6]:port` or either part alone. */
export function splitHost(host: string): { name: string; port: string } {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/.exec(host);
  if (bracketed) return { name: bracketed[1]!, port: bracketed[2] ?? '' };
  const colon = host.lastIndexOf(':');
  return colon < 0 ? { name: host, port: '' } : { name: host.slice(0, colon), port: host.slice(colon + 1) };
}

/** With brackets around what has colons. */
export function joinHost(name: string, port: string): string {
  return name.includes(':') ? `[${name}]:${port}` : `${name}:${port}`;
}

function portOf(host: string, fail: (reason: string) => Error): string {
  if (host.startsWith('[')) {
    const end = host.lastIndexOf(']');
    if (end < 0) throw fail("missing ']' in host");
    return host.slice(end + 1);
  }
  const colon = host.lastIndexOf(':');
  return colon < 0 ? '' : host.slice(colon);
}

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
