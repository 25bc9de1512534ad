import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apiVersion, askedVersion } from './versions.ts';

test('versions are compared part by part, as numbers', () => {
  for (const text of ['1.24', '1.51', '01.51', '1.051']) assert.ok('ok' in askedVersion(text), text);
  for (const text of ['1', '1.0', '1.23', '0.99']) assert.equal(refusal(text), 'too old', text);
  for (const text of ['1.52', '1.51.1', '2.0', '9.99']) assert.equal(refusal(text), 'too new', text);
});

test('the refusal names the version as it was asked for', () => {
  const asked = askedVersion('1.23');
  assert.ok('refused' in asked);
  assert.equal(
    asked.message,
    'client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version',
  );
});

test('atLeast is true for the version itself and later ones', () => {
  assert.equal(apiVersion(42).atLeast(42), true);
  assert.equal(apiVersion(41).atLeast(42), false);
});

function refusal(text: string): string | undefined {
  const asked = askedVersion(text);
  return 'refused' in asked ? asked.refused : undefined;
}
