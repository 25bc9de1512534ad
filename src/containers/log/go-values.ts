/**
 * Values as Go's parsers read them, refused in Go's words: clients see these texts.
 */

const binaryUnits = 'kmgtp';

/** `10m` in units of 1000 (log files) or 1024 (memory). */
export function parseSize(text: string, base: 1000 | 1024): number {
  const last = text.search(/[0-9. ][^0-9. ]*$/);
  if (last < 0) throw new Error(`invalid size: '${text}'`);
  const spaced = text[last] === ' ';
  const number = text.slice(0, spaced ? last : last + 1);
  const suffix = text.slice(last + 1).toLowerCase();
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(number))
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(number)}: invalid syntax`);
  if (Number(number) < 0) throw new Error(`invalid size: '${text}'`);
  const unit = /^([kmgtp]?)(?:i?b)?$/.exec(suffix);
  if (!unit || suffix === 'ib') throw new Error(`invalid suffix: '${text.slice(last + 1)}'`);
  return Math.trunc(Number(number) * base ** (unit[1] ? binaryUnits.indexOf(unit[1]) + 1 : 0));
}

/** strconv.Atoi, or another function of its kind. */
export function parseInteger(text: string, by: 'Atoi' | 'ParseInt' = 'Atoi'): number {
  if (!/^[+-]?\d+$/.test(text)) throw syntaxError(by, text);
  return inRange(by, text, BigInt(text.replace(/^\+/, '')), -(1n << 63n), (1n << 63n) - 1n);
}

/** strconv.ParseUint of at most `bits` bits. */
export function parseUnsigned(text: string, bits: number): number {
  if (!/^\d+$/.test(text)) throw syntaxError('ParseUint', text);
  return inRange('ParseUint', text, BigInt(text), 0n, (1n << BigInt(bits)) - 1n);
}

export function parseBool(text: string): boolean {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text)) return false;
  throw syntaxError('ParseBool', text);
}

const durationUnitsMs: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 60e3,
  h: 3600e3,
};

/** `1.5s`, `1h2m`. Returns milliseconds. */
export function parseDurationMs(text: string): number {
  const invalid = new Error(`time: invalid duration ${JSON.stringify(text)}`);
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') throw invalid;
  let total = 0;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) throw invalid;
    rest = rest.slice(number.length);
    const unit = /^[^0-9.]*/.exec(rest)![0];
    if (unit === '') throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`);
    const scale = durationUnitsMs[unit];
    if (scale === undefined)
      throw new Error(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    total += Number(number) * scale;
    rest = rest.slice(unit.length);
  }
  return sign * total;
}

/** JSON as Go's encoder writes it: keys sorted, HTML escaped. */
export function goJson(value: string | Readonly<Record<string, string>>): string {
  const plain =
    typeof value === 'string'
      ? JSON.stringify(value)
      : `{${Object.keys(value)
          .sort()
          .map((key) => `${JSON.stringify(key)}:${JSON.stringify(value[key])}`)
          .join(',')}}`;
  return plain.replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function syntaxError(by: string, text: string): Error {
  return new Error(`strconv.${by}: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function inRange(by: string, text: string, value: bigint, least: bigint, most: bigint): number {
  if (value < least || value > most)
    throw new Error(`strconv.${by}: parsing ${JSON.stringify(text)}: value out of range`);
  return Number(value);
}
