import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * A service's part of the schema: statements run once, in order, each remembered by (owner, index).
 * Append, never edit: a landed migration has run on somebody's machine.
 */
export interface Migrations {
  owner: string;
  steps: readonly string[];
}

/**
 * The engine's metadata: one SQLite file in WAL mode. Every state change is one `transaction`.
 * Commits are `synchronous=NORMAL`: they survive any crash of the daemon; `durable` ones also survive
 * a power cut and are for facts that cannot be rebuilt (a volume made, an image tagged).
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    makePrivate(path);
    this.#db = new DatabaseSync(path);
    this.#db.exec(
      'PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000',
    );
    this.#db.exec(
      'CREATE TABLE IF NOT EXISTS migrations (owner TEXT, step INTEGER, PRIMARY KEY (owner, step)) WITHOUT ROWID',
    );
  }

  /** Brings one service's tables up to date. Each step and its record commit together. */
  migrate({ owner, steps }: Migrations): void {
    const done = this.get('SELECT count(*) AS n FROM migrations WHERE owner = ?', owner) as { n: number };
    for (let step = done.n; step < steps.length; step++) {
      this.durable(() => {
        this.#db.exec(steps[step] as string);
        this.run('INSERT INTO migrations VALUES (?, ?)', owner, step);
      });
    }
  }

  get(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  all(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  run(sql: string, ...values: SqlValue[]): void {
    this.#prepare(sql).run(...values);
  }

  /** Runs `work` in one transaction; a throw rolls it back. Not to be nested; `work` is synchronous. */
  transaction<T>(work: () => T): T {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // On a full disk SQLite has rolled back by itself.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** As `transaction`, and on disk when it returns. */
  durable<T>(work: () => T): T {
    this.#db.exec('PRAGMA synchronous=FULL');
    try {
      return this.transaction(work);
    } finally {
      this.#db.exec('PRAGMA synchronous=NORMAL');
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#db.prepare(sql)));
    return statement;
  }
}

export type SqlValue = null | number | bigint | string | Uint8Array;
export type Row = Record<string, SqlValue>;

/** It holds environments, and secrets with them. SQLite gives its other files the mode of this one. */
function makePrivate(path: string): void {
  if (path === ':memory:') return;
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}
