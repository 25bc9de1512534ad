const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes with four digits and a decimal unit, as Docker prints sizes: `1.983MB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit++) value /= 1000;
  return `${Number(value.toPrecision(4))}${units[unit]}`;
}

/** The bar of a progress record, which old clients print as it is. */
export function formatProgress(current: number, total: number): string {
  const numbers = `${formatSize(current).padStart(8)}/${formatSize(total)}`;
  if (total <= 0) return formatSize(current).padStart(8);
  const percent = Math.min(50, Math.floor((current / total) * 50));
  const bar = percent < 50 ? `${'='.repeat(percent)}>${' '.repeat(50 - percent)}` : `${'='.repeat(50)}>`;
  return `[${bar}] ${numbers}`;
}
