import assert from 'node:assert/strict';
import { test } from 'node:test';
import { notFound } from '../errors.ts';
import { Container, type ContainerRecord } from './container.ts';
import { filterContainers, type ContainerFilters, type FilterLookups } from './filter.ts';
import { prunable } from './prune.ts';
import { initialState, type ContainerState } from './state.ts';

function container(
  name: string,
  created: string,
  state: Partial<ContainerState>,
  more: object = {},
): Container {
  const config = { Labels: { run: 'x', [name]: '' }, ExposedPorts: { '80/tcp': {} }, ...more };
  const record = {
    id: name.repeat(64),
    name: `run-${name}`,
    created,
    config,
    hostConfig: { Isolation: '' },
    imageId: 'sha256:1',
    mounts: name === 'b' ? [{ Name: 'vol', Source: '/v', Destination: '/data' }] : [],
  };
  return new Container(record as unknown as ContainerRecord, { ...initialState(), ...state });
}

const c = container('c', '2026-01-03T00:00:00Z', {}, { ExposedPorts: { '53/udp': {} } });
const b = container('b', '2026-01-02T00:00:00Z', { status: 'exited', exitCode: 3 });
const a = container('a', '2026-01-01T00:00:00Z', { status: 'running' });
const all = [c, b, a];

const lookups: FilterLookups = {
  container: (name) => {
    const found = all.find((one) => one.name === name);
    if (!found) throw notFound(`No such container: ${name}`);
    return found;
  },
  descends: (imageId, ancestor) => imageId === 'sha256:1' && ancestor === 'busybox',
  networks: (one) => (one === a ? [{ name: 'bridge', id: 'net-id' }] : []),
  ports: (one) => {
    if (one !== a) return { published: new Set(), exposed: new Set() };
    return { published: new Set(['8080/tcp', '0/udp']), exposed: new Set(['80/tcp', '53/udp']) };
  },
};

const names = (filters: ContainerFilters, { all: every = true, limit = 0 } = {}): string =>
  filterContainers(all, { all: every, limit, filters }, lookups)
    .map(({ name }) => name.slice(-1))
    .join('');

test('only what runs is listed, unless all, a limit or a state is asked for', () => {
  assert.equal(names({}, { all: false }), 'a');
  assert.equal(names({}), 'cba');
  assert.equal(names({}, { all: false, limit: 2 }), 'cb');
  assert.equal(names({ status: ['exited'] }, { all: false }), 'b');
  assert.equal(names({ exited: ['3'] }, { all: false }), '');
});

test('each filter chooses as the reference does', () => {
  const cases: [ContainerFilters, string][] = [
    [{ label: ['run=x', 'a'] }, 'a'],
    [{ label: ['run=y'] }, ''],
    [{ label: ['a='] }, 'a'],
    [{ name: ['run-a'] }, 'a'],
    [{ name: ['/run-a'] }, 'a'],
    [{ name: ['^/run-[ab]$'] }, 'ba'],
    [{ name: ['['] }, ''],
    [{ name: ['(?i)RUN-A'] }, 'a'],
    [{ id: ['aaaa'] }, 'a'],
    [{ id: ['aaaa', 'b'] }, 'ba'],
    [{ id: [''] }, ''],
    [{ id: ['.'] }, ''],
    [{ label: ['constructor'] }, ''],
    [{ status: ['exited', 'created'] }, 'cb'],
    [{ exited: ['0'] }, ''],
    [{ ancestor: ['busybox'] }, 'cba'],
    [{ ancestor: ['other'] }, ''],
    [{ before: ['run-b'] }, 'a'],
    [{ since: ['run-b'] }, 'c'],
    [{ volume: ['vol'] }, 'b'],
    [{ volume: ['/data'] }, 'b'],
    [{ volume: ['/v'] }, ''],
    [{ network: ['bridge'] }, 'a'],
    [{ network: ['net-id'] }, 'a'],
    [{ network: ['net'] }, 'a'],
    [{ publish: ['8000-8100'] }, 'a'],
    [{ publish: ['0/udp'] }, 'a'],
    [{ expose: ['79-81/tcp'] }, 'a'],
    [{ expose: ['53'] }, ''],
    [{ expose: ['53/udp'], publish: ['1'] }, 'a'],
    [{ health: ['none'] }, 'cba'],
    [{ 'is-task': ['false'] }, 'cba'],
    [{ isolation: ['hyperv'] }, 'cba'],
  ];
  for (const [filters, expected] of cases) assert.equal(names(filters), expected, JSON.stringify(filters));
});

test('unknown filters and values are refused in the words of the reference', () => {
  const cases: [ContainerFilters, string, string][] = [
    [{ colour: ['red'] }, 'invalid-argument', "invalid filter 'colour'"],
    [
      { exited: ['x'] },
      'invalid-argument',
      'invalid filter \'exited=x\': strconv.Atoi: parsing "x": invalid syntax',
    ],
    [{ 'is-task': ['perhaps'] }, 'invalid-argument', "invalid filter 'is-task=[perhaps]'"],
    [{ 'is-task': ['true', 'false'] }, 'invalid-argument', "invalid filter 'is-task=[true false]'"],
    [{ 'is-task': [] }, 'invalid-argument', "invalid filter 'is-task'"],
    [{ expose: [''] }, 'internal', 'error while looking up for expose : Empty string specified for ports.'],
    [
      { expose: ['90-80'] },
      'internal',
      'error while looking up for expose 90-80: Invalid range specified for the Port: 90-80',
    ],
    [
      { expose: ['99999'] },
      'internal',
      'error while looking up for expose 99999: strconv.ParseUint: parsing "99999": value out of range',
    ],
    [{ before: ['none'] }, 'not-found', 'No such container: none'],
    [
      { publish: ['x'] },
      'internal',
      'error while looking up for publish x: strconv.ParseUint: parsing "x": invalid syntax',
    ],
  ];
  for (const [filters, kind, message] of cases) assert.throws(() => names(filters), { kind, message });
  assert.throws(() => names({ status: ['odd'] }), /must be one of created, running, paused/);
});

test('a prune takes what does not run, chosen by label and time', () => {
  const pruned = (filters: ContainerFilters): string =>
    prunable(all, filters)
      .map(({ name }) => name.slice(-1))
      .join('');
  assert.equal(pruned({}), 'cb');
  assert.equal(pruned({ label: ['b'] }), 'b');
  assert.equal(pruned({ 'label!': ['b'] }), 'c');
  assert.equal(pruned({ until: ['2026-01-02T12:00:00Z'] }), 'b');
  assert.equal(
    pruned({ until: ['1h30m'] }),
    all.some((one) => Date.parse(one.record.created) > Date.now() - 5_400_000) ? '' : 'cb',
  );
  assert.throws(() => pruned({ until: ['x'] }), {
    message: 'failed to parse value as time or duration: "x"',
  });
  assert.throws(() => pruned({ until: ['1h', '2h'] }), { message: 'more than one until filter specified' });
  assert.throws(() => pruned({ colour: ['x'] }), { message: "invalid filter 'colour'" });
});
