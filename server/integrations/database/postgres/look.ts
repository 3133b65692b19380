import type { Client } from 'pg'
import type { Looked } from '../engine.ts'

/** Tells who we are in a Postgres, and what we might do there beside reading. */
export async function look(client: Client): Promise<Looked> {
  const { rows } = await client.query<Row>(LOOK)
  const [row] = rows
  if (!row) throw new Error('no row from a query that always has one')
  const { version, role, superuser, files, writable, tables } = row
  const warnings = [
    ...(superuser ? [`"${role}" is a superuser, who reads and runs whatever the server can.`] : []),
    ...(files ? [`"${role}" may reach files or programs of the server.`] : []),
    ...(!superuser && writable !== null ? [`"${role}" may change ${some(writable, tables)}.`] : []),
  ]
  return { product: `PostgreSQL ${version}`, warnings }
}

interface Row {
  version: string
  role: string
  superuser: boolean
  files: boolean
  /** Names of some tables; null: none. */
  writable: string[] | null
  tables: number
}

function some(names: readonly string[], count: number): string {
  const more = count - names.length
  return `tables (${names.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''})`
}

const LOOK = `
  WITH writable AS (
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
  )
  SELECT current_setting('server_version') AS version, current_user AS role,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    EXISTS (
      SELECT FROM pg_roles WHERE pg_has_role(current_user, oid, 'USAGE')
        AND rolname IN ('pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
    ) AS files,
    (SELECT array_agg(name ORDER BY name) FROM (SELECT name FROM writable ORDER BY name LIMIT 3) AS first) AS writable,
    (SELECT count(*)::int FROM writable) AS tables`
