import { nowNano } from '../events/bus.ts';
import type { Database, Migrations } from '../metadata/database.ts';
import type { IpamConfig } from './ipam/config.ts';
import type { BoundPort } from './service.ts';

const migrations: Migrations = {
  owner: 'networks',
  steps: [
    `CREATE TABLE networks (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, driver TEXT NOT NULL, created TEXT NOT NULL,
       settings TEXT NOT NULL) WITHOUT ROWID`,
    'CREATE TABLE sandboxes (container_id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID',
  ],
};

/** The bridge of a network, as it is on the host. */
export interface BridgeRecord {
  name: string;
  subnet: string;
  gateway: string;
  mac: string;
  /** Where it has IPv6, too. */
  v6?: { subnet: string; gateway: string } | undefined;
}

/** What a network that a user made was made with. */
export interface UserSettings {
  internal: boolean;
  attachable: boolean;
  scope: string;
  configOnly: boolean;
  /** Name of the network its settings come from; '' for none. */
  configFrom: string;
  ipamDriver: string;
  ipamOptions: Record<string, string> | null;
  /** As given; the chosen subnet and gateway where none was. */
  ipam: IpamConfig[];
  /** The subnet was given, not chosen: containers may ask for addresses. */
  ownSubnet: boolean;
  /** The same of its IPv6 subnet. */
  ownSubnet6?: boolean | undefined;
  /** IPv6 is enabled. A template (`configOnly`) has it without a bridge. */
  ipv6?: boolean | undefined;
  options: Record<string, string>;
  labels: Record<string, string>;
}

/** A network as it is kept. */
export interface NetworkRecord {
  id: string;
  name: string;
  driver: 'bridge' | 'host' | 'null';
  /** RFC 3339 with nanoseconds. */
  created: string;
  /** Bridge networks only. */
  bridge?: BridgeRecord | undefined;
  /** Absent for the predefined networks. */
  user?: UserSettings | undefined;
  /** A create or remove under way, which the next daemon takes back or finishes. */
  pending?: 'create' | 'remove' | undefined;
}

/** One attachment of a container to a network. */
export interface EndpointRecord {
  network: string;
  networkId: string;
  /** '' once the container has ended. */
  endpointId: string;
  /** Absent for host and none. */
  address?: string | undefined;
  prefix?: number | undefined;
  /** Absent on an internal network. */
  gateway?: string | undefined;
  /** Of networks with IPv6: as those of IPv4 above. */
  v6?: { address: string; prefix: number; gateway?: string } | undefined;
  mac?: string | undefined;
  /** Inside the container. */
  ifName?: string | undefined;
  /** Host end of its veth. */
  link?: string | undefined;
  gwPriority?: number | undefined;
  internal?: boolean | undefined;
  /** What the container is called on a user-defined network; inspect shows them after its end, too. */
  dnsNames?: string[] | undefined;
  /** Names only this container knows others by: alias and target. */
  links?: [alias: string, target: string][] | undefined;
  /** Being plugged into a running container, or pulled out: after a crash it is pulled out. */
  pending?: boolean | undefined;
}

/** A container's network while it runs, and what inspect still shows of it afterwards. */
export interface SandboxRecord {
  containerId: string;
  containerName: string;
  active: boolean;
  sandboxId: string;
  /** 0 until the container has started. */
  pid: number;
  mode: 'bridge' | 'host' | 'none' | 'container';
  endpoints: EndpointRecord[];
  ports: (BoundPort & { containerIp: string })[];
  exposed: string[];
  /** A name server of its own runs in it. */
  resolver?: boolean | undefined;
}

/** The networks service's part of the metadata. */
export class NetworkStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    db.migrate(migrations);
  }

  networks(): NetworkRecord[] {
    return this.#db.all('SELECT id, name, driver, created, settings FROM networks').map((row) => ({
      ...(JSON.parse(row['settings'] as string) as Pick<NetworkRecord, 'bridge' | 'user' | 'pending'>),
      id: row['id'] as string,
      name: row['name'] as string,
      driver: row['driver'] as NetworkRecord['driver'],
      created: row['created'] as string,
    }));
  }

  saveNetwork({ id, name, driver, created, bridge, user, pending }: NetworkRecord): void {
    this.#db.run(
      `INSERT INTO networks VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings`,
      id,
      name,
      driver,
      created,
      JSON.stringify({ bridge, user, pending }),
    );
  }

  removeNetwork(id: string): void {
    this.#db.run('DELETE FROM networks WHERE id = ?', id);
  }

  sandboxes(): SandboxRecord[] {
    return this.#db
      .all('SELECT state FROM sandboxes')
      .map((row) => JSON.parse(row['state'] as string) as SandboxRecord);
  }

  saveSandbox(sandbox: SandboxRecord): void {
    this.#db.run(
      'INSERT INTO sandboxes VALUES (?, ?) ON CONFLICT (container_id) DO UPDATE SET state = excluded.state',
      sandbox.containerId,
      JSON.stringify(sandbox),
    );
  }

  removeSandbox(containerId: string): void {
    this.#db.run('DELETE FROM sandboxes WHERE container_id = ?', containerId);
  }
}

/** Now, as dockerd writes times: RFC 3339, UTC, nanoseconds. */
export function timestamp(nano = nowNano()): string {
  const seconds = new Date(Number(nano / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(nano % 1_000_000_000n).padStart(9, '0')}Z`;
}
