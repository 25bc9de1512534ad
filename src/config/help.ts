import { commands, options, type Option } from './options.ts';

/** The usage text. */
export function usage(): string {
  const rows = [...options.map(optionRow), ...commands.map(commandRow)].sort((a, b) =>
    a.flag < b.flag ? -1 : 1,
  );
  const width = Math.max(...rows.map(({ head }) => head.length)) + 3;
  return [
    '',
    'Usage:\tberthd [OPTIONS]',
    '',
    'A self-sufficient runtime for containers.',
    '',
    'Options:',
    ...rows.map(({ head, help }) => `${head.padEnd(width)}${help}`),
    '',
  ].join('\n');
}

interface Row {
  flag: string;
  head: string;
  help: string;
}

function optionRow(option: Option): Row {
  const { flag, short, word, help, kind } = option;
  const value = kind === 'boolean' ? '' : ` ${word ?? kind}`;
  return {
    flag,
    head: head(flag, short) + value,
    help: `${help}${fallback(option)}${option.unsupported ? ' (not supported yet)' : ''}`,
  };
}

function commandRow({ flag, short, help }: (typeof commands)[number]): Row {
  return { flag, head: head(flag, short), help };
}

function head(flag: string, short: string | undefined): string {
  return `  ${short ? `-${short},` : '   '} --${flag}`;
}

function fallback({ default: value }: Option): string {
  if (value === '' || value === false || (typeof value === 'object' && Object.keys(value).length === 0))
    return '';
  return ` (default ${typeof value === 'string' ? JSON.stringify(value) : String(value)})`;
}
