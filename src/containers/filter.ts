import { internal, invalidArgument } from '../errors.ts';
import { goRegExp } from '../go-regexp.ts';
import type { Container } from './container.ts';
import type { Status } from './state.ts';

/** Filter name to its values. */
export type ContainerFilters = Record<string, string[]>;

export interface ListOptions {
  /** Those that do not run, too. */
  all: boolean;
  /** At most so many, running or not; 0 or less is no limit. */
  limit: number;
  filters: ContainerFilters;
}

/** What filters must look up elsewhere. */
export interface FilterLookups {
  /** Throws not-found. */
  container(nameOrId: string): Container;
  /** Ids of the image a reference names and of all it is built on, of which containers descend; undefined when there is none. */
  descends(imageId: string, ancestor: string): boolean;
  /** The networks a container is on. */
  networks(container: Container): { name: string; id: string }[];
  /** The ports of a container as the list shows them, each side `80/tcp`; what is not published is so as port 0. */
  ports(container: Container): { published: Set<string>; exposed: Set<string> };
}

const statuses: readonly Status[] = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
];
const healths = ['none', 'starting', 'healthy', 'unhealthy'];

const known = new Set([
  'ancestor',
  'before',
  'exited',
  'expose',
  'health',
  'id',
  'is-task',
  'isolation',
  'label',
  'name',
  'network',
  'publish',
  'since',
  'status',
  'volume',
]);

/**
 * The containers a list shows, in the order given (newest first).
 * @throws invalid-argument for filters or values it does not know; not-found for `before` and `since` of nothing
 */
export function filterContainers(
  containers: readonly Container[],
  { all, limit, filters }: ListOptions,
  lookups: FilterLookups,
): Container[] {
  verify(filters);
  const tests = testsOf(containers, filters, lookups);
  const anyState = all || limit > 0 || (filters['status']?.length ?? 0) > 0;
  const bounds = timeBounds(filters, lookups);
  const found = containers.filter(
    (container) =>
      (anyState || container.running || container.state.status === 'restarting') &&
      bounds(container) &&
      tests.every((test) => test(container)),
  );
  return limit > 0 ? found.slice(0, limit) : found;
}

function verify(filters: ContainerFilters): void {
  for (const name of Object.keys(filters))
    if (!known.has(name)) throw invalidArgument(`invalid filter '${name}'`);
  for (const value of filters['status'] ?? [])
    if (!statuses.includes(value as Status))
      throw invalidArgument(
        `invalid filter 'status=${value}': invalid value for state (${value}): must be one of ${statuses.join(', ')}`,
      );
  for (const value of filters['exited'] ?? [])
    if (!/^[+-]?\d+$/.test(value))
      throw invalidArgument(
        `invalid filter 'exited=${value}': strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
  for (const value of filters['health'] ?? [])
    if (!healths.includes(value))
      throw invalidArgument(
        `invalid filter 'health=${value}': invalid value for health (${value}): must be one of ${healths.join(', ')}`,
      );
  verifyTask(filters['is-task']);
}

/** One truth value is wanted, not both and not none. */
function verifyTask(task: readonly string[] | undefined): void {
  if (!task) return;
  if (task.length === 0) throw invalidArgument("invalid filter 'is-task'");
  const says = (values: string[]): boolean => values.some((value) => task.includes(value));
  if (says(['true', '1']) === says(['false', '0']))
    throw invalidArgument(`invalid filter 'is-task=[${task.join(' ')}]'`);
}

type Test = (container: Container) => boolean;

function testsOf(
  containers: readonly Container[],
  filters: ContainerFilters,
  lookups: FilterLookups,
): Test[] {
  const tests: Test[] = [];
  const any = (name: string, test: (container: Container, value: string) => boolean): void => {
    const values = filters[name];
    if (values?.length) tests.push((container) => values.some((value) => test(container, value)));
  };
  const labels = filters['label'];
  if (labels) tests.push(({ config }) => labels.every((label) => hasLabel(config.Labels, label)));
  const ids = filters['id']?.length ? idsOf(containers, filters['id']) : undefined;
  if (ids) tests.push(({ id }) => ids.has(id));
  any('name', ({ name }, value) => matchesName(name, value));
  any('status', ({ state }, value) => state.status === value);
  any('exited', ({ state }, value) => state.exitCode === Number(value) && state.status === 'exited');
  any('ancestor', ({ record }, value) => lookups.descends(record.imageId, value));
  any('volume', ({ record }, value) =>
    record.mounts.some(({ Name, Source, Destination }) => [Name || Source, Destination].includes(value)),
  );
  any('network', (container, value) =>
    lookups.networks(container).some(({ name, id }) => name === value || id.startsWith(value)),
  );
  any('health', ({ health }, value) => value === (health?.Status ?? 'none'));
  any('is-task', (_, value) => value === 'false' || value === '0');
  const published = portSet(filters['publish'], 'publish');
  const exposed = portSet(filters['expose'], 'expose');
  if (published || exposed)
    tests.push((container) => {
      const ports = lookups.ports(container);
      return intersects(ports.published, published) || intersects(ports.exposed, exposed);
    });
  return tests;
}

/** Beginnings of ids; one that several begin with names none. */
function idsOf(containers: readonly Container[], beginnings: readonly string[]): Set<string> {
  const named = (beginning: string): string[] => {
    const found = containers.filter(({ id }) => beginning !== '' && id.startsWith(beginning));
    return found.length === 1 ? found.map(({ id }) => id) : [];
  };
  return new Set(beginnings.flatMap(named));
}

/** `before` and `since` name containers; they themselves are left out. */
function timeBounds({ before = [], since = [] }: ContainerFilters, { container }: FilterLookups): Test {
  const olderThan = before.map((name) => container(name));
  const newerThan = since.map((name) => container(name));
  return ({ record }) =>
    olderThan.every((other) => record.created < other.record.created) &&
    newerThan.every((other) => record.created > other.record.created);
}

/** `name` or `name=value`. */
export function hasLabel(labels: Record<string, string>, filter: string): boolean {
  const equals = filter.indexOf('=');
  if (equals < 0) return Object.hasOwn(labels, filter);
  return labels[filter.slice(0, equals)] === filter.slice(equals + 1);
}

/** A pattern, tried with and without the slash of the name. */
function matchesName(name: string, value: string): boolean {
  return matchesPattern(name, value) || matchesPattern(`/${name}`, value);
}

function matchesPattern(text: string, pattern: string): boolean {
  return text === pattern || (goRegExp(pattern)?.test(text) ?? false);
}

/** `80`, `80/tcp`, `8000-8010/udp` as the set of keys they stand for. */
function portSet(values: readonly string[] | undefined, name: string): Set<string> | undefined {
  if (!values?.length) return undefined;
  const ports = new Set<string>();
  for (const value of values) {
    const [range = '', protocol = 'tcp'] = value.split('/');
    const [first, last] = portRange(range, `error while looking up for ${name} ${value}: `);
    for (let port = first; port <= last; port++) ports.add(`${port}/${protocol}`);
  }
  return ports;
}

/** @throws internal with the reference's words */
function portRange(range: string, prefix: string): [number, number] {
  if (range === '') throw internal(`${prefix}Empty string specified for ports.`);
  const [first = '', last = first] = range.split('-');
  for (const edge of [first, last]) {
    const wrong = !/^\d+$/.test(edge) ? 'invalid syntax' : Number(edge) > 0xffff ? 'value out of range' : '';
    if (wrong) throw internal(`${prefix}strconv.ParseUint: parsing ${JSON.stringify(edge)}: ${wrong}`);
  }
  if (Number(last) < Number(first)) throw internal(`${prefix}Invalid range specified for the Port: ${range}`);
  return [Number(first), Number(last)];
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string> | undefined): boolean {
  return b !== undefined && !a.isDisjointFrom(b);
}
