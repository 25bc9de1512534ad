import type { ApiVersion } from '../../versions.ts';

/** Rows and columns of a body; missing numbers are 0 and further ones ignored, as Go fills an array of two. Since 1.42. */
export function consoleSizeOf(
  size: readonly number[] | null | undefined,
  version: ApiVersion,
): [number, number] | undefined {
  return size && version.atLeast(42) ? [size[0] ?? 0, size[1] ?? 0] : undefined;
}
