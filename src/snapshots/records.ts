import type { Database, Migrations } from '../metadata/database.ts';
import type { SnapshotInfo } from './snapshotter.ts';

/** A snapshot with its place on disk: `<dataRoot>/snapshots/<number>`. */
export interface SnapshotRecord extends SnapshotInfo {
  number: number;
}

const migrations: Migrations = {
  owner: 'snapshots',
  steps: [
    `CREATE TABLE snapshots (
       key TEXT PRIMARY KEY,
       number INTEGER NOT NULL UNIQUE,
       kind TEXT NOT NULL CHECK (kind IN ('active', 'committed')),
       parent TEXT REFERENCES snapshots(key),
       size_bytes INTEGER
     ) WITHOUT ROWID;
     CREATE INDEX snapshots_parent ON snapshots(parent)`,
  ],
};

/**
 * The metadata of snapshots: SQLite, read once and kept in memory, so that a container's start asks no database. Reads are
 * complete and current; every change is committed when its method returns.
 */
export class SnapshotRecords {
  readonly #db: Database;
  readonly #byKey = new Map<string, SnapshotRecord>();
  readonly #children = new Map<string, Set<string>>();

  constructor(db: Database) {
    this.#db = db;
    db.migrate(migrations);
    for (const row of db.all('SELECT key, number, kind, parent, size_bytes FROM snapshots ORDER BY number')) {
      this.#remember({
        key: row['key'] as string,
        number: Number(row['number']),
        kind: row['kind'] as SnapshotRecord['kind'],
        parent: (row['parent'] as string | null) ?? undefined,
        sizeBytes: row['size_bytes'] === null ? undefined : Number(row['size_bytes']),
      });
    }
  }

  find(key: string): SnapshotRecord | undefined {
    return this.#byKey.get(key);
  }

  list(): SnapshotRecord[] {
    return [...this.#byKey.values()];
  }

  /** Keys of what stands on `key`. */
  children(key: string): string[] {
    return [...(this.#children.get(key) ?? [])];
  }

  insert(record: SnapshotRecord): void {
    this.#db.transaction(() =>
      this.#db.run(
        'INSERT INTO snapshots (key, number, kind, parent, size_bytes) VALUES (?, ?, ?, ?, ?)',
        record.key,
        record.number,
        record.kind,
        record.parent ?? null,
        record.sizeBytes ?? null,
      ),
    );
    this.#remember(record);
  }

  /** The active snapshot `key` becomes the committed one `name`. */
  commit(key: string, name: string, sizeBytes: number): void {
    const record = this.#byKey.get(key);
    if (!record) return;
    this.#db.transaction(() =>
      this.#db.run(
        "UPDATE snapshots SET key = ?, kind = 'committed', size_bytes = ? WHERE key = ?",
        name,
        sizeBytes,
        key,
      ),
    );
    this.#forget(record);
    this.#remember({ ...record, key: name, kind: 'committed', sizeBytes });
  }

  delete(key: string): void {
    const record = this.#byKey.get(key);
    if (!record) return;
    this.#db.transaction(() => this.#db.run('DELETE FROM snapshots WHERE key = ?', key));
    this.#forget(record);
  }

  #remember(record: SnapshotRecord): void {
    this.#byKey.set(record.key, record);
    if (record.parent === undefined) return;
    const siblings = this.#children.get(record.parent) ?? new Set();
    this.#children.set(record.parent, siblings.add(record.key));
  }

  #forget(record: SnapshotRecord): void {
    this.#byKey.delete(record.key);
    if (record.parent !== undefined) this.#children.get(record.parent)?.delete(record.key);
  }
}
