import type { VisitorErased } from '../../../protocol/privacy.ts'
import { INTEGRATION_LIMITS } from '../../../protocol/integrations.ts'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Publisher } from '../../conversation/publisher.ts'
import { sleep } from '../../infra/abortable.ts'
import type { Cache } from '../../infra/cache.ts'
import type { Database, Statement } from '../../infra/database.ts'
import { KEYS } from '../../infra/keys.ts'
import { keepUsage } from '../usage/keep-erased.ts'
import { inTransaction, type RunWithin } from '../transaction.ts'
import { writeReceipt, type Subject } from './receipts.ts'
import { about, FIND_VISITOR, lockRows, visitorTables, type VisitorRows } from './tables.ts'

export interface EraseParts {
  database: Database
  /** Null: nobody can be told from here. */
  publisher: Publisher | null
  cache: Cache
}

/**
 * Milliseconds for which answers lie in caches that nobody can be told from, and for which what was read for a
 * conversation does, where the cache could not be told to forget it.
 */
const CACHED_FOR = INTEGRATION_LIMITS.longestCache * 1_000
const READ_FOR = 3_600_000

/** Milliseconds within which a running answer ends, and between two looks. */
const ENDS_WITHIN = 5_000
const LOOK_EVERY = 50

/**
 * Erases a visitor: its conversations end first, so that nothing more is said; then every row goes in one transaction, with
 * the key of its archives, and what caches have. `not_found`: this client has no such visitor, or has it no more.
 * `conversation_held` says why.
 */
export async function eraseVisitor(
  parts: EraseParts,
  subject: Subject,
  signal: AbortSignal,
): Promise<Result<VisitorErased>> {
  const { database } = parts
  const [held] = await database.run<{ reason: string }>(HELD, [subject.visitor_id, subject.client_id])
  if (held) return refuseHeld(held.reason)
  await endConversations(parts, subject, signal)
  const done = await inTransaction({ database, signal }, (run) => erase(run, subject)).catch(
    (error: unknown) => {
      if (error instanceof HeldMeanwhile) return refuseHeld(error.message)
      throw error
    },
  )
  if (!done.ok) return done
  const { rows, receipt } = done.data
  const isForgotten = await forget(parts.cache, rows)
  const cached_until = new Date(Date.now() + (isForgotten ? CACHED_FOR : READ_FOR)).toISOString()
  return succeed({ receipt: { ...receipt, cached_until } })
}

/** $1 visitor $2 client */
const HELD: Statement = {
  name: 'jobs/held-of-visitor',
  text: `
    SELECT h.reason FROM visitors v JOIN sessions s ON s.visitor_id = v.id JOIN conversations c ON c.session_id = s.id
      JOIN legal_holds h ON h.conversation_id = c.id
    WHERE v.id = $1::uuid AND v.client_id = $2::uuid LIMIT 1`,
}

function refuseHeld(reason: string): Result<never> {
  return refuse('conversation_held', `A conversation of this visitor is under legal hold: ${reason}`)
}

/** $1 visitor $2 client */
const END: Statement = {
  name: 'jobs/end-of-visitor',
  text: `
    UPDATE conversations v SET state = 'ended', handoff = 'none', epoch = epoch + 1, agent_id = NULL,
      ended_at = clock_timestamp()
    FROM sessions s WHERE s.id = v.session_id AND s.visitor_id = $1::uuid AND v.client_id = $2::uuid
      AND v.state <> 'ended'
    RETURNING v.client_id, v.session_id, v.id AS conversation_id`,
}

/** $1 visitor $2 client */
const STILL_RUNS: Statement = {
  name: 'jobs/runs-of-visitor',
  text: `
    SELECT v.id FROM conversations v JOIN sessions s ON s.id = v.session_id
    WHERE s.visitor_id = $1::uuid AND v.client_id = $2::uuid AND v.turn_open LIMIT 1`,
}

/** A running answer ends by itself once its owner has noticed; one that does not is fenced, since its row is gone. */
async function endConversations(
  { database, publisher }: EraseParts,
  { visitor_id, client_id }: Subject,
  signal: AbortSignal,
): Promise<void> {
  const ended = await database.run<{ client_id: string; session_id: string; conversation_id: string }>(END, [
    visitor_id,
    client_id,
  ])
  for (const to of ended) publisher?.publish(to, 'conversation:ended', { reason: 'agent' })
  const deadline = performance.now() + ENDS_WITHIN
  while (performance.now() < deadline) {
    if ((await database.run(STILL_RUNS, [visitor_id, client_id])).length === 0) return
    await sleep(LOOK_EVERY, signal)
  }
}

async function erase(run: RunWithin, subject: Subject) {
  const { visitor_id, client_id } = subject
  const [visitor] = await run(FIND_VISITOR, [visitor_id, client_id])
  const keys = await run(
    'DELETE FROM archive_keys WHERE id = $1::uuid AND client_id = $2::uuid RETURNING 1',
    [visitor_id, client_id],
  )
  if (!visitor && keys.length === 0) return refuse('not_found')
  const rows = await lockRows(run, visitor_id)
  const [held] = await run<{ reason: string }>(
    'SELECT reason FROM legal_holds WHERE conversation_id = ANY($1::uuid[]) LIMIT 1',
    [rows.conversations],
  )
  // Thrown, so that nothing of this transaction stays: the key is deleted in it already.
  if (held) throw new HeldMeanwhile(held.reason)
  await keepUsage(run, client_id, rows.conversations)
  const counts: Record<string, number> = { archive_keys: keys.length }
  for (const { name, where } of await visitorTables(run)) {
    if (name === 'legal_holds') continue
    const gone = `WITH gone AS (DELETE FROM ${name} d WHERE ${where} RETURNING 1) SELECT count(*)::int AS count FROM gone`
    const [row] = await about<{ count: number }>(run, gone, rows)
    if (row && row.count > 0) counts[name] = row.count
  }
  return succeed({ rows, receipt: await writeReceipt(run, 'erasure', subject, counts) })
}

/** Somebody put a conversation under hold while its visitor was being erased. The message is its reason. */
class HeldMeanwhile extends Error {
  override readonly name = 'HeldMeanwhile'
}

/** False where the cache could not be reached: it forgets by itself. */
async function forget(cache: Cache, { sessions, conversations }: VisitorRows): Promise<boolean> {
  const keys = [...sessions.map((id) => KEYS.conversation(id)), ...conversations.map((id) => KEYS.reply(id))]
  const forgotten = await Promise.all(keys.map((key) => cache.delete(key)))
  return !forgotten.includes(false)
}
