import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatHosts } from './hosts.ts';

const input = {
  hostname: 'web',
  domainname: '',
  extraHosts: [],
  hostGateways: ['172.17.0.1'],
  addresses: ['172.17.0.2'],
};
const own = (text: string): string[] => text.split('\n').slice(6, -1);

it("a container's own address comes last, after the extra hosts", () => {
  const extraHosts = ['foo:1.2.3.4', 'gw:host-gateway', 'six:::1', 'seven=[fd00::1]'];
  assert.deepEqual(own(formatHosts({ ...input, extraHosts })), [
    '1.2.3.4\tfoo',
    '172.17.0.1\tgw',
    '::1\tsix',
    'fd00::1\tseven',
    '172.17.0.2\tweb',
  ]);
});

it('a domain, in the hostname or beside it, gives a full name and a short one', () => {
  assert.deepEqual(own(formatHosts({ ...input, hostname: 'web.example.com' })), [
    '172.17.0.2\tweb.example.com web',
  ]);
  assert.deepEqual(own(formatHosts({ ...input, domainname: 'ex.org' })), ['172.17.0.2\tweb.ex.org web']);
});

it('a container without addresses has the common lines only', () => {
  assert.deepEqual(own(formatHosts({ ...input, addresses: [] })), []);
  assert.match(
    formatHosts({ ...input, addresses: [] }),
    /^127\.0\.0\.1\tlocalhost\n::1\tlocalhost ip6-localhost/,
  );
});
