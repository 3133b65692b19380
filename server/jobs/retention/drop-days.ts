import type { Statement } from '../../infra/database.ts'
import { daysBefore, PERIODS } from '../periods.ts'
import { inTransaction, type RunWithin } from '../transaction.ts'
import { held, type PassContext } from './context.ts'

/** Others wait behind a lock that is waited for: so it is not waited for long, and tried again. */
const LOCK_TIMEOUT_MS = 200

/**
 * Drops the daily partitions of messages that are due for everybody, the oldest first. What belongs to conversations
 * under legal hold moves to `messages_held` in the same transaction; where there is an archive, the day is in it before.
 */
export async function dropDays(context: PassContext): Promise<void> {
  const { database, archive, today, dryRun, add } = context
  const due = daysBefore(today, PERIODS.messages)
  for (const day of await database.run<Day>(DAYS, [due])) {
    if (dryRun) {
      const { messages, kept } = await inTransaction(context, (run) => count(run, day))
      await add('messages_held', kept)
      await add('messages', messages - kept)
      context.dropped(day.day)
      continue
    }
    if (archive) await add('messages_archived', await archive.keep(day.day, context.signal))
    const { messages, kept } = await inTransaction(context, (run) => drop(run, day))
    await add('messages_held', kept)
    await add('messages', messages - kept)
    context.dropped(day.day)
  }
}

interface Day {
  name: string
  day: string
}

/** $1 the first day that is not due */
const DAYS: Statement = {
  name: 'jobs/due-days',
  text: `
    SELECT c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD')::text AS day
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'messages'::regclass AND c.relname ~ '^messages_[0-9]{8}$'
      AND to_date(right(c.relname, 8), 'YYYYMMDD') < $1::date
    ORDER BY 2`,
}

/** The name matches the pattern of `DAYS`, so it needs no quotes. */
async function drop(run: RunWithin, { name, day }: Day): Promise<{ messages: number; kept: number }> {
  await run(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`)
  // Nothing is put under hold between the copy and the drop, and no other pass drops a day meanwhile.
  await run('LOCK TABLE legal_holds IN SHARE ROW EXCLUSIVE MODE')
  const [found] = await run<{ there: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS there`, [name])
  if (!found?.there) return { messages: 0, kept: 0 }
  const [all] = await run<{ count: string }>(`SELECT count(*) FROM ${name}`)
  const [held] = await run<{ count: string }>(HOLD, [day])
  await run(`ALTER TABLE messages DETACH PARTITION ${name}`)
  await run(`DROP TABLE ${name}`)
  return { messages: Number(all?.count ?? 0), kept: Number(held?.count ?? 0) }
}

/** $1 the UTC day */
const HOLD = `
  WITH kept AS (
    INSERT INTO messages_held SELECT m.* FROM legal_holds h JOIN messages m ON m.conversation_id = h.conversation_id
    WHERE m."timestamp" >= $1::date::timestamp AT TIME ZONE 'UTC'
      AND m."timestamp" < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
    ON CONFLICT DO NOTHING RETURNING 1
  )
  SELECT count(*) FROM kept`

async function count(run: RunWithin, { name }: Day): Promise<{ messages: number; kept: number }> {
  const [row] = await run<{ messages: string; kept: string }>(
    `SELECT count(*) AS messages, count(*) FILTER (WHERE ${held('m.conversation_id')}) AS kept FROM ${name} m`,
  )
  return { messages: Number(row?.messages ?? 0), kept: Number(row?.kept ?? 0) }
}
