import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatResolvConf, parseResolvConf } from './resolv-conf.ts';

const none = { dns: [], dnsSearch: [], dnsOptions: [] };
const body = (text: string): string[] => text.split('\n').slice(4, -1);

it("the host's settings are passed on", () => {
  const host = parseResolvConf(
    '# c\nnameserver 10.0.0.53\nsearch a.b c.d\noptions edns0 ndots:2\nsortlist 1.2.3.4\n',
  );
  assert.deepEqual(body(formatResolvConf(host, none)), [
    'nameserver 10.0.0.53',
    'search a.b c.d',
    'options edns0 ndots:2',
    'sortlist 1.2.3.4',
    '',
    "# Based on host file: '/etc/resolv.conf' (legacy)",
    '# Overrides: []',
    '# Option ndots from: host',
  ]);
});

it('loopback nameservers of the host are left out, and public ones stand in when none is left', () => {
  const host = parseResolvConf('nameserver 127.0.0.53\nnameserver ::1\n');
  assert.deepEqual(body(formatResolvConf(host, none)).slice(0, 2), [
    'nameserver 8.8.8.8',
    'nameserver 8.8.4.4',
  ]);
  assert.deepEqual(body(formatResolvConf(host, none, { isolated: false })).slice(0, 2), [
    'nameserver 127.0.0.53',
    'nameserver ::1',
  ]);
});

it('what the user asks for replaces, even a loopback nameserver; a search of one dot means none', () => {
  const host = parseResolvConf('nameserver 10.0.0.53\nsearch a.b\n');
  const overrides = { dns: ['9.9.9.9', '127.0.0.1'], dnsSearch: ['.'], dnsOptions: ['ndots:3'] };
  assert.deepEqual(body(formatResolvConf(host, overrides)), [
    'nameserver 9.9.9.9',
    'nameserver 127.0.0.1',
    'options ndots:3',
    '',
    "# Based on host file: '/etc/resolv.conf' (legacy)",
    '# Overrides: [nameservers search options]',
    '# Option ndots from: override',
  ]);
});
