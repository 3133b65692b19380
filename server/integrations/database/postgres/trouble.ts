import pg from 'pg'
import type { Trouble } from '../engine.ts'
import type { CompiledQuery } from '../query/compile.ts'

/** What an error of Postgres means. https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function trouble(error: unknown, query: CompiledQuery | null): Trouble | null {
  if (!(error instanceof pg.DatabaseError)) return null
  const { code = '' } = error
  const known = BY_CODE[code] ?? BY_CLASS[code.slice(0, 2)] ?? OTHER
  return TELLING.has(code.slice(0, 2)) ? { ...known, detail: detailOf(error, query) } : known
}

const OTHER: Trouble = { problem: 'failing', message: 'It failed over it.' }
const BUSY: Trouble = { problem: 'unavailable', message: 'It is busy or restarting. Try again in a moment.' }
const NOT_LET_IN: Trouble = {
  problem: 'unauthorized',
  message: 'It does not let us in: the user or the password is wrong, or may not come from here.',
}
/** The database is well: other questions may be asked of it. */
const DOES_NOT_FIT: Trouble = {
  problem: 'rejected',
  message: 'The question does not fit the database as it is set up there.',
}

const BY_CODE: Readonly<Record<string, Trouble>> = {
  '28000': NOT_LET_IN,
  '28P01': NOT_LET_IN,
  '3D000': { problem: 'unauthorized', message: 'There is no such database on that server.' },
  '42501': { problem: 'forbidden', message: 'The user may not read what is asked for.' },
  '25006': { problem: 'rejected', message: 'The question would change something, and may only read.' },
  '57014': { problem: 'timeout', message: 'It took too long, and was given up.' },
  '55P03': {
    problem: 'unavailable',
    message: 'Somebody else holds what is asked for. Try again in a moment.',
  },
}

const BY_CLASS: Readonly<Record<string, Trouble>> = {
  '08': { problem: 'broken', message: 'The connection broke before it had answered.' },
  '22': { problem: 'rejected', message: 'An argument is none that the database can take there.' },
  '25': { problem: 'rejected', message: 'The question is none that only reads.' },
  '42': DOES_NOT_FIT,
  '53': BUSY,
  '57': BUSY,
}

/** Classes of errors that are about the query, and of which Postgres tells more than is said here. */
const TELLING = new Set(['22', '25', '42', '0A', '21', '54', 'P0'])

/** `column "ordr" does not exist (line 2, column 14). Hint: ...` */
function detailOf(error: pg.DatabaseError, query: CompiledQuery | null): string {
  const { message, position, hint = untyped(error, query) } = error
  const at = Number(position) - 1
  const place = query && position !== undefined && at >= 0 ? query.placeOf(at) : null
  const where = place ? ` (line ${String(place.line)}, column ${String(place.column)})` : ''
  return `${message}${where}.${hint === undefined ? '' : ` Hint: ${hint}`}`
}

/** Postgres tells types by what stands beside a placeholder, and beside `IS NULL` there is nothing to tell it by. */
function untyped({ code, message }: pg.DatabaseError, query: CompiledQuery | null): string | undefined {
  if (code !== '42P18' && code !== '42P08') return undefined
  const [, number] = /\$(\d+)/.exec(message) ?? []
  const name = query?.names[Number(number) - 1] ?? 'name'
  return `Write its type behind it, such as :${name}::text.`
}
