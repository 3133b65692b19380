import { inTransaction } from '../transaction.ts'
import { BATCH, held, named, type PassContext } from './context.ts'
import type { Counted } from './counts.ts'
import { before, GONE_ALREADY, STILL_THERE, type Going } from './going.ts'

/** Rows of a table that go by their own time. */
export interface Sweep {
  table: Counted
  /** Of row `d`. $1 is the UTC day; what is of an earlier one is due. $2, where it is named, is the client. */
  due: (going: Going) => string
}

const OF_CLIENT = 'client_id = $2::uuid'
const EARLIER = before('$1')

/** Of one client, in this order: who has nothing left goes last. */
export const SWEPT_EXECUTIONS: Sweep = {
  table: 'tool_executions',
  due: () => `${OF_CLIENT} AND "timestamp" < ${EARLIER} AND NOT ${held('d.conversation_id')}`,
}
export const SWEPT_TRIALS: Sweep = { table: 'tool_trials', due: () => `${OF_CLIENT} AND at < ${EARLIER}` }
export const SWEPT_RATINGS: Sweep = {
  table: 'ratings',
  due: ({ conversation }) => `${OF_CLIENT} AND created_at < ${EARLIER}
    AND NOT EXISTS (SELECT FROM conversations c WHERE c.id = d.conversation_id AND NOT ${conversation('c')})`,
}
export const SWEPT_CONTACTS: Sweep = {
  table: 'contacts',
  due: () => `${OF_CLIENT} AND created_at < ${EARLIER} AND NOT ${held('d.conversation_id')}`,
}
export const SWEPT_SESSIONS: Sweep = {
  table: 'sessions',
  due: ({ conversation }) => `${OF_CLIENT} AND last_seen_at < ${EARLIER}
    AND NOT EXISTS (SELECT FROM conversations c WHERE c.session_id = d.id AND NOT ${conversation('c')})`,
}
/** $3 is the day before which e-mail addresses are due. */
export const SWEPT_VISITORS: Sweep = {
  table: 'visitors',
  due: ({ session, contact }) => `${OF_CLIENT} AND last_seen_at < ${EARLIER}
    AND NOT EXISTS (SELECT FROM sessions s WHERE s.visitor_id = d.id AND NOT ${session('s')})
    AND NOT EXISTS (SELECT FROM contacts k WHERE k.visitor_id = d.id AND NOT ${contact('k')})`,
}

/** Of the whole installation. */
export const SWEPT_CALLS: Sweep = { table: 'integration_calls', due: () => `at < ${EARLIER}` }
export const SWEPT_AUDIT: Sweep = {
  table: 'audit_log',
  due: () => `at < ${EARLIER} AND NOT ${held('d.conversation_id')}`,
}
export const SWEPT_SIGN_INS: Sweep = { table: 'admin_sessions', due: () => `expires_at < ${EARLIER}` }
export const SWEPT_RUNS: Sweep = {
  table: 'retention_runs',
  due: () => `started_at < ${EARLIER} AND state <> 'running'`,
}

/** Removes what is due, batch by batch; of what somebody works on, the next pass sees to. */
export async function sweep(
  context: PassContext,
  { table, due }: Sweep,
  values: readonly [day: string, client?: string, contacts?: string],
): Promise<void> {
  const sql = context.dryRun
    ? `SELECT count(*) FROM ${table} d WHERE ${due(STILL_THERE)}`
    : `WITH gone AS (
         DELETE FROM ${table} WHERE id IN (
           SELECT d.id FROM ${table} d WHERE ${due(GONE_ALREADY)} LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
         RETURNING 1
       ) SELECT count(*) FROM gone`
  for (;;) {
    const [row] = await inTransaction(context, (run) => run<{ count: string }>(sql, named(sql, values)))
    const count = Number(row?.count ?? 0)
    await context.add(table, count)
    if (context.dryRun || count < BATCH) return
  }
}
