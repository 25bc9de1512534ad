import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseFlags } from '../src/config/flags.ts';
import { ConfigError, loadConfig } from '../src/config/load.ts';
import type { UserDatabase } from '../src/host/remapped-user.ts';
import { remapConfig } from './remap.ts';

const files = {
  passwd: 'root:x:0:0::/root:/bin/sh\nalice:x:2000:2000::/:/bin/false\n',
  group: 'root:x:0:\nalice:x:2000:\n',
  subuid: 'alice:100000:65536\n',
  subgid: 'alice:200000:65536\n',
};
const users: UserDatabase = { read: (name) => Promise.resolve(files[name]), run: () => Promise.resolve('') };

const configured = (...flags: string[]) =>
  loadConfig(parseFlags(['--data-root', '/data', '--exec-root', '/exec', '--pidfile', '/pid', ...flags]));

test('a daemon that maps no ids is as it was configured', async () => {
  const config = configured();
  assert.equal(await remapConfig(config, users), config);
});

test('what has mapped ids is in folders of its own, the rest stays where it was', async () => {
  const config = configured('--userns-remap', 'alice');
  const remapped = await remapConfig(config, users);
  assert.deepEqual(remapped, {
    ...config,
    dataRoot: '/data/100000.200000',
    execRoot: '/exec/100000.200000',
    idMaps: {
      uids: [{ containerID: 0, hostID: 100000, size: 65536 }],
      gids: [{ containerID: 0, hostID: 200000, size: 65536 }],
    },
  });
});

test('root maps nothing, in a folder of its own as with the reference', async () => {
  const { dataRoot, idMaps } = await remapConfig(configured('--userns-remap=root'), users);
  assert.deepEqual({ dataRoot, idMaps }, { dataRoot: '/data/0.0', idMaps: undefined });
});

test('a user who is not there is a mistake of the configuration', async () => {
  await assert.rejects(remapConfig(configured('--userns-remap=nobody-at-all'), users), (error: unknown) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^Error during uid lookup for "nobody-at-all": getent unable to find entry/);
    return true;
  });
});
