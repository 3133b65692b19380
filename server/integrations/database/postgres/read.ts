import pg from 'pg'
import { isFull, type Table } from '../table.ts'
import type { BoundValue } from '../query/arguments.ts'
import { DATABASE_LIMITS } from '../limits.ts'
import { isBinary, readValue } from './values.ts'

/** Asks one prepared statement. Postgres makes no more rows than are wanted, but for those of one further batch. */
export function read(client: pg.Client, text: string, values: readonly BoundValue[]): Promise<Table> {
  const batch = {
    ...{ text, values: [...values], types: AS_TEXT },
    rowMode: 'array' as const,
    rows: DATABASE_LIMITS.rows + 1,
  }
  const query = new pg.Query<Row, unknown[]>(batch)
  const table: Table = { columns: [], rows: [] }
  return new Promise((resolve, reject) => {
    query.on('row', (row: Row, result) => {
      const { fields } = result ?? { fields: [] }
      table.columns = columnsOf(fields)
      table.rows.push(valuesOf(row, fields))
      // The rest would come batch by batch; who asked hangs up.
      if (isFull(table)) resolve(table)
    })
    query.on('end', ({ fields }) => {
      resolve({ ...table, columns: columnsOf(fields) })
    })
    query.on('error', reject)
    client.query(query)
  })
}

type Row = (string | null)[]

const AS_TEXT = { getTypeParser: () => (text: string) => text }

function columnsOf(fields: readonly pg.FieldDef[]): string[] {
  return fields.filter(({ dataTypeID }) => !isBinary(dataTypeID)).map(({ name }) => name)
}

function valuesOf(row: Row, fields: readonly pg.FieldDef[]): Table['rows'][number] {
  return fields.flatMap(({ dataTypeID }, at) => {
    if (isBinary(dataTypeID)) return []
    const value = row[at] ?? null
    return [value === null ? null : readValue(value, dataTypeID)]
  })
}
