import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedTime, parseLogTime } from './times.ts';

test('seconds, with a fraction of any length, negative or empty', () => {
  assert.equal(parseLogTime(''), undefined);
  assert.equal(parseLogTime('5'), 5_000_000_000n);
  assert.equal(parseLogTime('1136073600.000000001'), 1136073600000000001n);
  assert.equal(parseLogTime('1.5'), 1_500_000_000n);
  assert.equal(parseLogTime('1.0000000019'), 1_000_000_001n);
  assert.equal(parseLogTime('-5'), -5_000_000_000n);
});

test('anything else is refused with the text of the reference', () => {
  for (const text of ['x', '2030-01-01T00:00:00Z', '1.', '10s', ' 1'])
    assert.throws(() => parseLogTime(text), {
      kind: 'internal',
      message: /^strconv\.ParseInt: parsing ".*": invalid syntax$/,
    });
  assert.throws(() => parseLogTime('99999999999999999999'), { message: /value out of range$/ });
});

test('fixed times sort as text, also before 1970 and outside the calendar', () => {
  assert.equal(fixedTime(1n), '1970-01-01T00:00:00.000000001Z');
  assert.equal(fixedTime(-1n), '1969-12-31T23:59:59.999999999Z');
  assert.equal(fixedTime(-(10n ** 30n)), '0000-01-01T00:00:00.000000000Z');
  assert.equal(fixedTime(10n ** 30n), '9999-12-31T23:59:59.999999999Z');
});
