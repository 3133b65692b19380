import type { PrivacyReceipt } from '../../../protocol/privacy.ts'
import type { Database } from '../../infra/database.ts'
import type { Archive } from '../archive/archive.ts'
import type { TableRow } from '../archive/block.ts'
import { inTransaction, type RunWithin } from '../transaction.ts'
import { writeReceipt, type Subject } from './receipts.ts'
import {
  about,
  FIND_VISITOR,
  lockRows,
  visitorTables,
  type VisitorTable,
  type VisitorRows,
} from './tables.ts'

export interface ExportParts {
  database: Pick<Database, 'sequelize' | 'transaction'>
  archive: Archive | null
}

/** One line of an export. */
export type ExportLine = TableRow | { receipt: PrivacyReceipt }

/**
 * All that is kept of a visitor: rows conversation by conversation, then what was archived, then the receipt. Null where
 * this client has no such visitor. What grants a session is left out.
 */
export async function exportVisitor(
  { database, archive }: ExportParts,
  subject: Subject,
  signal: AbortSignal,
): Promise<AsyncGenerator<ExportLine> | null> {
  const { client_id, visitor_id } = subject
  const within = <T>(work: (run: RunWithin) => Promise<T>) => inTransaction({ database, signal }, work)
  const found = await within(async (run) => {
    const [visitor] = await run(FIND_VISITOR, [visitor_id, client_id])
    const [key] = await run('SELECT FROM archive_keys WHERE id = $1::uuid AND client_id = $2::uuid', [
      visitor_id,
      client_id,
    ])
    return visitor || key ? { rows: await lockRows(run, visitor_id), tables: await visitorTables(run) } : null
  })
  if (found === null) return null
  return (async function* () {
    const counts: Record<string, number> = {}
    const count = (name: string) => (counts[name] = (counts[name] ?? 0) + 1)
    for (const part of partsOf(found.rows, found.tables)) {
      for (const row of await within((run) => read(run, part))) {
        count(row.table)
        yield row
      }
    }
    for await (const row of archive?.read(visitor_id, signal) ?? []) {
      count(`archived ${row.table}`)
      yield row
    }
    yield { receipt: await within((run) => writeReceipt(run, 'export', subject, counts)) }
  })()
}

interface Part {
  table: VisitorTable
  rows: VisitorRows
}

/** So that no more is in memory than one table has of one conversation. */
function partsOf(rows: VisitorRows, tables: readonly VisitorTable[]): Part[] {
  return tables.flatMap((table) => {
    const isSplit = table.where.includes('$3') && !table.where.includes('$1')
    const parts = isSplit ? rows.conversations.map((id) => ({ ...rows, conversations: [id] })) : [rows]
    return parts.map((part) => ({ table, rows: part }))
  })
}

async function read(run: RunWithin, { table: { name, where }, rows }: Part): Promise<TableRow[]> {
  const sql = `SELECT to_jsonb(d) - 'token_hash' AS row FROM ${name} d WHERE ${where}`
  const found = await about<{ row: Record<string, unknown> }>(run, sql, rows)
  return found.map(({ row }) => ({ table: name, row }))
}
