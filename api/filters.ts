import { invalidArgument } from '../src/errors.ts';

/** Filter name to its values, in the order given. */
export type Filters = Record<string, string[]>;

/**
 * The `filters` of lists and prunes: `{"label": ["a", "b"]}`, or the older `{"label": {"a": true}}`.
 * Throws invalid-argument for anything else.
 */
export function parseFilters(source: string | undefined): Filters {
  if (source === undefined || source === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(source);
  } catch (error) {
    throw invalidArgument('invalid filter', error);
  }
  if (parsed === null) return {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw invalidArgument('invalid filter');
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, valuesOf(value)]));
}

function valuesOf(value: unknown): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) {
    if (!value.every((one) => typeof one === 'string')) throw invalidArgument('invalid filter');
    return value;
  }
  if (typeof value !== 'object') throw invalidArgument('invalid filter');
  const chosen = Object.entries(value);
  if (!chosen.every(([, on]) => typeof on === 'boolean')) throw invalidArgument('invalid filter');
  return chosen.map(([name]) => name);
}
