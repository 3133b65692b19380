import type { Actor } from '../../../models/actor.ts'
import type { Json } from '../../../models/tool-execution.ts'
import type { Database, Statement } from '../../infra/database.ts'
import type { ToolOutcome } from '../outcome.ts'

/** A test run as it is kept. `by`: the name of who tried it; null: whoever commands the machine, or somebody gone. */
export interface KeptTrial {
  id: string
  tool_name: string
  parameters: Record<string, unknown>
  outcome: ToolOutcome
  success: boolean
  content: string
  execution_time_ms: number
  at: Date
  by: string | null
}

/** One that was just made. Arguments and outcome are masked. */
export interface NewTrial extends Omit<KeptTrial, 'by' | 'at' | 'tool_name' | 'parameters'> {
  client_id: string
  tool_id: string
  parameters: Json
  by: Actor
}

/** Of each tool of a client. */
const MOST = 50

/** Keeps a test run, and forgets what is older than the newest. */
export function createKeepTrial(database: Pick<Database, 'run'>): (trial: NewTrial) => Promise<KeptTrial> {
  return async ({ id, client_id, tool_id, by, ...came }) => {
    const admin_id = by.actor === 'admin' ? by.actor_id : null
    const { parameters, outcome, success, content, execution_time_ms } = came
    const said = [JSON.stringify(parameters), JSON.stringify(outcome), success, content.replaceAll('\0', '')]
    const values = [id, client_id, tool_id, admin_id, ...said, execution_time_ms, MOST]
    const [kept] = await database.run<KeptTrial>(KEEP, values)
    if (!kept) throw new Error('a test run was not kept')
    return kept
  }
}

/** The newest first. */
export function listTrials(
  database: Pick<Database, 'run'>,
  { client_id, tool_id }: { client_id: string; tool_id: string },
): Promise<KeptTrial[]> {
  return database.run<KeptTrial>(LIST, [client_id, tool_id, MOST])
}

/** $1 id $2 client $3 tool $4 person $5 arguments $6 outcome $7 success $8 words $9 milliseconds $10 how many are kept */
const KEEP: Statement = {
  name: 'tools/keep-trial',
  text: `
    WITH old AS (
      DELETE FROM tool_trials WHERE id IN (
        SELECT id FROM tool_trials WHERE client_id = $2::uuid AND tool_id = $3::uuid ORDER BY at DESC, id DESC
        OFFSET $10::int - 1)
    ), i AS (
      INSERT INTO tool_trials
        (id, client_id, tool_id, admin_id, parameters, outcome, success, content, execution_time_ms)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *
    )
    SELECT i.id, t.tool_name, i.parameters, i.outcome, i.success, i.content, i.execution_time_ms, i.at, a.name AS by
    FROM i JOIN tools t ON t.id = i.tool_id LEFT JOIN admins a ON a.id = i.admin_id`,
}

/** $1 client $2 tool $3 how many */
const LIST: Statement = {
  name: 'tools/list-trials',
  text: `
    SELECT i.id, t.tool_name, i.parameters, i.outcome, i.success, i.content, i.execution_time_ms, i.at, a.name AS by
    FROM tool_trials i JOIN tools t ON t.id = i.tool_id LEFT JOIN admins a ON a.id = i.admin_id
    WHERE i.client_id = $1 AND i.tool_id = $2 ORDER BY i.at DESC, i.id DESC LIMIT $3`,
}
