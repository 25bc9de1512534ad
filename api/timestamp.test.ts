import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTimestamp } from './timestamp.ts';

test('seconds may have a fraction, of which every digit counts', () => {
  assert.equal(parseTimestamp('1700000000'), 1_700_000_000_000_000_000n);
  assert.equal(parseTimestamp('1700000000.5'), 1_700_000_000_500_000_000n);
  assert.equal(parseTimestamp('1700000000.000000001'), 1_700_000_000_000_000_001n);
  assert.equal(parseTimestamp('-5'), -5_000_000_000n);
});

test('nothing is no time', () => {
  assert.equal(parseTimestamp(null), undefined);
  assert.equal(parseTimestamp(''), undefined);
});

test('ages and dates are refused in Go words: clients convert them', () => {
  for (const [text, part] of [
    ['10m', '10m'],
    ['2030-01-01T00:00:00', '2030-01-01T00:00:00'],
    ['1.x', 'x'],
  ] as const)
    assert.throws(() => parseTimestamp(text), {
      kind: 'internal',
      message: `strconv.ParseInt: parsing "${part}": invalid syntax`,
    });
});
