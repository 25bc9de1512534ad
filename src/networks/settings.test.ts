import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SandboxRequest } from './service.ts';
import { networkSettings } from './settings.ts';
import type { SandboxRecord } from './store.ts';

const request: SandboxRequest = {
  containerId: 'c',
  name: 'c',
  hostname: 'c',
  domainname: '',
  networkMode: 'default',
  endpoints: { default: { IPAMConfig: null, Links: null, Aliases: null } },
};
const running: SandboxRecord = {
  containerId: 'c',
  containerName: 'c',
  active: true,
  sandboxId: 'sandbox',
  pid: 42,
  mode: 'bridge',
  endpoints: [
    {
      network: 'bridge',
      networkId: 'net',
      endpointId: 'ep',
      address: '10.0.0.2',
      prefix: 8,
      gateway: '10.0.0.1',
      mac: 'm',
    },
  ],
  ports: [{ proto: 'tcp', hostIp: '::', hostPort: 80, containerPort: 8080, containerIp: '10.0.0.2' }],
  exposed: ['8080/tcp', '9/udp'],
};

it('before its first start a container has its networks and nothing else', () => {
  const settings = networkSettings(
    { ...request, macAddress: '02:00:00:00:00:01' },
    undefined,
    ['bridge'],
    'bridge',
  );
  assert.deepEqual(Object.keys(settings.Networks), ['bridge']);
  assert.equal(settings.Networks['bridge']?.NetworkID, '');
  assert.equal(settings.MacAddress, '02:00:00:00:00:01');
  assert.deepEqual(settings.Ports, {});
  assert.equal(settings.SandboxKey, '');
});

it('a running one shows its endpoint twice, for clients old and new', () => {
  const settings = networkSettings(request, running, ['bridge'], 'bridge');
  const { IPAddress, IPPrefixLen, Gateway, MacAddress, EndpointID } = settings;
  assert.deepEqual(
    [IPAddress, IPPrefixLen, Gateway, MacAddress, EndpointID],
    ['10.0.0.2', 8, '10.0.0.1', 'm', 'ep'],
  );
  assert.equal(settings.Networks['bridge']?.IPAddress, '10.0.0.2');
  assert.equal(settings.SandboxKey, '/proc/42/ns/net');
  assert.deepEqual(settings.Ports, { '8080/tcp': [{ HostIp: '::', HostPort: '80' }], '9/udp': null });
});

it('an ended one keeps the network it was on, and nothing of its endpoint', () => {
  const ended = {
    ...running,
    active: false,
    pid: 0,
    ports: [],
    endpoints: [{ network: 'bridge', networkId: 'net', endpointId: '' }],
  };
  const settings = networkSettings(request, ended, ['bridge'], 'bridge');
  assert.equal(settings.Networks['bridge']?.NetworkID, 'net');
  assert.equal(settings.Networks['bridge']?.EndpointID, '');
  assert.deepEqual([settings.SandboxID, settings.IPAddress, settings.Ports], ['', '', {}]);
});

it("in another container's network there are no networks of one's own", () => {
  const settings = networkSettings({ ...request, networkMode: 'container:x' }, undefined, [], 'container:x');
  assert.deepEqual(settings.Networks, {});
});
