import { internal } from '../errors.ts';

/** Values of a request or an event of the shim: percent-encoded on the wire, plain here. */
export type ShimValues = Record<string, string>;

/** What a request may carry; undefined and false leave the key out, true is `1`. */
export type ShimParams = Record<string, string | number | bigint | boolean | undefined>;

/** One line from the shim. */
export type ShimLine =
  | { kind: 'ok'; seq: number; values: ShimValues }
  | { kind: 'err'; seq: number; values: ShimValues }
  | { kind: 'event'; name: string; values: ShimValues };

/** Lines longer than this are a broken peer (native/PROTOCOL.md, section 2). */
export const maxLineBytes = 64 * 1024;

/** Percent-encodes the UTF-8 bytes of `text`, all but `[A-Za-z0-9_.:/,-]`. */
export function encodeValue(text: string): string {
  if (/^[A-Za-z0-9_.:/,-]*$/.test(text)) return text;
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    const char = String.fromCharCode(byte);
    encoded += /[A-Za-z0-9_.:/,-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** `verb key=value ...` without sequence number: the form `shim.attach` of the executor takes as `line`. */
export function formatRequest(verb: string, params: ShimParams = {}): string {
  let line = verb;
  for (const [key, value] of Object.entries(params))
    if (value !== undefined && value !== false)
      line += ` ${key}=${encodeValue(value === true ? '1' : String(value))}`;
  return line;
}

/** Parses an answer or event. Throws internal for what no shim sends. */
export function parseLine(line: string): ShimLine {
  const [first = '', second = '', ...fields] = line.split(' ');
  if (first === 'event') return { kind: 'event', name: second, values: parseFields(fields) };
  const seq = Number(first);
  if (!/^\d+$/.test(first) || (second !== 'ok' && second !== 'err'))
    throw internal(`not an answer of a shim: ${JSON.stringify(line.slice(0, 100))}`);
  return { kind: second, seq, values: parseFields(fields) };
}

function parseFields(fields: readonly string[]): ShimValues {
  const values: ShimValues = {};
  for (const field of fields) {
    const equals = field.indexOf('=');
    if (equals > 0) values[field.slice(0, equals)] = decodeValue(field.slice(equals + 1));
  }
  return values;
}

/** The inverse of `encodeValue`; bytes that are not UTF-8 become U+FFFD, as a program's file name may be anything. */
function decodeValue(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString();
}
