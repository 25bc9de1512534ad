import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remappedUser, type UserDatabase } from './remapped-user.ts';

type File = Parameters<UserDatabase['read']>[0];

/** Users in memory. `tools` stand for those of the machine: what each does and prints; one that is not there is not installed. */
class Users implements UserDatabase {
  readonly files: Record<File, string>;
  readonly tools: Record<string, (args: readonly string[]) => string>;
  readonly ran: string[] = [];

  constructor(files: Partial<Users['files']> = {}, tools: Users['tools'] = {}) {
    const passwd =
      'root:x:0:0::/root:/bin/sh\nalice:x:2000:2000::/:/bin/false\nbob:x:2001:2001::/:/bin/false\n';
    const group = 'root:x:0:\nalice:x:2000:\nbobs:x:2002:\n';
    this.files = { passwd, group, subuid: '', subgid: '', ...files };
    this.tools = { getent: () => '', ...tools };
  }

  read(name: File): Promise<string> {
    return Promise.resolve(this.files[name]);
  }

  async run(tool: string, args: readonly string[]): Promise<string | undefined> {
    this.ran.push([tool, ...args].join(' '));
    return this.tools[tool]?.(args);
  }
}

const ranges = { subuid: 'alice:100000:65536\n', subgid: 'alice:200000:65536\n' };
const mapped = {
  user: 'alice',
  maps: {
    uids: [{ containerID: 0, hostID: 100000, size: 65536 }],
    gids: [{ containerID: 0, hostID: 200000, size: 65536 }],
  },
};

for (const setting of ['alice', '2000', 'alice:alice', '2000:2000', 'alice:2002', '2000:bobs'])
  test(`the ranges of a user are found for "${setting}"`, async () => {
    assert.deepEqual(await remappedUser(setting, new Users(ranges)), mapped);
  });

test('all ranges of a user count, by name or number, one after another; other lines mean nothing', async () => {
  const subuid = '2000:300000:10\nalice\nbob:1:1\n# alice:7:7\nalice:x:5\nalice:200000:1000\nalice:9:0\n';
  const found = await remappedUser('alice', new Users({ ...ranges, subuid }));
  assert.deepEqual(found?.maps.uids, [
    { containerID: 0, hostID: 300000, size: 10 },
    { containerID: 10, hostID: 200000, size: 1000 },
  ]);
});

test('root is mapped to nothing', async () => {
  assert.equal(await remappedUser('root', new Users()), undefined);
  assert.equal(await remappedUser('0', new Users()), undefined);
});

for (const [setting, message] of [
  ['nosuch', 'Error during uid lookup for "nosuch": getent unable to find entry "nosuch" in passwd database'],
  ['9999', 'Uid 9999 has no entry in /etc/passwd: getent unable to find entry "9999" in passwd database'],
  [
    'alice:nosuch',
    'Error during groupname lookup for "nosuch": getent unable to find entry "nosuch" in group database',
  ],
  [
    'alice:9999',
    'Gid 9999 has no entry in /etc/passwd: getent unable to find entry "9999" in group database',
  ],
  ['bob', 'Error during gid lookup for "bob": getent unable to find entry "bob" in group database'],
  ['2001', 'Gid 2001 has no entry in /etc/group: getent unable to find entry "2001" in group database'],
  ['a:b:c', 'Invalid user/group specification in --userns-remap: "a:b:c"'],
  [':', 'Error during uid lookup for "": getent unable to find entry "" in passwd database'],
  ['bob:bobs', `Can't create ID mappings: no subuid ranges found for user "bob"`],
] as const)
  test(`"${setting}" is refused in the reference's words`, async () => {
    await assert.rejects(remappedUser(setting, new Users(ranges)), { message });
  });

test('a user who is in no file of the machine is asked for by getent', async () => {
  const users = new Users(
    { subuid: 'ldap:100000:10\n', subgid: '70000:100000:10\n' },
    { getent: ([, key]) => (key === 'ldap' ? 'ldap:x:70000:70000::/:/bin/sh\n' : '') },
  );
  const maps = [{ containerID: 0, hostID: 100000, size: 10 }];
  assert.deepEqual(await remappedUser('ldap', users), { user: 'ldap', maps: { uids: maps, gids: maps } });
});

/** Tools that change the files as shadow's do. */
function shadow(users: () => Users, ranged: boolean): Users['tools'] {
  const add = (file: 'subuid' | 'subgid', line: string): string => {
    users().files[file] += line;
    return '';
  };
  return {
    useradd: (args) => {
      users().files.passwd += `${args.at(-1)}:x:990:990::/home:/bin/false\n`;
      users().files.group += `${args.at(-1)}:x:990:\n`;
      return ranged
        ? add('subuid', 'dockremap:700000:65536\n') + add('subgid', 'dockremap:700000:65536\n')
        : '';
    },
    usermod: ([flag, range = '', user]) => {
      const [first = 0, last = 0] = range.split('-').map(Number);
      return add(flag === '-v' ? 'subuid' : 'subgid', `${user}:${first}:${last - first + 1}\n`);
    },
  };
}

test('"default" makes dockremap, and ranges behind those of others', async () => {
  const taken = { subuid: 'x:165536:65536\ny:100000:65536\n', subgid: 'z:300000:10\n' };
  const users: Users = new Users(
    taken,
    shadow(() => users, false),
  );
  const found = await remappedUser('default', users);
  assert.deepEqual(found, {
    user: 'dockremap',
    maps: {
      uids: [{ containerID: 0, hostID: 231072, size: 65536 }],
      gids: [{ containerID: 0, hostID: 100000, size: 65536 }],
    },
  });
  assert.deepEqual(
    users.ran.filter((line) => !line.startsWith('getent')),
    [
      'useradd -r -s /bin/false dockremap',
      'usermod -v 231072-296607 dockremap',
      'usermod -w 100000-165535 dockremap',
    ],
  );
});

test('"default" leaves ranges alone that came with the user, and a user alone who is there', async () => {
  const users: Users = new Users(
    {},
    shadow(() => users, true),
  );
  const made = await remappedUser('default', users);
  assert.equal(made?.maps.uids[0]?.hostID, 700000);
  assert.equal(
    users.ran.some((line) => line.startsWith('usermod')),
    false,
  );
  users.ran.length = 0;
  assert.deepEqual(await remappedUser('default', users), made);
  assert.deepEqual(users.ran, []);
});

test('"default" says so when no user can be made', async () => {
  await assert.rejects(remappedUser('default', new Users()), {
    message: 'Error during "dockremap" user creation: cannot add a user; no useradd or adduser binary found',
  });
  const full = new Users(
    {},
    {
      useradd: () => {
        throw new Error('useradd: disk full');
      },
    },
  );
  await assert.rejects(remappedUser('default', full), /"dockremap" user creation: useradd: disk full/);
});
