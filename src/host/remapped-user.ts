import { messageOf } from '../errors.ts';
import type { IdMapping, IdMaps } from '../oci/id-mapping.ts';

/** The user whose subordinate ids containers get, as `default` asks for. */
const defaultUser = 'dockremap';

/** Where new ranges begin and how long they are, as shadow's own tools and dockerd have it. */
const firstRange = 100_000;
const rangeLength = 65_536;

/** The machine's users: files, and the tools that know or change more. A seam for tests. */
export interface UserDatabase {
  /** The text of `/etc/<name>`; throws when it is not there. */
  read(name: 'passwd' | 'group' | 'subuid' | 'subgid'): Promise<string>;
  /** Runs a tool and gives what it prints; undefined when there is no such tool. Throws when it fails. */
  run(tool: string, args: readonly string[]): Promise<string | undefined>;
}

/** Whose ranges, and what they make of the ids of containers. */
export interface RemappedUser {
  readonly user: string;
  readonly maps: IdMaps;
}

interface Entry {
  readonly name: string;
  readonly id: number;
}

/**
 * Resolves `--userns-remap`: `default`, a user or its id, with a group or its id after a colon. The user `dockremap` of `default`,
 * and ranges for it, are made when they are missing.
 * @returns undefined for root, who cannot be mapped to itself
 * @throws Error in dockerd's words
 */
export async function remappedUser(
  setting: string,
  database: UserDatabase,
): Promise<RemappedUser | undefined> {
  const parts = setting.split(':');
  if (parts.length > 2)
    throw new Error(`Invalid user/group specification in --userns-remap: ${JSON.stringify(setting)}`);
  const [userText = '', groupText] = parts;
  const user = await findUser(userText, groupText === undefined, database);
  if (groupText !== undefined) await findGroup(groupText, database);
  if (user.name === 'root') return undefined;
  try {
    const uids = await subordinateIds('subuid', user, database);
    return { user: user.name, maps: { uids, gids: await subordinateIds('subgid', user, database) } };
  } catch (error) {
    throw new Error(`Can't create ID mappings: ${messageOf(error)}`, { cause: error });
  }
}

/** With `alone`, a group of the same name or number must be there. */
async function findUser(text: string, alone: boolean, database: UserDatabase): Promise<Entry> {
  if (isNumber(text)) {
    const user = await attempt(`Uid ${text} has no entry in /etc/passwd`, lookUp('passwd', text, database));
    if (alone) await attempt(`Gid ${text} has no entry in /etc/group`, lookUp('group', text, database));
    return user;
  }
  const name = text === 'default' ? defaultUser : text;
  const found = lookUp('passwd', name, database);
  if (text === 'default' && !(await found.then(Boolean, () => false))) {
    await attempt(`Error during "${defaultUser}" user creation`, makeDefaultUser(database));
    return await lookUp('passwd', name, database);
  }
  const user = await attempt(`Error during uid lookup for ${JSON.stringify(name)}`, found);
  if (alone)
    await attempt(`Error during gid lookup for ${JSON.stringify(name)}`, lookUp('group', name, database));
  return user;
}

async function findGroup(text: string, database: UserDatabase): Promise<void> {
  const prefix = isNumber(text)
    ? `Gid ${text} has no entry in /etc/passwd`
    : `Error during groupname lookup for ${JSON.stringify(text)}`;
  await attempt(prefix, lookUp('group', text, database));
}

function isNumber(text: string): boolean {
  return /^[+-]?\d+$/.test(text);
}

async function attempt<T>(prefix: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Error(`${prefix}: ${messageOf(error)}`, { cause: error });
  }
}

/** An entry by name or number: of the file, or of where else the machine keeps its users. */
async function lookUp(file: 'passwd' | 'group', key: string, database: UserDatabase): Promise<Entry> {
  const lines = (text: string): Entry[] => text.split('\n').flatMap((line) => entryOf(line) ?? []);
  const matches = ({ name, id }: Entry): boolean => (isNumber(key) ? id === Number(key) : name === key);
  const own = lines(await database.read(file)).find(matches);
  if (own) return own;
  const answer = key === '' ? undefined : await database.run('getent', [file, key]).catch(() => undefined);
  const found = lines(answer ?? '').find(matches);
  if (found) return found;
  throw new Error(`getent unable to find entry ${JSON.stringify(key)} in ${file} database`);
}

function entryOf(line: string): Entry | undefined {
  const [name = '', , id = ''] = line.trim().split(':');
  return name !== '' && /^\d+$/.test(id) ? { name, id: Number(id) } : undefined;
}

interface Subordinate {
  readonly owner: string;
  readonly first: number;
  readonly count: number;
}

/** The lines of /etc/subuid or /etc/subgid, `owner:first:count`; others mean nothing. Source: subuid(5). */
function parseSubordinates(text: string): Subordinate[] {
  return text.split('\n').flatMap((line) => {
    const [owner = '', first = '', count = ''] = line.trim().split(':');
    if (owner === '' || owner.startsWith('#') || !/^\d+$/.test(first) || !/^\d+$/.test(count)) return [];
    return [{ owner, first: Number(first), count: Number(count) }];
  });
}

/** All ranges of a user, by name or number, one after another from id 0 on. */
async function subordinateIds(
  file: 'subuid' | 'subgid',
  { name, id }: Entry,
  database: UserDatabase,
): Promise<IdMapping[]> {
  let containerID = 0;
  const mappings: IdMapping[] = [];
  for (const { owner, first, count } of parseSubordinates(await database.read(file))) {
    if ((owner !== name && owner !== String(id)) || count === 0) continue;
    mappings.push({ containerID, hostID: first, size: count });
    containerID += count;
  }
  if (mappings.length === 0) throw new Error(`no subuid ranges found for user ${JSON.stringify(name)}`);
  return mappings;
}

/** A system user who cannot log in, and ranges for it unless the tool that made it has given some. */
async function makeDefaultUser(database: UserDatabase): Promise<void> {
  const made =
    (await database.run('useradd', ['-r', '-s', '/bin/false', defaultUser])) ??
    (await database.run('adduser', [
      '--system',
      '--shell',
      '/bin/false',
      '--no-create-home',
      '--group',
      defaultUser,
    ]));
  if (made === undefined) throw new Error('cannot add a user; no useradd or adduser binary found');
  for (const [file, flag] of [
    ['subuid', '-v'],
    ['subgid', '-w'],
  ] as const) {
    const taken = parseSubordinates(await database.read(file).catch(() => ''));
    if (taken.some(({ owner }) => owner === defaultUser)) continue;
    const first = freeRange(taken);
    const given = await database.run('usermod', [flag, `${first}-${first + rangeLength - 1}`, defaultUser]);
    if (given === undefined) throw new Error('cannot give subordinate ids; no usermod binary found');
  }
}

/** The first place for a range of usual length. */
function freeRange(taken: readonly Subordinate[]): number {
  let first = firstRange;
  for (const { first: begin, count } of [...taken].sort((a, b) => a.first - b.first)) {
    if (first + rangeLength <= begin) break;
    first = Math.max(first, begin + count);
  }
  return first;
}
