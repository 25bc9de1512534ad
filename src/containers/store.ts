import { conflict, invalidArgument, notFound } from '../errors.ts';
import type { Database, Migrations } from '../metadata/database.ts';
import { Container, type ContainerRecord } from './container.ts';
import type { ContainerState } from './state.ts';

const migrations: Migrations = {
  owner: 'containers',
  steps: [
    `CREATE TABLE containers (
       id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL, state TEXT NOT NULL
     ) WITHOUT ROWID`,
    // A record names every network the container is on, the one of its mode too.
    `UPDATE containers SET record = json_set(record, '$.endpoints', json_object(
         CASE WHEN record ->> '$.hostConfig.NetworkMode' IN ('', 'default') THEN 'bridge'
              ELSE record ->> '$.hostConfig.NetworkMode' END, json('{}')))
       WHERE record -> '$.endpoints' = '{}' AND record ->> '$.hostConfig.NetworkMode' NOT LIKE 'container:%'`,
  ],
};

/**
 * Every container, in memory and on disk: a row is written first, then memory follows. One commit per change.
 * A name is taken from `reserve` on, before there is a row.
 */
export class ContainerStore {
  readonly #db: Database;
  readonly #byId = new Map<string, Container>();
  readonly #idByName = new Map<string, string>();

  constructor(db: Database) {
    this.#db = db;
    db.migrate(migrations);
    for (const row of db.all('SELECT record, state FROM containers')) {
      const record = JSON.parse(row['record'] as string) as ContainerRecord;
      this.#add(new Container(record, JSON.parse(row['state'] as string) as ContainerState));
    }
  }

  /** Newest first, as lists show them. */
  all(): Container[] {
    return [...this.#byId.values()].sort((a, b) => (a.record.created < b.record.created ? 1 : -1));
  }

  find(id: string): Container | undefined {
    return this.#byId.get(id);
  }

  /**
   * By full id, name (a leading slash is ignored), then unique id prefix.
   * @throws not-found; invalid-argument when a prefix fits several or nothing was given
   */
  get(nameOrId: string): Container {
    if (nameOrId === '') throw invalidArgument('No container name or ID supplied');
    const container = this.lookUp(nameOrId);
    if (!container) throw notFound(`No such container: ${nameOrId}`);
    return container;
  }

  /**
   * For who has waited for the lock of a container: it may have been removed meanwhile.
   * @throws not-found as `get` would now
   */
  requirePresent(container: Container, nameOrId: string): void {
    if (this.#byId.get(container.id) !== container) throw notFound(`No such container: ${nameOrId}`);
  }

  /** As `get`, but undefined when there is none. */
  lookUp(nameOrId: string): Container | undefined {
    const name = nameOrId.startsWith('/') ? nameOrId.slice(1) : nameOrId;
    const found =
      this.#byId.get(nameOrId) ?? this.#byId.get(this.#idByName.get(name) ?? '') ?? this.#byLink(name);
    return found ?? this.#byPrefix(nameOrId);
  }

  /** `web/db`: what container web links to as db. */
  #byLink(name: string): Container | undefined {
    const slash = name.indexOf('/');
    if (slash < 0) return undefined;
    const parent = this.#byId.get(this.#idByName.get(name.slice(0, slash)) ?? '');
    const link = parent?.record.links?.find(({ alias }) => alias === name.slice(slash + 1));
    return link && this.#byId.get(link.id);
  }

  #byPrefix(prefix: string): Container | undefined {
    if (!/^[0-9a-f]{1,64}$/.test(prefix)) return undefined;
    let match: Container | undefined;
    for (const [id, container] of this.#byId) {
      if (!id.startsWith(prefix)) continue;
      if (match) throw invalidArgument(`multiple IDs found with provided prefix: ${prefix}`);
      match = container;
    }
    return match;
  }

  /** True while a container or a reservation has the name. */
  hasName(name: string): boolean {
    return this.#idByName.has(name);
  }

  /**
   * Takes a name for `id`; undone with `unreserve` unless a row follows.
   * @throws conflict when another has it
   */
  reserve(name: string, id: string): void {
    const holder = this.#idByName.get(name);
    if (holder !== undefined && holder !== id)
      throw conflict(
        `Conflict. The container name "/${name}" is already in use by container "${holder}". ` +
          'You have to remove (or rename) that container to be able to reuse that name.',
      );
    this.#idByName.set(name, id);
  }

  unreserve(name: string, id: string): void {
    if (this.#idByName.get(name) === id) this.#idByName.delete(name);
  }

  insert(container: Container): void {
    const { id, name, record, state } = container;
    this.#db.transaction(() =>
      this.#db.run(
        'INSERT INTO containers VALUES (?, ?, ?, ?)',
        id,
        name,
        JSON.stringify(record),
        JSON.stringify(state),
      ),
    );
    this.#add(container);
  }

  /** Stores a move, then shows it. Throws internal when the move is not allowed. */
  move(container: Container, change: Partial<ContainerState>): void {
    const state = { ...container.state, ...change };
    container.assertMove(state);
    this.#db.transaction(() =>
      this.#db.run('UPDATE containers SET state = ? WHERE id = ?', JSON.stringify(state), container.id),
    );
    container.moved(state);
  }

  /** Replaces parts of the record; a new name must have been reserved. */
  change(container: Container, change: Partial<Omit<ContainerRecord, 'id'>>): void {
    const record = { ...container.record, ...change };
    const before = container.name;
    this.#db.transaction(() =>
      this.#db.run(
        'UPDATE containers SET name = ?, record = ? WHERE id = ?',
        record.name,
        JSON.stringify(record),
        container.id,
      ),
    );
    container.changed(record);
    if (before !== record.name) this.unreserve(before, container.id);
  }

  delete(container: Container): void {
    this.#db.transaction(() => this.#db.run('DELETE FROM containers WHERE id = ?', container.id));
    this.#byId.delete(container.id);
    this.unreserve(container.name, container.id);
  }

  #add(container: Container): void {
    this.#byId.set(container.id, container);
    this.#idByName.set(container.name, container.id);
  }
}
