import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isKind } from '../errors.ts';
import { parsePort, PortLedger, portsSetting, publicationsOf } from './ports.ts';
import type { SandboxRequest } from './service.ts';

const request = (more: Partial<SandboxRequest>): SandboxRequest => ({
  containerId: 'c',
  name: 'c',
  hostname: 'c',
  domainname: '',
  networkMode: 'default',
  ...more,
});

it('bindings, ranges and -P become publications in the order of ports', () => {
  const list = publicationsOf(
    request({
      portBindings: {
        '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '80' }],
        '53/udp': [{ HostPort: '7000-7001' }],
        '9/tcp': [],
      },
      exposedPorts: { '8080/tcp': {}, '443/tcp': {}, '53/udp': {}, '9/tcp': {} },
      publishAllPorts: true,
    }),
    '0.0.0.0',
  );
  assert.deepEqual(
    list.map(
      ({ containerPort, proto, hostIp, first, last }) =>
        `${hostIp}:${first}-${last}->${containerPort}/${proto}`,
    ),
    ['0.0.0.0:0-0->9/tcp', '0.0.0.0:7000-7001->53/udp', '0.0.0.0:0-0->443/tcp', '127.0.0.1:80-80->8080/tcp'],
  );
});

it('a bad port is invalid', () => {
  for (const bad of ['0/tcp', '65536', 'x/tcp', '80/icmp', '80/tcp/x', ''])
    assert.throws(
      () => parsePort(bad),
      (error) => isKind(error, 'invalid-argument'),
      bad,
    );
  assert.deepEqual(parsePort('80'), { port: 80, proto: 'tcp' });
});

it('what dockerd passes over is passed over: a host address that is none, an exposed port that is none, a binding of what is not exposed', () => {
  const list = publicationsOf(
    request({
      portBindings: { '80': [{ HostIp: 'x' }], '81/tcp': [] },
      exposedPorts: { 'abc/tcp': {}, '9': {}, '80/tcp': {} },
      publishAllPorts: true,
    }),
    '',
  );
  assert.deepEqual(
    list.map(({ containerPort, hostIp }) => [containerPort, hostIp]),
    [
      [9, ''],
      [80, ''],
    ],
  );
  assert.deepEqual(portsSetting([], ['abc/tcp', '9']), { '9/tcp': null });
});

it('a port is held by one container at a time, on one address or on all', () => {
  const ledger = new PortLedger();
  const tcp = (hostIp: string, first: number, last = first) => [
    { proto: 'tcp' as const, containerPort: 1, hostIp, first, last },
  ];
  ledger.reserve('a', tcp('127.0.0.1', 80));
  ledger.reserve('b', tcp('10.0.0.1', 80));
  assert.throws(
    () => ledger.reserve('c', tcp('0.0.0.0', 80)),
    /Bind for 0\.0\.0\.0:80 failed: port is already allocated/,
  );
  assert.throws(() => ledger.reserve('c', tcp('127.0.0.1', 80)), /Bind for 127\.0\.0\.1:80 failed/);
  ledger.reserve('c', [{ proto: 'udp', containerPort: 1, hostIp: '', first: 80, last: 80 }]);
  assert.equal(ledger.reserve('d', tcp('127.0.0.1', 80, 81))[0]?.first, 81);
  ledger.reserve('f', tcp('::', 80));
  assert.throws(() => ledger.reserve('c', tcp('::1', 80)), /Bind for ::1:80 failed/);
  assert.throws(() => ledger.reserve('c', tcp('', 80)), /Bind for 0\.0\.0\.0:80 failed/);
  ledger.release('f');
  ledger.release('a');
  ledger.release('b');
  ledger.reserve('e', tcp('0.0.0.0', 80));
});

it('settings list what is published, and null for what is only exposed', () => {
  const bound = [{ proto: 'tcp', hostIp: '0.0.0.0', hostPort: 32768, containerPort: 80 }];
  assert.deepEqual(portsSetting(bound, ['99/tcp', '80']), {
    '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }],
    '99/tcp': null,
  });
});
