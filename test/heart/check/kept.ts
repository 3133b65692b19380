import type { AnswerStatus, ConversationState, Role } from '../../../protocol/records.ts'
import type { ModelStep } from '../../../server/llm/provider.ts'
import type { Database } from '../../../server/infra/database.ts'

export interface KeptConversation {
  id: string
  client_id: string
  session_id: string
  state: ConversationState
  handoff: string
  epoch: number
  agent_id: string | null
  last_seq: number
  last_at: Date
  visitor_seq: number
  agent_seq: number
  answered_seq: number
  turn: number
  turn_open: boolean
  message_count: number
  tokens_total: string
  cost_total: string
  summary: string | null
  summary_seq: number
}

export interface KeptMessage {
  id: string
  conversation_id: string
  seq: number
  role: Role | 'tool'
  content: string
  timestamp: Date
  client_message_id: string | null
  author: { name: string } | null
  turn: number | null
  answers_to: number | null
  status: AnswerStatus | null
}

export interface KeptTurn {
  conversation_id: string
  number: number
  attempt: number
  state: AnswerStatus | 'queued' | 'running'
  node: string | null
  epoch: number
  after_seq: number
  answers_to: number | null
  message_seq: number | null
  tokens_input: number
  tokens_output: number
  tokens_cached: number
  cost: string
  spent: KeptSpending[]
  error: string | null
  ended_at: Date | null
}

/** What one model spent in a turn; `summary` where it summed up. */
export interface KeptSpending {
  provider: string
  model: string
  tokens_input: number
  tokens_output: number
  tokens_cached: number
  cost: number
  summary?: string
}

export interface KeptStep {
  conversation_id: string
  turn: number
  step: number
  attempt: number
  body: ModelStep
  created_at: Date
}

export interface KeptReceipt {
  session_id: string
  client_message_id: string
  conversation_id: string
  seq: number
  message_id: string
}

export interface KeptChange {
  conversation_id: string
  action: string
  actor_id: string | null
  epoch: number
  last_seq: number
  at: Date
}

export interface KeptUsage {
  client_id: string
  conversation_count: string
  message_count: string
  tokens_input: string
  tokens_output: string
}

export interface KeptModelUsage {
  client_id: string
  model: string
  turns: string
  tokens_input: string
  tokens_output: string
  tokens_cached: string
}

/** All that the heart has kept, in the order of its places. */
export interface Kept {
  conversations: KeptConversation[]
  messages: KeptMessage[]
  turns: KeptTurn[]
  steps: KeptStep[]
  receipts: KeptReceipt[]
  changes: KeptChange[]
  nodes: { id: string; lease_until: Date }[]
  usage: KeptUsage[]
  modelUsage: KeptModelUsage[]
  /** Constraints of the heart's tables that some row breaks, or that are not there. */
  brokenConstraints: string[]
}

const SUMS = 'sum(tokens_input) AS tokens_input, sum(tokens_output) AS tokens_output'

/** Reads everything that is kept. Wait until all is quiet: it takes several statements. */
export async function readKept(database: Database): Promise<Kept> {
  const all = async <Row extends object>(text: string) => (await database.sequelize.query(text))[0] as Row[]
  return {
    conversations: await all('SELECT * FROM conversations ORDER BY started_at, id'),
    messages: await all('SELECT * FROM messages ORDER BY conversation_id, seq, "timestamp"'),
    turns: await all('SELECT * FROM turns ORDER BY conversation_id, number'),
    steps: await all('SELECT * FROM turn_steps ORDER BY conversation_id, turn, step'),
    receipts: await all('SELECT * FROM message_receipts'),
    changes: await all(`
      SELECT conversation_id, action, actor_id, (details->>'epoch')::int AS epoch,
        (details->>'last_seq')::int AS last_seq, at
      FROM audit_log
      WHERE action IN ('conversation.taken_over', 'conversation.handed_back', 'conversation.ended')
      ORDER BY conversation_id, (details->>'epoch')::int`),
    nodes: await all('SELECT id, lease_until FROM nodes'),
    usage: await all(`
      SELECT client_id, sum(conversation_count) AS conversation_count, sum(message_count) AS message_count, ${SUMS}
      FROM api_usage GROUP BY client_id`),
    modelUsage: await all(`
      SELECT client_id, model, sum(turns) AS turns, ${SUMS}, sum(tokens_cached) AS tokens_cached
      FROM usage_by_model GROUP BY client_id, model`),
    brokenConstraints: await brokenConstraints(database),
  }
}

/** What the heart stands on. */
const CONSTRAINTS = ['nothing_waits_unseen', 'seq_bounds', 'one_message_row']

async function brokenConstraints(database: Database): Promise<string[]> {
  const [found] = await database.sequelize.query(
    `SELECT conname AS name, conrelid::regclass::text AS table, pg_get_expr(conbin, conrelid) AS rule FROM pg_constraint
     WHERE contype = 'c' AND conrelid IN ('conversations'::regclass, 'turns'::regclass)`,
  )
  const rules = found as { name: string; table: string; rule: string }[]
  const broken = CONSTRAINTS.filter((name) => !rules.some((rule) => rule.name === name)).map(
    (name) => `${name} is not there`,
  )
  for (const { name, table, rule } of rules) {
    const [rows] = await database.sequelize.query(`SELECT 1 FROM ${table} WHERE NOT (${rule}) LIMIT 1`)
    if (rows.length > 0) broken.push(`${name} is broken`)
  }
  return broken
}
