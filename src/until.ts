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
  if (/^[+-]?([\d.]+(h|ms|m|s|us|µs|ns))+$/.test(value)) {
    let ms = 0;
    for (const [, number, unit] of value.matchAll(/([\d.]+)(h|ms|m|s|us|µs|ns)/g))
      ms += Number(number) * (units[unit ?? ''] ?? 0);
    return Date.now() - (value.startsWith('-') ? -ms : ms);
  }
  const time = /^\d{4}-\d{2}-\d{2}(T|$)/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(time))
    throw invalidArgument(`failed to parse value as time or duration: ${JSON.stringify(value)}`);
  return time;
}
