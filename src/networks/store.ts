import { nowNano } from '../events/bus.ts';
import type { Database, Migrations } from '../metadata/database.ts';
import type { BoundPort } from './service.ts';

const migrations: Migrations = {
  owner: 'networks',
  steps: [
    `CREATE TABLE networks (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, driver TEXT NOT NULL, created TEXT NOT NULL,
       settings TEXT NOT NULL) WITHOUT ROWID`,
    'CREATE TABLE sandboxes (container_id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID',
  ],
};

/** A network as it is kept. */
export interface NetworkRecord {
  id: string;
  name: string;
  driver: 'bridge' | 'host' | 'null';
  /** RFC 3339 with nanoseconds. */
  created: string;
  /** Bridge networks only. */
  bridge?: { name: string; subnet: string; gateway: string; mac: string } | undefined;
}

/** One attachment of a container to a network. */
export interface EndpointRecord {
  network: string;
  networkId: string;
  endpointId: string;
  /** Absent for host and none. */
  address?: string | undefined;
  prefix?: number | undefined;
  gateway?: string | undefined;
  mac?: string | undefined;
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
  /** Host ends of its veths. */
  links?: readonly string[] | undefined;
  exposed: string[];
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
      ...(JSON.parse(row['settings'] as string) as Pick<NetworkRecord, 'bridge'>),
      id: row['id'] as string,
      name: row['name'] as string,
      driver: row['driver'] as NetworkRecord['driver'],
      created: row['created'] as string,
    }));
  }

  saveNetwork({ id, name, driver, created, bridge }: NetworkRecord): void {
    this.#db.run(
      `INSERT INTO networks VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings`,
      id,
      name,
      driver,
      created,
      JSON.stringify({ bridge }),
    );
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
