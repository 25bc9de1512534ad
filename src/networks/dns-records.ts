import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { logger } from '../log.ts';
import { byPriority } from './endpoint-order.ts';
import type { EndpointRecord } from './store.ts';

const log = logger('networks');

/** A server that a container's resolver may ask about other names. */
export interface DnsServer {
  address: string;
  /** From the container's network instead of the host's. */
  inside: boolean;
}

/** What the resolver of one container is told. */
export interface DnsSandbox {
  endpoints: readonly EndpointRecord[];
  servers: readonly DnsServer[];
  /** `ndots` was set: names without a dot are not asked for outside. */
  ndots: boolean;
}

/**
 * The files that the resolvers of containers read (native/dns/records.h): one for each network and each container. They are replaced
 * whole, so that a resolver sees the old or the new, and go on to serve when no daemon is there.
 */
export class DnsRecords {
  /** `sandboxes/` and `networks/` are below it. */
  readonly directory: string;
  readonly #endpoints: (networkId: string) => readonly EndpointRecord[];
  readonly #writes = new Map<string, { last: Promise<void>; next: Promise<void> | undefined }>();

  /** @param endpoints  who is on a network now */
  constructor(directory: string, endpoints: (networkId: string) => readonly EndpointRecord[]) {
    this.directory = directory;
    this.#endpoints = endpoints;
  }

  /** Makes the directories and removes files that are nobody's, after a restart of the daemon. */
  async open(containerIds: ReadonlySet<string>, networkIds: ReadonlySet<string>): Promise<void> {
    for (const [folder, known] of [
      ['sandboxes', containerIds],
      ['networks', networkIds],
    ] as const) {
      const path = join(this.directory, folder);
      await mkdir(path, { recursive: true, mode: 0o755 });
      for (const name of await readdir(path))
        if (!known.has(name)) await rm(join(path, name), { force: true });
    }
    await Promise.all([...networkIds].map((id) => this.updateNetwork(id)));
  }

  /** Writes who is on a network; resolves when what is so now has been written. */
  async updateNetwork(id: string): Promise<void> {
    const write = this.#writes.get(id) ?? { last: Promise.resolve(), next: undefined };
    this.#writes.set(id, write);
    // One that waits for its turn will see what is so now.
    write.next ??= write.last.then(async () => {
      write.next = undefined;
      write.last = this.#replace(join('networks', id), networkText(this.#endpoints(id)));
      await write.last.catch(() => {});
    });
    await write.next;
  }

  /** As `updateNetwork`, for a change that nobody waits for. */
  noteChange(id: string): void {
    this.updateNetwork(id).catch((error: unknown) => {
      log.error('names of a network cannot be written', { network: id, error: messageOf(error) });
    });
  }

  async writeSandbox(containerId: string, sandbox: DnsSandbox): Promise<void> {
    await this.#replace(join('sandboxes', containerId), sandboxText(sandbox));
  }

  /** Returns at once. */
  removeSandbox(containerId: string): void {
    void rm(join(this.directory, 'sandboxes', containerId), { force: true }).catch(() => {});
  }

  /** Returns at once. */
  removeNetwork(id: string): void {
    this.#writes.delete(id);
    void rm(join(this.directory, 'networks', id), { force: true }).catch(() => {});
  }

  async #replace(path: string, text: string): Promise<void> {
    const target = join(this.directory, path);
    const temporary = `${target}.new`;
    await writeFile(temporary, text, { mode: 0o644 });
    await rename(temporary, target);
  }
}

function networkText(endpoints: readonly EndpointRecord[]): string {
  return endpoints
    .flatMap(({ address, v6, dnsNames = [] }) =>
      dnsNames.length > 0
        ? [address, v6?.address].flatMap((each) =>
            each ? [`${each} ${dnsNames.map(encode).join(' ')}\n`] : [],
          )
        : [],
    )
    .join('');
}

function sandboxText({ endpoints, servers, ndots }: DnsSandbox): string {
  const named = byPriority(endpoints).filter(({ dnsNames }) => dnsNames);
  const lines = [
    ...(endpoints.some(({ gateway, internal }) => gateway && !internal) ? ['forward'] : []),
    ...(ndots ? ['ndots'] : []),
    ...servers.map(({ address, inside }) => `server ${inside ? 'inside' : 'host'} ${address}`),
    ...named.map(({ networkId, network }) => `network ${networkId} ${encode(network)}`),
    ...named.flatMap(({ networkId, links = [] }) =>
      links.map(([alias, target]) => `alias ${networkId} ${encode(alias)} ${encode(target)}`),
    ),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** Everything but what host names are made of, as native/dns/records.h decodes it. */
function encode(word: string): string {
  return Buffer.from(word, 'utf8')
    .toString('latin1')
    .replaceAll(/[^A-Za-z0-9._-]/g, (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
