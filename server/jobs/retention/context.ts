import type { Database } from '../../infra/database.ts'
import type { Archive } from '../archive/archive.ts'
import type { OnProgress } from './counts.ts'

/** What the steps of one pass are handed. */
export interface PassContext {
  database: Database
  /** What goes before it is removed is kept here; null: nowhere. */
  archive: Archive | null
  /** The UTC day that the pass counts from, `YYYY-MM-DD`. */
  today: string
  /** Only says what it would remove. */
  dryRun: boolean
  signal: AbortSignal
  add: OnProgress
  /** Told of each day whose messages were dropped. */
  dropped: (day: string) => void
}

/** Of a conversation by this name: something of it must stay. */
export function held(conversation: string): string {
  return `EXISTS (SELECT FROM legal_holds h WHERE h.conversation_id = ${conversation})`
}

/** Rows that one statement removes at most. */
export const BATCH = 10_000

/** As many of the values as the statement names: Postgres refuses others. */
export function named(sql: string, values: readonly unknown[]): readonly unknown[] {
  return values.slice(0, Math.max(0, ...[...sql.matchAll(/\$(\d)/g)].map(([, number]) => Number(number))))
}
