import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatPlatform, hostPlatform, parsePlatform, platformFits } from './platform.ts';

describe('platforms', () => {
  it('are read with what is missing taken from the host', () => {
    assert.deepEqual(parsePlatform('linux/arm64/v8'), { os: 'linux', architecture: 'arm64', variant: 'v8' });
    assert.deepEqual(parsePlatform('linux/x86_64'), { os: 'linux', architecture: 'amd64' });
    assert.deepEqual(parsePlatform('linux'), hostPlatform());
    assert.deepEqual(parsePlatform('armhf'), { os: 'linux', architecture: 'arm', variant: 'v7' });
    assert.equal(formatPlatform(parsePlatform('Linux/ARM64')), 'linux/arm64');
  });

  it('are refused in the words of the library', () => {
    assert.throws(() => parsePlatform('x/y/z/w'), {
      kind: 'invalid-argument',
      message: '"x/y/z/w": cannot parse platform specifier: invalid argument',
    });
    assert.throws(() => parsePlatform('nonsense'), {
      message: '"nonsense": unknown operating system or architecture: invalid argument',
    });
    assert.throws(() => parsePlatform('a//b'), {
      message:
        '"" is an invalid component of "a//b": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
    });
  });

  it('fit when the variant that is meant is the same', () => {
    assert.ok(
      platformFits(
        { os: 'linux', architecture: 'arm64' },
        { os: 'linux', architecture: 'arm64', variant: 'v8' },
      ),
    );
    assert.ok(
      !platformFits(
        { os: 'linux', architecture: 'arm', variant: 'v6' },
        { os: 'linux', architecture: 'arm' },
      ),
    );
    assert.ok(!platformFits({ os: 'linux', architecture: 'amd64' }, { os: 'linux', architecture: 'arm64' }));
  });
});
