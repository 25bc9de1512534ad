/** Classes that Go knows by name inside brackets. */
const classes: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  punct: '!-\\/:-@[-`{-~',
  space: '\\t-\\r ',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/**
 * A pattern as users write it for Docker, where it is one of Go: flags at its beginning (`(?i)web`), `\A` and `\z`, names of
 * groups, names of classes. Undefined when it is none.
 */
export function goRegExp(pattern: string): RegExp | undefined {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(pattern) ?? [];
  // Whatever is escaped is passed over as one, so that a bracket after a backslash begins nothing.
  const source = rest.replace(
    /\\([\s\S])|\(\?P<|\[:(\^?)([a-z]+):\]/g,
    (all, escaped?: string, not?: string, name?: string) => {
      if (escaped === 'A') return '(?<![\\s\\S])';
      if (escaped === 'z') return '(?![\\s\\S])';
      if (escaped !== undefined) return all;
      return name === undefined ? '(?<' : not === '' ? (classes[name] ?? all) : all;
    },
  );
  try {
    return new RegExp(source, [...new Set(flags)].join(''));
  } catch {
    return undefined;
  }
}
