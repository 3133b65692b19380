import { BaseError, ConnectionError } from 'sequelize'
import { DatabaseUnavailable } from './database.ts'

/** SQLSTATE classes and codes that say something about the server or the connection, not about the statement. */
const UNAVAILABLE_STATES = [
  /^08/, // connection exceptions
  /^53/, // out of connections, disk or memory
  /^57P/, // shutting down, crashed, still starting
  /^57014$/, // cancelled: longer than statement_timeout
  /^25006$/, // read-only: the server became a replica
]

/** What `pg` and the pool say, without a code, when a connection is gone or busy for ever. */
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|timeout expired|Query read timeout|Client (was closed|has encountered)|pool is draining|ConnectionManager\.getConnection was called after)/

/** The error as the domain knows it: `DatabaseUnavailable` for what a connection caused, else the error itself. */
export function translateDatabaseError(error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || !isConnectionFault(error)) return error
  const reason = rootOf(error)
  return new DatabaseUnavailable(`The database is unavailable: ${reason.message || codeOf(reason)}`, {
    cause: error,
  })
}

/** True when the connection or the server failed, and not the statement: such a connection must not be used again. */
export function isConnectionFault(error: unknown): boolean {
  if (error instanceof ConnectionError) return true
  if (!(error instanceof Error)) return false
  const root = rootOf(error)
  const code = codeOf(root)
  if (isSqlState(code)) return UNAVAILABLE_STATES.some((state) => state.test(code))
  return /^E[A-Z_]+$/.test(code) || UNAVAILABLE_MESSAGES.test(root.message)
}

/**
 * True when a table could not be made because another node made it at the same time: `duplicate_table`,
 * `duplicate_object` (its row type) or `unique_violation` (of the catalogue), whichever is noticed first.
 */
export function isMadeMeanwhile(error: unknown): boolean {
  return ['42P07', '42710', '23505'].includes(codeOf(rootOf(error)))
}

/** The error that `pg` or Node raised, below what Sequelize made of it. */
export function rootOf(error: unknown): Error {
  if (error instanceof BaseError && 'parent' in error && error.parent instanceof Error) return error.parent
  return error instanceof Error ? error : new Error(String(error))
}

/** The SQLSTATE or the system's code; empty when there is none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Postgres has no SQLSTATE that begins with an E, and every system error does. */
function isSqlState(code: string): boolean {
  return /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code)
}
