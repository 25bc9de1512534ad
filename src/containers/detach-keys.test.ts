import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDetachKeys } from './detach-keys.ts';

test('single characters, control characters and DEL make the sequence', () => {
  assert.deepEqual(parseDetachKeys('ctrl-p,ctrl-q'), Buffer.from([16, 17]));
  assert.deepEqual(
    parseDetachKeys('a,ctrl-@,ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_,DEL'),
    Buffer.from([97, 0, 27, 28, 29, 30, 31, 127]),
  );
});

test('anything else is no sequence', () => {
  for (const text of ['nonsense-key', 'ctrl-A', 'ctrl-', 'a,', ',', 'ab', 'é', 'del'])
    assert.equal(parseDetachKeys(text), undefined);
});
