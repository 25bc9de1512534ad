import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HostConfig } from '../../runtime/config.ts';
import type { Container } from '../container.ts';
import { joinedUserNamespace } from './joined.ts';

function asked(given: Partial<HostConfig>): Container {
  const hostConfig = { NetworkMode: 'bridge', IpcMode: 'private', PidMode: '', ...given };
  return { config: {}, hostConfig } as unknown as Container;
}

function find(nameOrId: string): Container {
  const pid = { net: 1, ipc: 2, pid: 3, host: 4 }[nameOrId];
  return {
    hostConfig: { UsernsMode: nameOrId === 'host' ? 'host' : '' },
    state: { pid },
  } as unknown as Container;
}

test('a container is in the user namespace of whose other namespaces it joins', () => {
  assert.equal(joinedUserNamespace(asked({}), find), undefined);
  assert.equal(joinedUserNamespace(asked({ NetworkMode: 'container:net' }), find), '/proc/1/ns/user');
  assert.equal(joinedUserNamespace(asked({ IpcMode: 'container:ipc' }), find), '/proc/2/ns/user');
  const both = asked({ NetworkMode: 'container:net', PidMode: 'container:pid' });
  assert.equal(joinedUserNamespace(both, find), '/proc/3/ns/user');
});

test('one without a user namespace of its own cannot be joined from within one', () => {
  assert.throws(() => joinedUserNamespace(asked({ NetworkMode: 'container:host' }), find), {
    kind: 'internal',
    message:
      'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: ' +
      'user namespaces enabled, but both namespace path and non-matching mapping specified -- you may only provide one',
  });
});
