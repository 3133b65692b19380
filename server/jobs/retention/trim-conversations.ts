import { inTransaction, type RunWithin } from '../transaction.ts'
import { held, named, type PassContext } from './context.ts'
import type { Counted } from './counts.ts'
import { before } from './going.ts'

/** What is due of one client's conversations. */
export interface DueOfClient {
  client_id: string
  /** UTC day: what is of an earlier one is due. */
  before: string
  /** Messages are dropped by days before this one; where it is earlier than `before`, those between are deleted. */
  dropped: string
}

/** Conversations at once. */
const AT_ONCE = 1_000

/**
 * Removes what is due of the conversations of a client: messages that its own shorter period makes due, turns and what
 * hangs on them, and conversations in which nothing is left. What is under legal hold stays whole.
 */
export async function trimConversations(context: PassContext, due: DueOfClient): Promise<void> {
  let after: Place | null = { begun: '-infinity', id: NO_ID }
  while (after) {
    const from: Place = after
    const trimmed = await inTransaction(context, (run) => trim(run, due, from, context.dryRun))
    for (const [what, count] of trimmed.removed) await context.add(what, count)
    after = trimmed.last
  }
}

interface Place {
  /** When the conversation began, as text: a Date would lose microseconds. */
  begun: string
  id: string
}

type Begun = Place & { session_id: string }

const NO_ID = '00000000-0000-0000-0000-000000000000'

/** $1 client $2 day $3, $4 the last of the batch before $5 how many. Those that somebody works on wait for the next pass. */
const FIND = `
  SELECT id, session_id, started_at::text AS begun FROM conversations c
  WHERE client_id = $1::uuid AND started_at < ${before('$2')}
    AND (started_at, id) > ($3::timestamptz, $4::uuid) AND NOT ${held('c.id')}
  ORDER BY started_at, id LIMIT $5::int`

/** In a statement of its own: what was put under hold while the first one looked is seen here. $1 conversations */
const HELD = 'SELECT conversation_id AS id FROM legal_holds WHERE conversation_id = ANY($1::uuid[])'

async function trim(
  run: RunWithin,
  { client_id, before, dropped }: DueOfClient,
  after: Place,
  dryRun: boolean,
) {
  const find = dryRun ? FIND : `${FIND} FOR UPDATE SKIP LOCKED`
  const found = await run<Begun>(find, [client_id, before, after.begun, after.id, AT_ONCE])
  const holds = new Set((await run<{ id: string }>(HELD, [found.map(({ id }) => id)])).map(({ id }) => id))
  const free = found.filter(({ id }) => !holds.has(id))
  const removed: [Counted, number][] = []
  const values = [free.map(({ id }) => id), before, dropped, free.map(({ session_id }) => session_id)]
  for (const removal of free.length > 0 ? REMOVALS : []) {
    if (removal.isBetween && dropped === before) continue
    const sql = dryRun ? counting(removal) : removing(removal)
    const [row] = await run<{ count: string }>(sql, named(sql, values))
    removed.push([removal.what, Number(row?.count ?? 0)])
  }
  return { removed, last: found.length < AT_ONCE ? null : (found.at(-1) ?? null) }
}

interface Removal {
  what: Counted
  /** The table, where it has another name. */
  from?: string
  /** Of row `d`. $1 conversations $2 day $3 the day before which messages were dropped $4 their sessions */
  due: string
  /** What must be gone before, as it is unless something went wrong. */
  once?: string
  /** Only where a client's period is shorter than that of all. */
  isBetween?: boolean
}

const DUE = before('$2')
const OF_THESE = 'conversation_id = ANY($1::uuid[])'

/** In this order. */
const REMOVALS: readonly Removal[] = [
  {
    what: 'messages',
    due: `${OF_THESE} AND "timestamp" < ${DUE} AND "timestamp" >= ${before('$3')}`,
    isBetween: true,
  },
  { what: 'messages', from: 'messages_held', due: `${OF_THESE} AND "timestamp" < ${DUE}` },
  { what: 'turn_steps', due: `${OF_THESE} AND created_at < ${DUE}` },
  { what: 'turns', due: `${OF_THESE} AND ended_at < ${DUE}` },
  { what: 'tool_confirmations', due: `${OF_THESE} AND asked_at < ${DUE}` },
  { what: 'model_calls', due: `${OF_THESE} AND at < ${DUE}` },
  {
    what: 'message_receipts',
    // The key begins with the session.
    due: `session_id = ANY($4::uuid[]) AND ${OF_THESE} AND created_at < ${DUE} AND $3::date IS NOT NULL`,
  },
  {
    what: 'conversations',
    due: `id = ANY($1::uuid[]) AND state = 'ended' AND NOT turn_open AND greatest(last_at, ended_at) < ${DUE}`,
    once: `NOT EXISTS (SELECT FROM messages m WHERE m.conversation_id = d.id
      AND m."timestamp" >= d.started_at AND m."timestamp" <= d.last_at)`,
  },
]

function counting({ what, from = what, due }: Removal): string {
  return `SELECT count(*) FROM ${from} d WHERE ${due}`
}

function removing({ what, from = what, due, once = 'true' }: Removal): string {
  return `WITH gone AS (DELETE FROM ${from} d WHERE ${due} AND ${once} RETURNING 1) SELECT count(*) FROM gone`
}
