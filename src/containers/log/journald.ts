import { existsSync } from 'node:fs';
import { logAttributes } from './attributes.ts';
import { attributeOptions, verifyNames, type ForwardConfig, type ForwardingDriver } from './driver.ts';
import { logTag } from './tag.ts';

const names = new Set(attributeOptions);
const socket = '/run/systemd/journal/socket';

/** journald: the machine's journal, where it has one. */
export const journaldDriver: ForwardingDriver = {
  verify(options) {
    verifyNames(options, names, 'journald log driver');
  },
  configure(_options, container): ForwardConfig {
    if (!existsSync(socket)) throw new Error('journald is not enabled on this host');
    const tag = logTag(container);
    const fields: Record<string, string> = {
      CONTAINER_ID: container.id.slice(0, 12),
      CONTAINER_ID_FULL: container.id,
      CONTAINER_NAME: container.name,
      CONTAINER_TAG: tag,
      IMAGE_NAME: container.config.Image,
      SYSLOG_IDENTIFIER: tag,
    };
    for (const [name, value] of Object.entries(logAttributes(container))) {
      const field = fieldName(name);
      if (field !== '') fields[field] = value;
    }
    return { driver: 'journald', socket, fields };
  },
};

/** Fields are upper case, and those that begin with an underscore are the journal's own. */
function fieldName(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_')
    .replace(/^_+/, '');
}
