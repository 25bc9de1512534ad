import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from './digest.ts';
import {
  familiarName,
  familiarReference,
  formatReference,
  parseAnyReference,
  parseReference,
  withDefaultTag,
  withTag,
} from './reference.ts';

const digest = digestOf('x');

describe('names of images', () => {
  const normalised: [text: string, whole: string, familiar: string][] = [
    ['busybox', 'docker.io/library/busybox', 'busybox'],
    ['library/busybox:1', 'docker.io/library/busybox:1', 'busybox:1'],
    ['docker.io/busybox', 'docker.io/library/busybox', 'busybox'],
    ['index.docker.io/library/busybox', 'docker.io/library/busybox', 'busybox'],
    ['user/app:v1', 'docker.io/user/app:v1', 'user/app:v1'],
    ['docker.io/library/a/b', 'docker.io/library/a/b', 'library/a/b'],
    ['localhost/app', 'localhost/app', 'localhost/app'],
    ['127.0.0.1:5000/a/b:t', '127.0.0.1:5000/a/b:t', '127.0.0.1:5000/a/b:t'],
    ['[::1]:5000/app', '[::1]:5000/app', '[::1]:5000/app'],
    ['Registry/app', 'Registry/app', 'Registry/app'],
    [`busybox@${digest}`, `docker.io/library/busybox@${digest}`, `busybox@${digest}`],
    [`busybox:1@${digest}`, `docker.io/library/busybox:1@${digest}`, `busybox:1@${digest}`],
    ['a__b/c--d/e.f', 'docker.io/a__b/c--d/e.f', 'a__b/c--d/e.f'],
  ];
  for (const [text, whole, familiar] of normalised) {
    it(`reads ${text} as ${whole}`, () => {
      const reference = parseReference(text);
      assert.equal(formatReference(reference), whole);
      assert.equal(familiarReference(reference), familiar);
      assert.deepEqual(parseReference(familiar), reference);
    });
  }

  const refused: [text: string, message: string][] = [
    ['', 'invalid reference format'],
    ['UPPER', 'invalid reference format: repository name (library/UPPER) must be lowercase'],
    ['a/UPPER:x', 'invalid reference format: repository name (a/UPPER) must be lowercase'],
    ['a b', 'invalid reference format'],
    ['-a', 'invalid reference format'],
    ['a:', 'invalid reference format'],
    ['a:b:c', 'invalid reference format'],
    ['a///b', 'invalid reference format'],
    ['a:-x', 'invalid reference format'],
    ['x@sha256:short', 'invalid reference format'],
    [`x@sha999:${'a'.repeat(64)}`, 'unsupported digest algorithm'],
    [`x@sha256:${'a'.repeat(40)}`, 'invalid checksum digest length'],
    [
      'a'.repeat(64),
      `invalid repository name (${'a'.repeat(64)}), cannot specify 64-byte hexadecimal strings`,
    ],
    ['x/'.repeat(150) + 'y', 'repository name must not be more than 255 characters'],
    [`a:${'t'.repeat(129)}`, 'invalid reference format'],
  ];
  for (const [text, message] of refused) {
    it(`refuses ${text.slice(0, 40) || 'nothing'}`, () => {
      assert.throws(() => parseReference(text), { kind: 'invalid-argument', message });
    });
  }

  it('take latest when neither tag nor digest is given', () => {
    assert.equal(familiarReference(withDefaultTag(parseReference('a'))), 'a:latest');
    assert.equal(familiarReference(withDefaultTag(parseReference('a:b'))), 'a:b');
    assert.equal(familiarReference(withDefaultTag(parseReference(`a@${digest}`))), `a@${digest}`);
  });

  it('take another tag, if it is one', () => {
    assert.equal(familiarReference(withTag(parseReference('a:b'), 'c')), 'a:c');
    assert.throws(() => withTag(parseReference('a'), 'b d'), { message: 'invalid tag format' });
  });

  it('are told from ids', () => {
    assert.deepEqual(parseAnyReference('b'.repeat(64)), { kind: 'id', id: `sha256:${'b'.repeat(64)}` });
    assert.deepEqual(parseAnyReference(digest), { kind: 'id', id: digest });
    assert.equal(parseAnyReference('abcdef').kind, 'named');
  });

  it('have a repository of their own', () => {
    assert.equal(familiarName(parseReference('docker.io/library/busybox:1')), 'busybox');
  });
});
