import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isKind } from '../../errors.ts';
import { formatAddress, parseAddress, parseSubnet } from '../subnet.ts';
import { chooseSubnet } from './default-subnet.ts';
import { AddressPool } from './pool.ts';

it('gives out the lowest free address, never that of the network, its gateway or its broadcast', () => {
  const pool = new AddressPool(parseSubnet('10.0.0.0/29'), { reserved: [parseAddress('10.0.0.1')] });
  const given = Array.from({ length: 5 }, () => formatAddress(pool.allocate()));
  assert.deepEqual(given, ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
  assert.throws(
    () => pool.allocate(),
    (error) => isKind(error, 'conflict'),
  );
  pool.release(parseAddress('10.0.0.5'));
  pool.release(parseAddress('10.0.0.3'));
  assert.equal(formatAddress(pool.allocate()), '10.0.0.3');
  assert.equal(formatAddress(pool.allocate()), '10.0.0.5');
});

it('takes an asked address once, and only one of its subnet', () => {
  const pool = new AddressPool(parseSubnet('10.0.0.0/24'), { range: parseSubnet('10.0.0.128/25') });
  pool.take(parseAddress('10.0.0.7'));
  assert.throws(() => pool.take(parseAddress('10.0.0.7')), /Address already in use/);
  assert.throws(() => pool.take(parseAddress('10.0.1.7')), /no configured subnet/);
  assert.equal(formatAddress(pool.allocate()), '10.0.0.128');
});

it('a default subnet touches nothing that is in use', () => {
  const used = ['0.0.0.0/0', '172.17.0.1/16', '172.18.4.0/24', '172.16.0.0/30'].map(parseSubnet);
  const chosen = chooseSubnet(used);
  assert.equal(`${formatAddress(chosen.address)}/${chosen.prefix}`, '172.19.0.0/16');
  assert.throws(
    () => chooseSubnet([parseSubnet('128.0.0.0/1')]),
    (error) => isKind(error, 'conflict'),
  );
});
