import type { Statement } from '../../infra/database.ts'
import { daysBefore, dueBefore, PERIODS } from '../periods.ts'
import { inTransaction } from '../transaction.ts'
import { closeUsage } from '../usage/settle-usage.ts'
import { closeIdle, countIdle } from './close-idle.ts'
import type { PassContext } from './context.ts'
import { dropDays } from './drop-days.ts'
import {
  sweep,
  SWEPT_AUDIT,
  SWEPT_CALLS,
  SWEPT_CONTACTS,
  SWEPT_EXECUTIONS,
  SWEPT_RATINGS,
  SWEPT_RUNS,
  SWEPT_SESSIONS,
  SWEPT_SIGN_INS,
  SWEPT_TRIALS,
  SWEPT_VISITORS,
} from './sweep.ts'
import { trimConversations } from './trim-conversations.ts'

/**
 * One pass: usage is set and closed first, so that whatever is removed after was counted. Each step commits by itself and
 * decides by what it finds, so a pass may end anywhere, be done again, or twice at once.
 */
export async function runPass(context: PassContext): Promise<void> {
  const { database, today, dryRun, add } = context
  const clients = await database.run<ClientRow>(CLIENTS, [])
  await add('conversations_closed', dryRun ? await countIdle(database) : await closeIdle(database, null))
  if (!dryRun) for (const { id, own } of clients) await settle(context, id, dueBefore(today, own).messages)
  await dropDays(context)
  for (const { id, own } of clients) await removeOf(context, id, own)
  const old = daysBefore(today, PERIODS.records)
  await sweep(context, SWEPT_CALLS, [daysBefore(today, PERIODS.executions)])
  await sweep(context, SWEPT_AUDIT, [old])
  await sweep(context, SWEPT_SIGN_INS, [daysBefore(today, PERIODS.messages)])
  await sweep(context, SWEPT_RUNS, [old])
}

interface ClientRow {
  id: string
  /** Days for which it keeps messages, where it has chosen so. */
  own: number | null
}

/** What is no whole number of days from 1 on counts as nothing: the schema of the settings refuses it. */
const CLIENTS: Statement = {
  name: 'jobs/clients',
  text: `
    SELECT id, CASE WHEN settings #>> '{retention,messages_days}' ~ '^[1-9][0-9]{0,3}$'
      THEN (settings #>> '{retention,messages_days}')::int END AS own
    FROM clients ORDER BY id`,
}

async function settle(context: PassContext, id: string, due: string): Promise<void> {
  const { today } = context
  const set = await inTransaction(context, (run) => closeUsage(run, id, { due, today }))
  await context.add('usage_rows_set', set)
}

async function removeOf(context: PassContext, client_id: string, own: number | null): Promise<void> {
  const { today } = context
  const due = dueBefore(today, own)
  const dropped = daysBefore(today, PERIODS.messages)
  await trimConversations(context, { client_id, before: due.messages, dropped })
  await sweep(context, SWEPT_EXECUTIONS, [due.executions, client_id])
  await sweep(context, SWEPT_TRIALS, [due.executions, client_id])
  await sweep(context, SWEPT_RATINGS, [due.messages, client_id])
  const contacts = daysBefore(today, PERIODS.contacts)
  await sweep(context, SWEPT_CONTACTS, [contacts, client_id])
  await sweep(context, SWEPT_SESSIONS, [due.messages, client_id])
  await sweep(context, SWEPT_VISITORS, [due.messages, client_id, contacts])
}
