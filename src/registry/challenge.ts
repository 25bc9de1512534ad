/** What a registry asks for in `WWW-Authenticate`. RFC 9110 section 11.6.1; the distribution project's token page. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  kind: string;
  fields: Readonly<Record<string, string>>;
}

/** Reads the first challenge of a header; '' has the kind ''. */
export function parseChallenge(header: string): Challenge {
  const at = header.indexOf(' ');
  const kind = at < 0 ? header : header.slice(0, at);
  const fields = [...header.slice(at + 1).matchAll(/(\w+)="([^"]*)"/g)];
  return {
    kind: kind.toLowerCase(),
    fields: Object.fromEntries(fields.map(([, name = '', value = '']) => [name.toLowerCase(), value])),
  };
}
