import assert from 'node:assert/strict'
import { QueryTypes } from 'sequelize'
import type { Database } from '../../server/infra/database.ts'
import { readHistory } from '../../server/conversation/history.ts'
import { daysBefore, PERIODS } from '../../server/jobs/periods.ts'
import { checkUsage } from '../../server/jobs/usage/check-usage.ts'
import { Random } from '../heart/random.ts'
import { seedHistory, type HistoryClients, type LongHistory } from './long-history.ts'

export interface Trial extends LongHistory {
  seed: number
  /** How often a pass is killed before one may end. */
  kills: number
  /** Runs one pass, killed so many steps that removed something and then milliseconds after its beginning; null: never. */
  pass: (kill: Kill | null, onStep: (step: Step) => void) => Promise<'killed' | 'done'>
  tell: (line: string) => void
}

export interface Kill {
  steps: number
  ms: number
}

/** What a step of a pass did, and its milliseconds. */
export interface Step {
  what: string
  count: number
  ms: number
}

/** What it took: times in milliseconds. */
export interface TrialFigures {
  made: number
  /** Of all passes together, those that were killed too. */
  steps: Step[]
  passes: number
  pages: Record<'before' | 'after', { ms: number; blocks: number }>
}

/**
 * A long history, passes that are killed at seeded points, one that ends, and what must hold then: totals agree to the
 * token, what is due is gone, what is not is whole, a page of history costs no more than before. Gives what it took.
 */
export async function tryRetention(database: Database, trial: Trial): Promise<TrialFigures> {
  const { tell } = trial
  const lap = stopwatch(tell)
  const clients = await seedHistory(database, trial)
  const made = lap('the history is made')
  const before = await totals(database)
  const expected = await expectedRows(database, clients)
  const kept = await holdOne(database)
  const pages = await readPages(database, clients)
  lap('looked at')

  const random = new Random(trial.seed)
  let killed = 0
  const steps: Step[] = []
  const onStep = (step: Step) => void steps.push(step)
  for (let time = 0; time < trial.kills; time++) {
    const kill = { steps: random.between(0, 7), ms: random.between(0, 15) }
    killed += (await trial.pass(kill, onStep)) === 'killed' ? 1 : 0
  }
  assert.equal(killed, trial.kills, 'passes killed in their middle')
  const untilKilled = lap('killed passes')
  assert.equal(await trial.pass(null, onStep), 'done')
  const last = lap('the pass that ended')

  assert.deepEqual(await totals(database), before, 'totals')
  assert.deepEqual(await checkUsage(database), [])
  assert.deepEqual(await expectedRows(database, clients), expected, 'what is not due')
  assert.deepEqual(await dueRows(database, clients, kept.id), [], 'what is due')
  const { messages } = await readHistory(database, kept, { limit: 100 })
  assert.deepEqual(
    messages.map(({ seq }) => seq),
    kept.seqs,
    'what is under hold',
  )
  const after = await readPages(database, clients)
  assert.ok(
    after.blocks <= pages.blocks + 2,
    `${String(after.blocks)} blocks for a page, ${String(pages.blocks)} before`,
  )
  return { made, steps, passes: untilKilled + last, pages: { before: pages, after } }
}

/** Tells what has passed since the last time, and gives it in milliseconds. */
function stopwatch(tell: (line: string) => void): (what: string) => number {
  let at = performance.now()
  return (what) => {
    const ms = performance.now() - at
    tell(`${(ms / 1_000).toFixed(1).padStart(7)} s  ${what}`)
    at = performance.now()
    return ms
  }
}

function all<Row extends object>(database: Database, sql: string, bind: unknown[] = []): Promise<Row[]> {
  return database.transaction(
    (transaction) => database.sequelize.query<Row>(sql, { bind, transaction, type: QueryTypes.SELECT }),
    {
      patient: true,
    },
  )
}

async function totals(database: Database): Promise<object> {
  const days = await all(database, 'SELECT * FROM api_usage ORDER BY client_id, date')
  return { days, models: await all(database, 'SELECT * FROM usage_by_model ORDER BY client_id, date, model') }
}

const TIMES = {
  messages: '"timestamp"',
  turns: 'ended_at',
  turn_steps: 'created_at',
  message_receipts: 'created_at',
}

/** How many rows of each client are not due, and a sum over them. */
function expectedRows(database: Database, { today, week }: HistoryClients): Promise<object[]> {
  const parts = Object.entries(TIMES).map(
    ([table, time]) => `
      SELECT '${table}' AS "table", c.client_id, count(*) FROM ${table} d JOIN conversations c ON c.id = d.conversation_id
      WHERE d.${time} >= CASE WHEN c.client_id = $1 THEN $2 ELSE $3 END::date::timestamp AT TIME ZONE 'UTC' GROUP BY 2`,
  )
  return all(database, `${parts.join(' UNION ALL ')} ORDER BY 1, 2`, [
    week,
    daysBefore(today, 7),
    daysBefore(today, PERIODS.messages),
  ])
}

/** Rows that are still there although they are due, but for those of the conversation under hold. */
function dueRows(database: Database, { today, week }: HistoryClients, kept: string): Promise<object[]> {
  const parts = Object.entries({ ...TIMES, conversations: 'last_at' }).map(([table, time]) => {
    const id = table === 'conversations' ? 'd.id' : 'd.conversation_id'
    return `
      SELECT '${table}' AS "table", count(*) FROM ${table} d LEFT JOIN conversations c ON c.id = ${id}
      WHERE ${id} <> $4 AND d.${time} < CASE WHEN c.client_id = $1 THEN $2 ELSE $3 END::date::timestamp AT TIME ZONE 'UTC'
      HAVING count(*) > 0`
  })
  return all(database, parts.join(' UNION ALL '), [
    week,
    daysBefore(today, 7),
    daysBefore(today, PERIODS.messages),
    kept,
  ])
}

/** Puts the first conversation of all under hold. */
async function holdOne(database: Database): Promise<{ id: string; started_at: Date; seqs: number[] }> {
  const [row] = await all<{ id: string; started_at: Date; last_seq: number }>(
    database,
    `WITH first AS (SELECT id, client_id, started_at, last_seq FROM conversations ORDER BY started_at LIMIT 1), held AS (
       INSERT INTO legal_holds (conversation_id, client_id, reason, actor) SELECT id, client_id, 'Claim 7', 'system' FROM first)
     SELECT id, started_at, last_seq FROM first`,
  )
  const { id, started_at, last_seq } = row!
  return { id, started_at, seqs: Array.from({ length: last_seq }, (_, place) => place + 1) }
}

const PAGES = 100

/** Reads the newest page of conversations of this week; gives the middle time, and what one touches of the database. */
async function readPages(
  database: Database,
  { ids, today }: HistoryClients,
): Promise<{ ms: number; blocks: number }> {
  const conversations = await all<{ id: string; started_at: Date }>(
    database,
    `SELECT id, started_at FROM conversations WHERE client_id = $1 AND started_at > $2::date - 5 ORDER BY id LIMIT ${String(PAGES)}`,
    [ids[0], today],
  )
  const times: number[] = []
  for (const one of conversations) {
    const from = performance.now()
    const { messages } = await readHistory(database, one, { limit: 50 })
    times.push(performance.now() - from)
    assert.ok(messages.length > 0)
  }
  const { id, started_at } = conversations[0]!
  const [plan] = await all<{ 'QUERY PLAN': [{ Plan: Record<string, number> }] }>(
    database,
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT * FROM all_messages
     WHERE conversation_id = $1 AND "timestamp" >= $2 AND seq < 1000000 ORDER BY seq DESC LIMIT 51`,
    [id, started_at],
  )
  const { Plan } = plan!['QUERY PLAN'][0]
  const blocks = Plan['Shared Hit Blocks']! + Plan['Shared Read Blocks']!
  return { ms: times.sort((a, b) => a - b)[times.length >> 1]!, blocks }
}
