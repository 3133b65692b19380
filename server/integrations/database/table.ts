import type { Json } from '../../../models/tool-execution.ts'
import { DATABASE_LIMITS } from './limits.ts'

/** What a query brought, as JSON has it. */
export interface Table {
  /** Names of columns, as often as the query gives them. */
  columns: string[]
  /** As long as `columns`. One more than is given tells that there are more. */
  rows: Json[][]
}

/** What a model reads: rows by the names of their columns, as many as fit. Null: not even the first one does. */
export function dataOf({ columns, rows }: Table): Json | null {
  const names = distinct(columns)
  const cut = { texts: false }
  const given: Json[] = []
  let bytes = 0
  for (const row of rows.slice(0, DATABASE_LIMITS.rows)) {
    const record = Object.fromEntries(names.map((name, at) => [name, shortened(row[at] ?? null, cut)]))
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1
    if (bytes > DATABASE_LIMITS.bytes) break
    given.push(record)
  }
  if (given.length === 0 && rows.length > 0) return null
  const notes = [
    ...(given.length < rows.length
      ? [`These are the first ${String(given.length)} rows; there are more, which are left out.`]
      : []),
    ...(cut.texts ? ['Long texts are cut where three dots stand at their end.'] : []),
  ]
  return { rows: given, ...(notes.length === 0 ? {} : { note: notes.join(' ') }) }
}

/** Whether what is given would not grow by further rows. */
export function isFull({ rows }: Table): boolean {
  return rows.length > DATABASE_LIMITS.rows
}

/** A second `id` is `id_2`: in an object, one of them would be lost. */
function distinct(columns: readonly string[]): string[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    let name = column
    for (let count = 2; taken.has(name); count++) name = `${column}_${String(count)}`
    taken.add(name)
    return name
  })
}

function shortened(value: Json, cut: { texts: boolean }): Json {
  if (typeof value !== 'string' || value.length <= DATABASE_LIMITS.text) return value
  cut.texts = true
  return `${value.slice(0, DATABASE_LIMITS.text).toWellFormed()}...`
}
