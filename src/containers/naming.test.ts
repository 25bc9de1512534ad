import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateName, parseContainerName } from './names.ts';
import { isSignal, parseSignal } from './signals.ts';
import { formatTime } from './times.ts';

test('names are checked as the reference checks them', () => {
  assert.equal(parseContainerName('/web-1'), 'web-1');
  assert.equal(parseContainerName('a_'), 'a_');
  for (const bad of ['a', '-bad', 'a b', 'ümlaut', 'a/b', '/', '.dot', '', 'x!'])
    assert.throws(() => parseContainerName(bad), {
      kind: 'invalid-argument',
      message: `Invalid container name (${bad}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
    });
});

test('generated names are pairs of words, valid, and never taken ones', () => {
  const taken = new Set<string>();
  for (let count = 0; count < 2000; count++) {
    const name = generateName((candidate) => taken.has(candidate));
    assert.match(name, /^[a-z]+_[a-z]+\d*$/);
    assert.equal(parseContainerName(name), name);
    assert.ok(!taken.has(name));
    taken.add(name);
  }
});

test('when every pair is taken a number is added', () => {
  assert.match(
    generateName((candidate) => !/\d/.test(candidate)),
    /\d$/,
  );
});

test('signals are read by number, name and real-time offset', () => {
  const cases: [string, number][] = [
    ['9', 9],
    ['KILL', 9],
    ['sigkill', 9],
    ['SIGTERM', 15],
    ['winch', 28],
    ['SIGCLD', 17],
    ['RTMIN', 34],
    ['SIGRTMIN+3', 37],
    ['RTMAX-2', 62],
    ['RTMAX-14', 50],
    ['RTMIN+15', 49],
    ['64', 64],
    ['65', 65],
    ['-1', -1],
  ];
  for (const [given, number] of cases) assert.equal(parseSignal(given), number);
  for (const bad of ['NOPE', '', '0', 'RTMIN+16', 'RTMAX-15', 'RTMIN-1', 'RTMIN+03', 'SIG', '0x9', ' 9'])
    assert.throws(() => parseSignal(bad), { kind: 'invalid-argument', message: `invalid signal: ${bad}` });
  for (const none of [-1, 0, 32, 33, 65]) assert.equal(isSignal(none), false);
});

test('times have nanoseconds without trailing zeros', () => {
  assert.equal(formatTime(1_700_000_000_120_000_000n), '2023-11-14T22:13:20.12Z');
  assert.equal(formatTime(1_700_000_000_000_000_001n), '2023-11-14T22:13:20.000000001Z');
  assert.equal(formatTime(1_700_000_000_000_000_000n), '2023-11-14T22:13:20Z');
});
