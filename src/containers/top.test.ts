import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKind } from '../errors.ts';
import { parsePs, verifyPsArgs } from './top.ts';

test('rows of other processes are left out, and the last field keeps its words', () => {
  const output = 'UID   PID  CMD\nroot   12  sh -c a  b\nroot  112  sh\n';
  assert.deepEqual(parsePs(output, new Set([12])), {
    titles: ['UID', 'PID', 'CMD'],
    processes: [['root', '12', 'sh -c a b']],
  });
});

test('a thread without pid belongs to the process before it', () => {
  const output = 'PID CMD\n1 a\n- a1\n2 b\n- b1\n';
  assert.deepEqual(parsePs(output, new Set([2])).processes, [
    ['2', 'b'],
    ['-', 'b1'],
  ]);
});

test('a table without pids is refused', () => {
  assert.throws(
    () => parsePs('COMMAND\nsh\n', new Set()),
    (error) => isKind(error, 'internal') && /Couldn't find PID field/.test(String(error)),
  );
  assert.throws(() => parsePs('PID\nx\n', new Set()), /Unexpected pid 'x'/);
});

test('another column cannot be called PID', () => {
  verifyPsArgs('-o pid=PID');
  verifyPsArgs('-ef');
  assert.throws(() => verifyPsArgs('-o ppid=PID'), /specifying "ppid=PID" is not allowed/);
  assert.throws(() => verifyPsArgs('-o user=PIDS'), /is not allowed/);
});
