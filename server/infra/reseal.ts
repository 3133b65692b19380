import type { Database } from './database.ts'
import { SealBroken, type SealedPlace, type Secrets } from './secrets.ts'

/** A column whose values are sealed, of a table whose key is `id`. */
export type SealedColumn = Pick<SealedPlace, 'table' | 'column'>

/** What became of a column's values. `broken` names the rows that no known key opens: they are left as they are. */
export interface Resealed {
  sealedAnew: number
  current: number
  broken: string[]
}

/** Rows read at once. */
const BATCH = 500

/**
 * Seals with the current key what an earlier one has sealed. A value that changes meanwhile is left to whoever
 * changed it, so it may run beside servers, and again.
 */
export async function reseal(
  database: Pick<Database, 'run'>,
  secrets: Secrets,
  { table, column }: SealedColumn,
): Promise<Resealed> {
  const { read, write } = statements({ table, column })
  const done: Resealed = { sealedAnew: 0, current: 0, broken: [] }
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const rows = await database.run<{ id: string; sealed: string }>(read, [after, BATCH])
    for (const { id, sealed } of rows) {
      if (secrets.isCurrent(sealed)) done.current++
      else await sealAnew(id, sealed)
    }
    const last = rows.at(-1)
    if (last === undefined) return done
    after = last.id
  }

  async function sealAnew(id: string, sealed: string): Promise<void> {
    const place = { table, column, id }
    try {
      const [changed] = await database.run(write, [
        id,
        sealed,
        secrets.seal(secrets.open(sealed, place), place),
      ])
      if (changed) done.sealedAnew++
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
      done.broken.push(id)
    }
  }
}

/** Both names come from code, never from people. */
function statements({ table, column }: SealedColumn) {
  return {
    read: {
      name: `infra/read-sealed-${table}-${column}`,
      text: `SELECT id, ${column} AS sealed FROM ${table} WHERE id > $1 AND ${column} IS NOT NULL ORDER BY id LIMIT $2`,
    },
    write: {
      name: `infra/reseal-${table}-${column}`,
      text: `UPDATE ${table} SET ${column} = $3 WHERE id = $1 AND ${column} = $2 RETURNING id`,
    },
  }
}
