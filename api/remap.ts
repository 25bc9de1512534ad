import { join } from 'node:path';
import type { Config } from '../src/config/config.ts';
import { ConfigError } from '../src/config/load.ts';
import { messageOf } from '../src/errors.ts';
import { remappedUser, type UserDatabase } from '../src/host/remapped-user.ts';
import { logger } from '../src/log.ts';
import { rootOwner } from '../src/oci/id-mapping.ts';

const log = logger('daemon');

/**
 * The configuration with `--userns-remap` looked up. What is owned by one mapping is none of another's: data and state are in a folder
 * named for the root of containers, as Docker has it.
 * @throws ConfigError in dockerd's words
 */
export async function remapConfig(config: Config, users: UserDatabase): Promise<Config> {
  if (config.usernsRemap === '') return config;
  const remapped = await remappedUser(config.usernsRemap, users).catch((error: unknown) => {
    throw new ConfigError(messageOf(error), { cause: error });
  });
  if (remapped)
    log.info('User namespaces: ID ranges will be mapped to subuid/subgid ranges of the user', {
      user: remapped.user,
    });
  else log.warn('User namespaces: root cannot be remapped with itself; user namespaces are OFF');
  const { uid, gid } = rootOwner(remapped?.maps);
  const folder = `${uid}.${gid}`;
  return {
    ...config,
    dataRoot: join(config.dataRoot, folder),
    execRoot: join(config.execRoot, folder),
    idMaps: remapped?.maps,
  };
}
