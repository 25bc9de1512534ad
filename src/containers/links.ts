import { internal, notFound } from '../errors.ts';
import type { LinkedHost } from '../networks/service.ts';
import type { Container } from './container.ts';
import type { ContainerStore } from './store.ts';

/** A container known to another by a name of its own: `--link`, the way of before networks had names. */
export interface Link {
  alias: string;
  /** The container meant. */
  id: string;
}

/**
 * Parses one of HostConfig.Links: `container`, `container:alias`, and as inspect shows them, `/container:/self/alias`.
 * @throws internal with the reference's texts
 */
export function parseLink(text: string): { target: string; alias: string } {
  if (text === '') throw internal('empty string specified for links');
  const parts = text.split(':');
  if (parts.length > 2) throw internal(`bad format for links: ${text}`);
  const [target = '', alias = target] = parts;
  const bare = alias.slice(alias.lastIndexOf('/') + 1);
  return { target, alias: bare };
}

/** The links between containers. Each is kept in the record of the container that knows the other. */
export class Links {
  readonly #store: ContainerStore;

  constructor(store: ContainerStore) {
    this.#store = store;
  }

  /** What a container links to, as inspect shows it: `/target:/container/alias`. Null without links. */
  shown({ name, record }: Container): string[] | null {
    const shown = (record.links ?? []).flatMap(({ alias, id }) => {
      const target = this.#store.find(id);
      return target ? [`/${target.name}:/${name}/${alias}`] : [];
    });
    return shown.length > 0 ? shown : null;
  }

  /** Names others have for containers, with the slash: `/web/db`, by the id of the container meant. */
  names(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const { name, record } of this.#store.all())
      for (const { alias, id } of record.links ?? [])
        names.set(id, [...(names.get(id) ?? []), `/${name}/${alias}`]);
    return names;
  }

  /**
   * Takes away a link by its name, `web/db`.
   * @throws not-found when there is none
   */
  remove(name: string): void {
    const [, parentName = '', alias = ''] = /^\/?([^/]+)\/([^/]+)$/.exec(name) ?? [];
    const parent = this.#store.lookUp(parentName);
    const links = parent?.record.links ?? [];
    if (!parent || !links.some((link) => link.alias === alias)) throw notFound(`No such container: ${name}`);
    this.#store.change(parent, { links: links.filter((link) => link.alias !== alias) });
  }

  /** A container is gone: nobody is linked to it any more. */
  forget(id: string): void {
    for (const container of this.#store.all()) {
      const { links = [] } = container.record;
      if (links.some((link) => link.id === id))
        this.#store.change(container, { links: links.filter((link) => link.id !== id) });
    }
  }

  /** Containers that run and know this one, with the line of their /etc/hosts that tells where it is. */
  tellers(target: Container, address: string): { parent: Container; alias: string; line: string }[] {
    return this.#store
      .all()
      .flatMap((parent) =>
        (parent.running ? (parent.record.links ?? []) : [])
          .filter(({ id }) => id === target.id)
          .map(({ alias }) => ({ parent, alias, line: `${address}\t${hostNames(target, alias).join(' ')}` })),
      );
  }

  /**
   * What a start needs of the containers linked to.
   * @param addressOf  a container's address on the default network; '' when it has none
   * @throws internal, in the reference's words, when one does not run
   */
  resolve(
    { name, record }: Container,
    addressOf: (container: Container) => string,
  ): { hosts: LinkedHost[]; env: string[] } {
    const hosts: LinkedHost[] = [];
    const env: string[] = [];
    for (const { alias, id } of record.links ?? []) {
      const target = this.#store.find(id);
      if (!target) continue;
      if (!target.running)
        throw internal(`Cannot link to a non running container: /${target.name} AS /${name}/${alias}`);
      const address = addressOf(target);
      if (address === '') continue;
      hosts.push({ address, names: hostNames(target, alias) });
      env.push(...linkEnvironment(target, `/${name}/${alias}`, address));
    }
    return { hosts, env };
  }
}

function hostNames({ name, config }: Container, alias: string): string[] {
  return [alias, config.Hostname, ...(name === alias ? [] : [name])];
}

/** The variables that tell of a linked container, as they have been since Docker 0.6. */
export function linkEnvironment(
  { config }: Pick<Container, 'config'>,
  name: string,
  address: string,
): string[] {
  const prefix = name
    .slice(name.lastIndexOf('/') + 1)
    .toUpperCase()
    .replaceAll('-', '_');
  const ports = Object.keys(config.ExposedPorts ?? {})
    .map(parsePort)
    .sort((a, b) => Number(b.proto === 'tcp') - Number(a.proto === 'tcp') || a.port - b.port);
  const url = ({ port, proto }: Port): string => `${proto}://${address}:${port}`;
  const [first] = ports;
  return [
    ...(first ? [`${prefix}_PORT=${url(first)}`] : []),
    ...ranges(ports).flatMap(([from, to]) => {
      const key = `${prefix}_PORT_${from.port}_${from.proto.toUpperCase()}`;
      return [
        `${key}_START=${url(from)}`,
        `${key}_PORT_START=${from.port}`,
        `${key}_END=${url(to)}`,
        `${key}_PORT_END=${to.port}`,
      ];
    }),
    ...ports.flatMap((port) => {
      const key = `${prefix}_PORT_${port.port}_${port.proto.toUpperCase()}`;
      return [
        `${key}=${url(port)}`,
        `${key}_ADDR=${address}`,
        `${key}_PORT=${port.port}`,
        `${key}_PROTO=${port.proto}`,
      ];
    }),
    `${prefix}_NAME=${name}`,
    ...(config.Env ?? [])
      .filter((entry) => /^[^=]+=/.test(entry) && !/^(HOME|PATH)=/.test(entry))
      .map((entry) => `${prefix}_ENV_${entry}`),
  ];
}

interface Port {
  port: number;
  proto: string;
}

function parsePort(key: string): Port {
  const [port = '', proto = 'tcp'] = key.split('/');
  return { port: Number(port), proto };
}

/** Runs of neighbouring ports, two at least. */
function ranges(ports: readonly Port[]): [Port, Port][] {
  const found: [Port, Port][] = [];
  let first: Port | undefined;
  for (const [index, port] of ports.entries()) {
    first ??= port;
    const next = ports[index + 1];
    if (next && next.proto === port.proto && next.port === port.port + 1) continue;
    if (first !== port) found.push([first, port]);
    first = undefined;
  }
  return found;
}
