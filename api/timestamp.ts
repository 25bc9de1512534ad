import { internal } from '../src/errors.ts';

/**
 * A time of a query as `seconds[.nanoseconds]` since the epoch, in nanoseconds; undefined when absent.
 * @throws internal with Go's words, as dockerd does: it takes nothing else here, clients convert
 */
export function parseTimestamp(text: string | null): bigint | undefined {
  if (text === null || text === '') return undefined;
  const point = text.indexOf('.');
  const seconds = whole(point < 0 ? text : text.slice(0, point));
  if (point < 0) return seconds * 1_000_000_000n;
  const fraction = text.slice(point + 1);
  const nanos = whole(fraction) * 10n ** BigInt(Math.max(0, 9 - fraction.length));
  return seconds * 1_000_000_000n + nanos;
}

function whole(text: string): bigint {
  if (!/^[+-]?\d+$/.test(text))
    throw internal(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return BigInt(text);
}
