/** `2026-11-23T22:41:02.48509687Z`: RFC 3339 in UTC with nanoseconds, trailing zeros cut, as Go writes a time. */
export function formatTime(nanos: bigint): string {
  const seconds = nanos / 1_000_000_000n;
  const fraction = (nanos % 1_000_000_000n).toString().padStart(9, '0').replace(/0+$/, '');
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** Milliseconds since the epoch; NaN for what is no time. */
export function millisOf(time: string): number {
  return Date.parse(time);
}
