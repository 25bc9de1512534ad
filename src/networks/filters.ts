import { internal, invalidArgument } from '../errors.ts';
import { goRegExp } from '../go-regexp.ts';
import { parseUntil } from '../until.ts';
import type { Network } from './service.ts';

export type NetworkFilters = Record<string, readonly string[]>;

const listed = new Set(['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type']);
const pruned = new Set(['label', 'label!', 'until']);
const predefined = new Set(['bridge', 'host', 'none']);

/**
 * Whether a network passes every filter of `GET /networks`. Throws what dockerd answers: invalid-argument for an unknown
 * filter or a bad `dangling`, internal for a bad `type`.
 */
export function matchesFilters(
  network: Network,
  filters: NetworkFilters,
  isUsed: (network: Network) => boolean,
): boolean {
  checkNames(filters, listed);
  const any = (name: string, test: (value: string) => boolean): boolean => {
    const values = filters[name];
    return !values || values.length === 0 || values.some(test);
  };
  const dangling = flag(filters['dangling']);
  return (
    any('driver', (value) => network.Driver === value) &&
    any('name', (value) => fits(network.Name, value)) &&
    any('id', (value) => fits(network.Id, value)) &&
    any('scope', (value) => network.Scope === value) &&
    any('type', (value) => isOfType(network, value)) &&
    (filters['label'] ?? []).every((value) => hasLabel(network, value)) &&
    (dangling === undefined || (!predefined.has(network.Name) && !isUsed(network) === dangling))
  );
}

/** Checks the filters of `POST /networks/prune`. */
export function checkPruneFilters(filters: NetworkFilters): void {
  checkNames(filters, pruned);
}

/** Whether a network passes the filters of `POST /networks/prune`. Throws invalid-argument for a bad `until`. */
export function matchesPruneFilters(network: Network, filters: NetworkFilters): boolean {
  const until = parseUntil(filters['until'] ?? []);
  return (
    (filters['label'] ?? []).every((value) => hasLabel(network, value)) &&
    !(filters['label!'] ?? []).some((value) => hasLabel(network, value)) &&
    Date.parse(network.Created) <= until
  );
}

function checkNames(filters: NetworkFilters, known: ReadonlySet<string>): void {
  const unknown = Object.keys(filters).find((name) => !known.has(name));
  if (unknown !== undefined) throw invalidArgument(`invalid filter '${unknown}'`);
}

function flag(values: readonly string[] | undefined): boolean | undefined {
  if (!values || values.length === 0) return undefined;
  if (values.length === 1 && (values[0] === 'true' || values[0] === '1')) return true;
  if (values.length === 1 && (values[0] === 'false' || values[0] === '0')) return false;
  throw invalidArgument(`invalid value for filter 'dangling', must be "true" (or "1"), or "false" (or "0")`);
}

/** Equal, or a regular expression found somewhere in it. */
function fits(text: string, pattern: string): boolean {
  return text === pattern || (goRegExp(pattern)?.test(text) ?? false);
}

function isOfType(network: Network, type: string): boolean {
  if (type === 'custom') return !predefined.has(network.Name);
  if (type === 'builtin') return predefined.has(network.Name);
  throw internal(`invalid filter: 'type'='${type}'`);
}

function hasLabel(network: Network, wanted: string): boolean {
  const [key = '', ...rest] = wanted.split('=');
  return Object.hasOwn(network.Labels, key) && (rest.length === 0 || network.Labels[key] === rest.join('='));
}
