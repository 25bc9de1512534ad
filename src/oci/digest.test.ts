import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chainIds, digestOf, isDigest, parseDigest } from './digest.ts';

describe('digests', () => {
  it('name the bytes', () => {
    assert.equal(digestOf(''), 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('are refused with the reason', () => {
    const hex = 'a'.repeat(64);
    assert.equal(parseDigest(`sha256:${hex}`), `sha256:${hex}`);
    assert.throws(() => parseDigest(hex), { message: 'invalid checksum digest format' });
    assert.throws(() => parseDigest(`md5:${hex}`), { message: 'unsupported digest algorithm' });
    assert.throws(() => parseDigest('sha256:abc'), { message: 'invalid checksum digest length' });
    assert.throws(() => parseDigest(`sha256:${hex.toUpperCase()}`), {
      message: 'invalid checksum digest format',
    });
    assert.ok(!isDigest(`sha256:${hex}/../../x`));
  });

  it('of a stack of layers follow the rule of the image-spec', () => {
    const [a, b] = [digestOf('a'), digestOf('b')];
    assert.deepEqual(chainIds([a, b]), [a, digestOf(`${a} ${b}`)]);
    assert.deepEqual(chainIds([]), []);
  });
});
