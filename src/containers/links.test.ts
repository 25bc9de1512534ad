import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Container } from './container.ts';
import { linkEnvironment, parseLink } from './links.ts';

test('a link names a container, and what it is called; inspect’s own form is taken back', () => {
  assert.deepEqual(parseLink('db'), { target: 'db', alias: 'db' });
  assert.deepEqual(parseLink('db:store'), { target: 'db', alias: 'store' });
  assert.deepEqual(parseLink('/db:/web/store'), { target: '/db', alias: 'store' });
  assert.throws(() => parseLink(''), { kind: 'internal', message: 'empty string specified for links' });
  assert.throws(() => parseLink('a:b:c'), { kind: 'internal', message: 'bad format for links: a:b:c' });
});

test('the environment tells of ports, ranges of them, and the other’s variables', () => {
  const config = {
    Env: ['FOO=bar', 'PATH=/bin', 'HOME=/root', 'BARE'],
    ExposedPorts: { '5433/tcp': {}, '53/udp': {}, '5432/tcp': {} },
  } as unknown as Container['config'];
  assert.deepEqual(linkEnvironment({ config }, '/web/my-db', '172.17.0.3'), [
    'MY_DB_PORT=tcp://172.17.0.3:5432',
    'MY_DB_PORT_5432_TCP_START=tcp://172.17.0.3:5432',
    'MY_DB_PORT_5432_TCP_PORT_START=5432',
    'MY_DB_PORT_5432_TCP_END=tcp://172.17.0.3:5433',
    'MY_DB_PORT_5432_TCP_PORT_END=5433',
    'MY_DB_PORT_5432_TCP=tcp://172.17.0.3:5432',
    'MY_DB_PORT_5432_TCP_ADDR=172.17.0.3',
    'MY_DB_PORT_5432_TCP_PORT=5432',
    'MY_DB_PORT_5432_TCP_PROTO=tcp',
    'MY_DB_PORT_5433_TCP=tcp://172.17.0.3:5433',
    'MY_DB_PORT_5433_TCP_ADDR=172.17.0.3',
    'MY_DB_PORT_5433_TCP_PORT=5433',
    'MY_DB_PORT_5433_TCP_PROTO=tcp',
    'MY_DB_PORT_53_UDP=udp://172.17.0.3:53',
    'MY_DB_PORT_53_UDP_ADDR=172.17.0.3',
    'MY_DB_PORT_53_UDP_PORT=53',
    'MY_DB_PORT_53_UDP_PROTO=udp',
    'MY_DB_NAME=/web/my-db',
    'MY_DB_ENV_FOO=bar',
  ]);
});
