import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isKind } from '../../errors.ts';
import { formatAddress6, formatSubnet6, parseAddress6, parseSubnet6 } from '../subnet6.ts';
import { chooseSubnet6 } from './default-subnet6.ts';
import { AddressPool6 } from './pool6.ts';

describe('IPv6 addresses', () => {
  it('are read and written as RFC 5952 has them', () => {
    for (const text of ['::', '::1', 'fd00:77::100', '2001:db8:0:1:1:1:1:1', 'fd00::1:0:0:1'])
      assert.equal(formatAddress6(parseAddress6(text)), text);
    assert.equal(formatAddress6(parseAddress6('FD00:0:0::0A')), 'fd00::a');
    for (const text of ['', '10.0.0.1', 'fe80::1%eth0', 'fd00::/64', ':::'])
      assert.throws(() => parseAddress6(text), /invalid IP address/);
  });

  it('are given out from the lowest, but for the router and what is reserved', () => {
    const pool = new AddressPool6(parseSubnet6('fd00::/64'), {
      reserved: [1n, 3n].map((n) => (0xfdn << 120n) | n),
    });
    const next = (): string => formatAddress6(pool.allocate());
    assert.deepEqual([next(), next(), next()], ['fd00::2', 'fd00::4', 'fd00::5']);
    pool.release(parseAddress6('fd00::4'));
    assert.equal(next(), 'fd00::4');
    assert.throws(() => pool.take(parseAddress6('fd00::5')), /Address already in use/);
    assert.throws(
      () => pool.take(parseAddress6('fd01::5')),
      /no configured subnet contains IP address fd01::5/,
    );
  });

  it('come from the range, and end with it', () => {
    const pool = new AddressPool6(parseSubnet6('fd00::/64'), { range: parseSubnet6('fd00::10/127') });
    assert.deepEqual([pool.allocate(), pool.allocate()].map(formatAddress6), ['fd00::10', 'fd00::11']);
    assert.throws(
      () => pool.allocate(),
      (error) => isKind(error, 'conflict'),
    );
  });
});

describe('an IPv6 subnet that nobody chose', () => {
  it('is unique local, the same for one engine, and touches none that is in use', () => {
    const first = chooseSubnet6([], 'one');
    assert.match(formatSubnet6(first), /^fd[0-9a-f]{2}:[0-9a-f:]+::\/64$/);
    assert.deepEqual(chooseSubnet6([], 'one'), first);
    assert.notDeepEqual(chooseSubnet6([], 'two'), first);
    const second = chooseSubnet6([parseSubnet6('::/0'), first], 'one');
    assert.equal(second.address, first.address + (1n << 64n));
    assert.throws(() => chooseSubnet6([parseSubnet6('fd00::/8')], 'one'), /fully subnetted/);
  });
});
