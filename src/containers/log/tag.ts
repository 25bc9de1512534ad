import type { ContainerConfig } from '../../runtime/config.ts';
import type { LoggedContainer } from './driver.ts';

type Named = Pick<LoggedContainer, 'id' | 'name' | 'config' | 'record'>;

/** What a tag may speak of. Source: the documentation of log tags; short forms as the reference cuts them. */
const fields: Readonly<Record<string, (container: Named) => string>> = {
  ID: ({ id }) => id.slice(0, 12),
  FullID: ({ id }) => id,
  ContainerID: ({ id }) => id,
  Name: ({ name }) => name,
  ContainerName: ({ name }) => `/${name}`,
  ImageName: ({ config }) => config.Image,
  ContainerImageName: ({ config }) => config.Image,
  ImageID: ({ record }) => record.imageId.slice(0, 12),
  ImageFullID: ({ record }) => record.imageId,
  ContainerImageID: ({ record }) => record.imageId,
  Command: ({ config }) => commandOf(config),
  DaemonName: () => 'docker',
};

/** The tag of a container's log as its options have it; the short id when they have none. */
export function logTag(container: LoggedContainer): string {
  const template = container.hostConfig.LogConfig.Config['tag'];
  return formatLogTag(template || '{{.ID}}', container);
}

/** The command line in one text. */
export function commandOf({ Entrypoint, Cmd }: Pick<ContainerConfig, 'Entrypoint' | 'Cmd'>): string {
  return [...(Entrypoint ?? []), ...(Cmd ?? [])].join(' ');
}

/**
 * Fills a tag such as `{{.Name}}/{{.ID}}`. Of Go's templates it takes what tags are made of: fields, with `lower`, `upper`
 * and `title` before them.
 * @throws an error with Go's words for other actions, so that nothing is left out unseen
 */
export function formatLogTag(template: string, container: Named): string {
  let tag = '';
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf('{{', at);
    if (open < 0) return tag + template.slice(at);
    const close = template.indexOf('}}', open);
    if (close < 0) throw new Error('template: log-tag:1: unclosed action');
    tag += template.slice(at, open) + evaluate(template.slice(open + 2, close), open + 2, container);
    at = close + 2;
  }
  return tag;
}

const functions: Readonly<Record<string, (text: string) => string>> = {
  lower: (text) => text.toLowerCase(),
  upper: (text) => text.toUpperCase(),
  title: (text) => text.replace(/(^|\s)\S/g, (start) => start.toUpperCase()),
};

function evaluate(action: string, column: number, container: Named): string {
  const match = /^-?\s*(?:(\w+)\s+)?\.(\w+)\s*-?$/.exec(action);
  const name = match?.[1];
  const change = name === undefined ? undefined : functions[name];
  if (!match || (name !== undefined && !change))
    throw new Error(`template: log-tag:1: unexpected ${JSON.stringify(action.trim())} in operand`);
  const field = fields[match[2]!];
  if (!field)
    throw new Error(
      `template: log-tag:1:${column}: executing "log-tag" at <.${match[2]}>: can't evaluate field ${match[2]} in type *logger.Info`,
    );
  return change ? change(field(container)) : field(container);
}
