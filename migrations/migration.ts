/** Runs one or more SQL statements inside the migration's transaction. */
export type RunSql = (sql: string) => Promise<void>

/** One step of the schema. Its name is its identity for ever: it is what `schema_migrations` remembers. */
export interface Migration {
  name: string
  up: (run: RunSql) => Promise<void>
  down: (run: RunSql) => Promise<void>
}
