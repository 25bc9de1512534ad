import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialState } from '../../src/containers/state.ts';
import { stateOf, statusText } from './container-state.ts';
import { humanDuration } from './duration.ts';

test('lengths of time are worded as in the lists of the reference', () => {
  const second = 1000;
  const hour = 3_600_000;
  const cases: [number, string][] = [
    [0, 'Less than a second'],
    [999, 'Less than a second'],
    [second, '1 second'],
    [59 * second, '59 seconds'],
    [60 * second, 'About a minute'],
    [120 * second, '2 minutes'],
    [59 * 60 * second, '59 minutes'],
    [hour, 'About an hour'],
    [1.6 * hour, '2 hours'],
    [47 * hour, '47 hours'],
    [48 * hour, '2 days'],
    [14 * 24 * hour, '2 weeks'],
    [60 * 24 * hour, '2 months'],
    [730 * 24 * hour, '2 years'],
  ];
  for (const [ms, words] of cases) assert.equal(humanDuration(ms), words);
});

test('the status text names state, exit code and time', () => {
  const now = Date.parse('2026-01-01T00:01:00Z');
  const state = {
    ...initialState(),
    startedAt: '2026-01-01T00:00:57Z',
    finishedAt: '2026-01-01T00:00:58Z',
    exitCode: 3,
  };
  const text = (status: typeof state.status): string => statusText({ ...state, status }, now);
  assert.equal(text('running'), 'Up 3 seconds');
  assert.equal(text('paused'), 'Up 3 seconds (Paused)');
  assert.equal(text('exited'), 'Exited (3) 2 seconds ago');
  assert.equal(text('restarting'), 'Restarting (3) 2 seconds ago');
  assert.equal(text('created'), 'Created');
});

test('a container between two runs of its policy counts as running and restarting', () => {
  const { Running, Restarting, Paused } = stateOf({ ...initialState(), status: 'restarting' }) as Record<
    string,
    boolean
  >;
  assert.deepEqual([Running, Restarting, Paused], [true, true, false]);
});
