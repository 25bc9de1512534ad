import { EngineError } from '../errors.ts';

/** Length of `2006-01-02T15:04:05.000000000Z`, the only form log output uses. */
export const FIXED_TIME_LENGTH = 30;

const NANOS = 1_000_000_000n;
const INT64_MAX = (1n << 63n) - 1n;
const INT64_MIN = -(1n << 63n);

/**
 * Reads `since` and `until` as the Docker API takes them: `seconds[.fraction]` since the epoch, negative allowed.
 * Relative times and dates are resolved by clients and refused here.
 * @returns nanoseconds since the epoch, or undefined for the empty string
 * @throws internal, with Go's text, which clients see (`strconv.ParseInt: parsing "x": invalid syntax`)
 */
export function parseLogTime(value: string): bigint | undefined {
  if (value === '') return undefined;
  const dot = value.indexOf('.');
  const seconds = parseInt64(dot < 0 ? value : value.slice(0, dot));
  if (dot < 0) return seconds * NANOS;
  const fraction = value.slice(dot + 1);
  const digits = parseInt64(fraction);
  const scale = 9 - fraction.length;
  return seconds * NANOS + (scale >= 0 ? digits * 10n ** BigInt(scale) : digits / 10n ** BigInt(-scale));
}

/**
 * The time as it is compared with the times of log lines: 30 ASCII bytes, so that byte order is time order.
 * Times before year 0 become the smallest, times after 9999 the largest text.
 */
export function fixedTime(nanos: bigint): string {
  let seconds = nanos / NANOS;
  let rest = nanos % NANOS;
  if (rest < 0n) {
    rest += NANOS;
    seconds -= 1n;
  }
  if (seconds < -62_167_219_200n) return '0000-01-01T00:00:00.000000000Z';
  if (seconds > 253_402_300_799n) return '9999-12-31T23:59:59.999999999Z';
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${rest.toString().padStart(9, '0')}Z`;
}

function parseInt64(text: string): bigint {
  if (!/^[+-]?[0-9]+$/.test(text)) throw parseError(text, 'invalid syntax');
  const value = BigInt(text.replace(/^\+/, ''));
  if (value > INT64_MAX || value < INT64_MIN) throw parseError(text, 'value out of range');
  return value;
}

function parseError(text: string, reason: string): EngineError {
  return new EngineError('internal', `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${reason}`);
}
