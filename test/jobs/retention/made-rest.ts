import { QueryTypes } from 'sequelize'
import type { Database } from '../../../server/infra/database.ts'

/** What hangs on a history beside what is said in it, each thing with a name for its age. */
export interface Rest {
  trials: string[]
  chats: string[]
  visitors: string[]
  /** The names of those that are in the table still, in their order. */
  there(table: string, ids: readonly string[]): Promise<string[]>
  /** The names of conversations that are open. */
  openOnes(): Promise<string[]>
}

interface Where {
  client_id: string
  /** The client that keeps its messages for a week. */
  week: string
  today: string
}

/** Columns in which the tables say which thing a row is of. */
const KEYS: Readonly<Record<string, string>> = {
  tool_trials: 'id',
  test_chats: 'session_id',
  model_calls: 'conversation_id',
  visitors: 'id',
}

/** Adds to a history what goes by other rules than it; rows are named by the MD5 of their names. */
export async function seedRest(database: Database, { client_id, week, today }: Where): Promise<Rest> {
  const { sequelize } = database
  const run = (sql: string) => sequelize.query(sql, { raw: true })
  const ago = (days: number) =>
    `('${today}'::date - ${days})::timestamp AT TIME ZONE 'UTC' + interval '5 hours'`
  const id = (name: string) => `md5('${name}')::uuid`

  await run(`
    INSERT INTO legal_holds (conversation_id, client_id, reason, actor)
      SELECT id, client_id, 'Claim 7', 'system' FROM conversations WHERE client_id = '${client_id}' ORDER BY started_at LIMIT 1;
    INSERT INTO messages_held (id, conversation_id, seq, role, content, "timestamp")
      SELECT gen_random_uuid(), id, 900, 'user', 'once held', started_at FROM conversations
      WHERE client_id = '${week}' ORDER BY started_at LIMIT 1;
    INSERT INTO ratings (client_id, conversation_id, subject, score, created_at)
      SELECT client_id, id, 'ai', 4, last_at FROM conversations WHERE client_id = '${client_id}';
    INSERT INTO audit_log (actor, action, at) VALUES ('system', 'long.ago', ${ago(400)}), ('system', 'now', now());
    INSERT INTO tools (id, tool_name, description, parameters_schema) VALUES (${id('tool')}, 'try_me', 'x', '{}')`)

  const trials = [
    ['old', client_id, 91],
    ['of the month', client_id, 89],
    ['old for a week', week, 8],
    ['new', week, 1],
  ] as const
  for (const [name, client, days] of trials)
    await run(`INSERT INTO tool_trials (id, client_id, tool_id, parameters, outcome, success, content, execution_time_ms, at)
      VALUES (${id(name)}, '${client}', ${id('tool')}, '{}', '{}', true, 'x', 1, ${ago(days)})`)

  const visitor = async (name: string, days: number, session = true) => {
    await run(
      `INSERT INTO visitors (id, client_id, last_seen_at) VALUES (${id(name)}, '${client_id}', ${ago(days)})`,
    )
    if (session)
      await run(`INSERT INTO sessions (id, client_id, visitor_id, token_hash, last_seen_at)
        VALUES (${id(name)}, '${client_id}', ${id(name)}, sha256('${name}'::bytea), ${ago(days)})`)
  }
  const conversation = (name: string, days: number, more: { columns: string; values: string }) =>
    run(`INSERT INTO conversations (id, client_id, session_id, started_at, last_at, ${more.columns})
      VALUES (${id(name)}, '${client_id}', ${id(name)}, ${ago(days)}, ${ago(days)}, ${more.values})`)

  const visitors = [
    ['without an address', 0],
    ['with an old address', 366],
    ['with a younger address', 364],
  ] as const
  for (const [name, days] of visitors) {
    await visitor(name, 31)
    if (days > 0)
      await run(`INSERT INTO contacts (client_id, visitor_id, email, created_at)
        VALUES ('${client_id}', ${id(name)}, 'a@b.example', ${ago(days)})`)
  }

  for (const [name, days] of [
    ['old', 40],
    ['new', 2],
  ] as const) {
    await visitor(name, days)
    await run(`INSERT INTO test_chats (session_id, client_id) VALUES (${id(name)}, '${client_id}')`)
    await conversation(name, days, {
      columns: 'is_test, state, ended_at',
      values: `true, 'ended', ${ago(days)}`,
    })
    await run(`INSERT INTO model_calls (conversation_id, number, turn, attempt, provider, model, at, request, wire, tokens_input,
        tokens_output, tokens_cached, estimated, cost, total_ms)
      SELECT ${id(name)}, n, 1, 1, 'offline', 'x', ${ago(days)}, '{}', '{}', 1, 1, 0, false, 0, 1 FROM generate_series(1, 2) n`)
  }

  for (const [name, days, handoff] of [
    ['idle', 2, 'none'],
    ['waits for a person', 2, 'requested'],
    ['spoke a moment ago', 0, 'none'],
  ] as const) {
    await visitor(name, days)
    await conversation(name, days, { columns: 'handoff', values: `'${handoff}'` })
  }
  await run(`UPDATE conversations SET last_at = now() WHERE id = ${id('spoke a moment ago')}`)

  const select = (sql: string, bind: unknown[]) =>
    sequelize.query<{ name: string }>(sql, { bind, type: QueryTypes.SELECT })
  const names = (rows: { name: string }[]) => rows.map(({ name }) => name)
  return {
    trials: trials.map(([name]) => name),
    chats: ['old', 'new'],
    visitors: visitors.map(([name]) => name),
    there: async (table, ids) =>
      names(
        await select(
          `SELECT given.name FROM unnest($1::text[]) AS given (name) WHERE EXISTS (
        SELECT FROM ${table} WHERE ${String(KEYS[table])} = md5(given.name)::uuid) ORDER BY 1`,
          [ids],
        ),
      ),
    openOnes: async () =>
      names(
        await select(
          `SELECT given.name FROM unnest($1::text[]) AS given (name) JOIN conversations c ON c.id = md5(given.name)::uuid
        WHERE c.state <> 'ended' ORDER BY 1`,
          [['idle', 'waits for a person', 'spoke a moment ago']],
        ),
      ),
  }
}

/** How many rows each table has. */
export async function countRows({ sequelize }: Pick<Database, 'sequelize'>): Promise<Record<string, number>> {
  const select = <Row extends object>(sql: string) => sequelize.query<Row>(sql, { type: QueryTypes.SELECT })
  const tables = await select<{ name: string }>(`SELECT relname AS name FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`)
  const counts = await select<{ name: string; count: number }>(
    tables
      .map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS count FROM ${name}`)
      .join(' UNION ALL '),
  )
  return Object.fromEntries(counts.map(({ name, count }) => [name, count]))
}
