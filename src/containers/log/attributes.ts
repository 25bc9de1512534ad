import type { LoggedContainer } from './driver.ts';

/**
 * What each line of a container's log carries: the labels and the environment its options name, or match.
 * @throws an error with Go's words for expressions that cannot be read
 */
export function logAttributes({ config, hostConfig }: LoggedContainer): Record<string, string> {
  const options = hostConfig.LogConfig.Config;
  const attributes: Record<string, string> = {};
  const environment = Object.fromEntries((config.Env ?? []).map(splitVariable));
  choose(config.Labels ?? {}, options['labels'], options['labels-regex'], attributes);
  choose(environment, options['env'], options['env-regex'], attributes);
  return attributes;
}

function choose(
  all: Readonly<Record<string, string>>,
  names: string | undefined,
  pattern: string | undefined,
  into: Record<string, string>,
): void {
  for (const name of names?.split(',') ?? []) {
    const value = Object.hasOwn(all, name) ? all[name] : undefined;
    if (value !== undefined) into[name] = value;
  }
  if (!pattern) return;
  const expression = compile(pattern);
  for (const [name, value] of Object.entries(all)) if (expression.test(name)) into[name] = value;
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch {
    return compileLoosely(pattern);
  }
}

/** Without `u` a brace that repeats nothing stands for itself, as in Go. */
function compileLoosely(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (error) {
    const missing = /Unterminated group/.test(String(error)) ? 'missing closing )' : 'invalid expression';
    throw new Error(`error parsing regexp: ${missing}: \`${pattern}\``, { cause: error });
  }
}

function splitVariable(entry: string): [string, string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
