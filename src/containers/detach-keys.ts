/** ctrl-p ctrl-q. */
export const defaultDetachKeys: Buffer = Buffer.from([16, 17]);

/**
 * The bytes of a key sequence as users write it: single characters, `ctrl-<value>` and `DEL`, joined by commas.
 * @returns undefined when a key is unknown; callers word the error
 * Source: the CLI reference of `--detach-keys`.
 */
export function parseDetachKeys(text: string): Buffer | undefined {
  const codes = text.split(',').map(codeOf);
  return codes.includes(undefined) ? undefined : Buffer.from(codes as number[]);
}

const controls = ['@', ...'abcdefghijklmnopqrstuvwxyz', '[', '\\', ']', '^', '_'];

function codeOf(key: string): number | undefined {
  if (key.length === 1 && key.charCodeAt(0) < 0x80) return key.charCodeAt(0);
  if (key === 'DEL') return 127;
  const control = key.startsWith('ctrl-') ? controls.indexOf(key.slice(5)) : -1;
  return control < 0 ? undefined : control;
}
