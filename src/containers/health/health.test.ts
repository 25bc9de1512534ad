import assert from 'node:assert/strict';
import { test } from 'node:test';
import { healthPlan, judge, type Health, type HealthPlan } from './monitor.ts';
import { formatDuration, type ProbeResult } from './probe.ts';

const result = (ExitCode: number): ProbeResult => ({ Start: '', End: '', ExitCode, Output: '' });
const plan = healthPlan({ Test: ['CMD', 'true'], Retries: 2 }, undefined) as HealthPlan;
const fresh: Health = { Status: 'starting', FailingStreak: 0, Log: [] };

test('a check is a command, a line for the shell, or none', () => {
  assert.deepEqual(healthPlan({ Test: ['CMD', 'a', 'b'] }, undefined)?.command, ['a', 'b']);
  assert.deepEqual(healthPlan({ Test: ['CMD-SHELL', 'a b'] }, undefined)?.command, ['/bin/sh', '-c', 'a b']);
  assert.deepEqual(healthPlan({ Test: ['CMD-SHELL', 'a'] }, ['/bin/ash', '-c'])?.command, [
    '/bin/ash',
    '-c',
    'a',
  ]);
  assert.deepEqual(healthPlan({ Test: ['CMD-SHELL', 'a', 'b'] }, undefined)?.command, [
    '/bin/sh',
    '-c',
    'a',
    'b',
  ]);
  for (const none of [
    undefined,
    {},
    { Test: [] },
    { Test: ['NONE'] },
    { Test: ['CMD'] },
    { Test: ['CMD-SHELL'] },
  ])
    assert.equal(healthPlan(none, undefined), undefined);
});

test('times that are not given are the usual ones', () => {
  const { intervalMs, timeoutMs, startPeriodMs, startIntervalMs, retries } = healthPlan(
    { Test: ['CMD', 'x'], Interval: 5e8 },
    undefined,
  )!;
  assert.deepEqual(
    [intervalMs, timeoutMs, startPeriodMs, startIntervalMs, retries],
    [500, 30_000, 0, 5_000, 3],
  );
});

test('a success heals, failures add up to unhealthy', () => {
  const healthy = judge(fresh, result(0), plan, false);
  assert.equal(healthy.Status, 'healthy');
  const once = judge(healthy, result(1), plan, false);
  assert.deepEqual([once.Status, once.FailingStreak], ['healthy', 1]);
  const twice = judge(once, result(1), plan, false);
  assert.deepEqual([twice.Status, twice.FailingStreak], ['unhealthy', 2]);
  assert.deepEqual(
    [judge(twice, result(0), plan, false).Status, judge(twice, result(0), plan, false).FailingStreak],
    ['healthy', 0],
  );
});

test('failures in the start period count for nothing until the first success', () => {
  let health = fresh;
  for (let count = 0; count < 5; count++) health = judge(health, result(1), plan, true);
  assert.deepEqual([health.Status, health.FailingStreak], ['starting', 0]);
  health = judge(judge(health, result(0), plan, true), result(1), plan, true);
  assert.deepEqual([health.Status, health.FailingStreak], ['healthy', 1]);
});

test('the last five results are kept', () => {
  let health = fresh;
  for (let code = 0; code < 7; code++) health = judge(health, result(code), plan, false);
  assert.deepEqual(
    health.Log.map(({ ExitCode }) => ExitCode),
    [2, 3, 4, 5, 6],
  );
});

test('lengths of time are written as Go writes them', () => {
  for (const [ms, text] of [
    [200, '200ms'],
    [1000, '1s'],
    [1500, '1.5s'],
    [90_000, '1m30s'],
    [3_600_000, '1h0m0s'],
  ] as const)
    assert.equal(formatDuration(ms), text);
});
