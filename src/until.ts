import { invalidArgument } from './errors.ts';

const units: Readonly<Record<string, number>> = {
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
  us: 1e-3,
  µs: 1e-3,
  ns: 1e-6,
};

/**
 * The value of an `until` filter: a time, seconds since the epoch, or a length of time before now.
 * @returns milliseconds since the epoch; Infinity without a value
 * @throws invalid-argument with the reference's texts
 */
export function parseUntil(values: readonly string[]): number {
  const [value] = values;
  if (value === undefined) return Infinity;
  if (values.length > 1) throw invalidArgument('more than one until filter specified');
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  if (duration.test(value)) {
    let ms = 0;
    for (const [, number, unit] of value.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g))
      ms += Number(number) * (units[unit ?? ''] ?? 0);
    return Date.now() - (value.startsWith('-') ? -ms : ms);
  }
  const time = timeOf(value);
  if (Number.isNaN(time))
    throw invalidArgument(`failed to parse value as time or duration: ${JSON.stringify(value)}`);
  return time;
}

const duration = /^[+-]?((\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns))+$/;

/**
 * Milliseconds of a date, or of a time given to the hour, the minute or further; of this machine's zone unless it names one.
 * NaN for what is no time.
 */
function timeOf(text: string): number {
  const parts = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!parts) return NaN;
  const [, date = '', hour = '00', minute = '00', second = '00', zone = ''] = parts;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const outOfRange = (what: string): Error =>
    invalidArgument(`parsing time ${JSON.stringify(text)}: ${what} out of range`);
  if (month < 1 || month > 12) throw outOfRange('month');
  if (day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) throw outOfRange('day');
  return Date.parse(`${date}T${hour}:${minute}:${second}${zone}`);
}
