import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goRegExp } from './go-regexp.ts';

test('what only Go knows means the same here', () => {
  const cases: [string, string, boolean][] = [
    ['web', 'a-web-b', true],
    ['^web$', 'web', true],
    ['(?i)WEB', 'web', true],
    ['(?is)^W.B$', 'w\nb', true],
    ['\\Aweb\\z', 'web', true],
    ['\\Aweb', 'a-web', false],
    ['[[:alpha:]]eb', 'web', true],
    ['[[:digit:]x]eb', 'web', false],
    ['(?P<first>w)eb', 'web', true],
    ['\\[:alpha:\\]', '[:alpha:]', true],
    ['we\\.b', 'we.b', true],
  ];
  for (const [pattern, text, matches] of cases) assert.equal(goRegExp(pattern)?.test(text), matches, pattern);
});

test('what is no pattern is none', () => {
  for (const pattern of ['[', '(', 'a(?i)b']) assert.equal(goRegExp(pattern), undefined, pattern);
});
