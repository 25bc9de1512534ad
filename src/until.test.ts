import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseUntil } from './until.ts';

test('times are taken as exact as they are given, of this machine unless they name a zone', () => {
  const local = (...parts: [number, number, number, number?, number?, number?]): number =>
    new Date(...parts).getTime();
  const cases: [string, number][] = [
    ['2001-02-03', local(2001, 1, 3)],
    ['2001-02-03T04', local(2001, 1, 3, 4)],
    ['2001-02-03T04:05', local(2001, 1, 3, 4, 5)],
    ['2001-02-03T04:05:06', local(2001, 1, 3, 4, 5, 6)],
    ['2001-02-03Z', Date.UTC(2001, 1, 3)],
    ['2001-02-03T04Z', Date.UTC(2001, 1, 3, 4)],
    ['2001-02-03T04:05+02:00', Date.UTC(2001, 1, 3, 2, 5)],
    ['2001-02-03T04:05:06.5-01:00', Date.UTC(2001, 1, 3, 5, 5, 6, 500)],
    ['1000000000', 1e12],
    ['0', 0],
  ];
  for (const [value, expected] of cases) assert.equal(parseUntil([value]), expected, value);
});

test('lengths of time end now', () => {
  for (const [value, ms] of [
    ['1h30m', 5_400_000],
    ['.5h', 1_800_000],
    ['-5h', -18_000_000],
  ] as const)
    assert.ok(Math.abs(Date.now() - ms - parseUntil([value])) < 1000, value);
});

test('what is no time is refused', () => {
  const refused = (value: string, message: string): void =>
    assert.throws(() => parseUntil([value]), { kind: 'invalid-argument', message });
  for (const value of ['x', '..5h', '1d', '']) refused(value, `failed to parse value as time or duration: "${value}"`);
  refused('2001-13-01', 'parsing time "2001-13-01": month out of range');
  refused('2001-02-30', 'parsing time "2001-02-30": day out of range');
});
