import type { Connection, FieldPacket } from 'mysql2'
import type { Json } from '../../../../models/tool-execution.ts'
import type { BoundValue } from '../query/arguments.ts'
import { isFull, type Table } from '../table.ts'
import { isBinary, readValue } from './values.ts'

/**
 * Asks one prepared statement, and takes rows until there are enough: the connection ends with the question, and the
 * server with it stops sending the rest.
 */
export function read(connection: Connection, text: string, values: readonly BoundValue[]): Promise<Table> {
  return new Promise((resolve, reject) => {
    const table: Table = { columns: [], rows: [] }
    let fields: readonly FieldPacket[] = []
    const asked = connection.execute(text, values.map(bindable))
    asked.on('fields', (known: readonly FieldPacket[] | undefined) => {
      fields = known ?? []
      table.columns = fields.filter((field) => !isBinary(field)).map(({ name }) => name)
    })
    asked.on('result', (row: unknown) => {
      // Of what gives no rows, there is a summary.
      if (!Array.isArray(row)) return
      table.rows.push(valuesOf(row, fields))
      if (isFull(table)) resolve(table)
    })
    asked.on('error', reject)
    asked.on('end', () => {
      // A server that wants a file of ours, or has done something, gives no columns.
      if (fields.length === 0) reject(new Error('it gave no rows, and not none either'))
      else resolve(table)
    })
  })
}

/** Lists and objects go as JSON, which all versions take as text. */
function bindable(value: BoundValue): string | number | boolean | null {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value
}

function valuesOf(row: readonly unknown[], fields: readonly FieldPacket[]): Json[] {
  return fields.flatMap((field, at) => (isBinary(field) ? [] : [readValue(row[at], field)]))
}
