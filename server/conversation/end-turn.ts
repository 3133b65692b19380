import { randomUUID } from 'node:crypto'
import type { AnswerStatus, Message, Source } from '../../protocol/records.ts'
import type { TurnFailure } from '../../protocol/widget.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { ModelCall, NamedModel } from '../llm/models.ts'
import type { ClaimedTurn } from './claim.ts'
import { presentMessage } from './present.ts'
import { MESSAGE_COLUMNS, type MessageRow } from './rows.ts'
import { addToModels, sumUp } from './spending.ts'

/** What the owner of a turn believes it has come to; the database's own marks (stopped, interrupted) win. */
export interface TurnOutcome {
  status: AnswerStatus
  content: string
  /** The last visitor message that the model was asked about. */
  answersTo: number
  sources: Source[]
  /** What the calls of models came to, in their order; the last one answered. */
  spent: readonly ModelCall[]
  /** Who had given the answer to somebody else before, where it came from the cache. */
  repeats: NamedModel | null
  promptVersion: string
  firstTokenMs: number | null
  totalMs: number | null
  toolCalls: number
  /** How often the function failed that failed most; 0 where left out. */
  failedCalls?: number
  /** Why it failed; `owner_silent` where the taker ended it in place of an owner who did not answer. */
  error: TurnFailure | 'owner_silent' | null
}

/** The turn to be ended, by its owner; or, where `node` is null, by who took over from an owner that keeps silent. */
export type EndingTurn = Pick<ClaimedTurn, 'to' | 'turn' | 'attempt' | 'epoch'> & { node: string | null }

/** `fenced`: another attempt owns the turn now, and what this one did never happened. */
export type EndedTurn = { fenced: false; message: Message; next: ClaimedTurn | null } | { fenced: true }

interface EndedRow {
  seq: number
  message_id: string
  created_at: Date
  status: AnswerStatus
  answers_to: number
  next: boolean
  next_turn: number
  next_attempt: number
  epoch: number
  up_to: number
}

const ANSWERED = `CASE WHEN stop_turn = turn THEN greatest(answered_seq, least($5::int, stop_seq))
  WHEN turn_epoch < epoch THEN answered_seq ELSE greatest(answered_seq, $5::int) END`

/**
 * Ends a turn: the answer's row, usage, and the next turn where visitor messages wait, in one statement that only
 * the owner's current attempt can commit; where the turn is interrupted, also who took over.
 *
 * $1 conversation $2 turn $3 attempt $4 node, or null: who took over $5 answers_to $6 status $7 content $8 input tokens $9 output tokens
 * $10 cost $11 owner of the next turn, or null $12 the turn's epoch $13 message id $14 sources $15 provider $16 model
 * $17 prompt version $18 first token ms $19 total ms $20 cached tokens $21 tool calls $22 error $23 estimated tokens
 * $24 what each model spent $25 from the cache
 *
 * No row: fenced, or ended already. `x` reads `t`: CTEs that nobody reads run last-written first, and the next
 * turn's row would meet the unique index of open turns before this one is closed.
 */
const END: Statement = {
  name: 'conversation/end-turn',
  text: `
    WITH u AS (
      UPDATE conversations SET
        last_seq = last_seq + 1, last_at = greatest(clock_timestamp(), last_at), message_count = message_count + 1,
        tokens_total = tokens_total + $8::int + $9::int, cost_total = cost_total + $10::numeric,
        answered_seq = ${ANSWERED},
        turn_open = state = 'ai' AND visitor_seq > ${ANSWERED},
        turn = turn + 1, turn_seq = visitor_seq, turn_epoch = epoch, attempt = ($11::uuid IS NOT NULL)::int, node = $11::uuid
      WHERE id = $1::uuid AND turn_open AND turn = $2::int
        AND (attempt = $3::int AND node = $4::uuid OR $4::uuid IS NULL AND turn_epoch < epoch)
      RETURNING id, client_id, is_test, epoch, last_seq, last_at, visitor_seq, answered_seq, turn, turn_open AS next, attempt, node,
        CASE WHEN stop_turn = $2::int THEN 'stopped' WHEN epoch > $12::int THEN 'interrupted' ELSE $6::text END AS status,
        CASE WHEN stop_turn = $2::int THEN least($5::int, stop_seq) ELSE $5::int END AS answers_to
    ), m AS (
      INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", tokens_used, turn, answers_to, status, sources)
      SELECT $13::uuid, id, last_seq, 'assistant', $7::text, last_at, $9::int, $2::int, answers_to, status, $14::jsonb FROM u
    ), t AS (
      UPDATE turns t SET state = u.status, message_seq = u.last_seq, answers_to = u.answers_to, ended_at = u.last_at,
        tokens_input = $8::int, tokens_output = $9::int, tokens_cached = $20::int, tokens_estimated = $23::int,
        cost = $10::numeric, spent = $24::jsonb, from_cache = $25::boolean, tool_calls = $21::int,
        provider = $15::text, model = $16::text, prompt_version = $17::text,
        first_token_ms = $18::int, total_ms = $19::int, error = $22::text
      FROM u WHERE t.conversation_id = $1::uuid AND t.number = $2::int
      RETURNING t.number
    ), x AS (
      INSERT INTO turns (conversation_id, number, attempt, state, node, epoch, after_seq, opened_at)
      SELECT id, turn, attempt, CASE WHEN node IS NULL THEN 'queued' ELSE 'running' END, node, epoch, answered_seq, last_at
      FROM u CROSS JOIN (SELECT count(*) FROM t) AS after_t WHERE next
    ), day AS (
      INSERT INTO api_usage AS a (client_id, date, message_count, tokens_input, tokens_output, tokens_estimated,
        tool_calls_count, cost_estimate)
      SELECT client_id, (last_at AT TIME ZONE 'UTC')::date, 1, $8::int, $9::int, $23::int, $21::int, $10::numeric
      FROM u WHERE NOT is_test
      ON CONFLICT (client_id, date) DO UPDATE SET message_count = a.message_count + 1,
        tokens_input = a.tokens_input + EXCLUDED.tokens_input, tokens_output = a.tokens_output + EXCLUDED.tokens_output,
        tokens_estimated = a.tokens_estimated + EXCLUDED.tokens_estimated,
        tool_calls_count = a.tool_calls_count + EXCLUDED.tool_calls_count,
        cost_estimate = a.cost_estimate + EXCLUDED.cost_estimate
    ), model AS (${addToModels('(SELECT client_id, last_at AS at, 1 AS turns FROM u WHERE NOT is_test) AS today', '$24')}
    )
    SELECT last_seq AS seq, $13::uuid AS message_id, last_at AS created_at, status, answers_to, next,
      turn AS next_turn, attempt AS next_attempt, epoch, visitor_seq AS up_to
    FROM u`,
}

/**
 * Ends `turn` as `outcome` says. `nextOwner` claims the turn that follows, where one is owed; null leaves it queued.
 * A reply that was lost on its way is asked for: the answer that was committed is returned as if it had arrived.
 */
export async function endTurn(
  database: Database,
  turn: EndingTurn,
  outcome: TurnOutcome,
  nextOwner: string | null,
  messageId: string = randomUUID(),
): Promise<EndedTurn> {
  const [row] = await database.run<EndedRow>(END, values(turn, outcome, nextOwner, messageId))
  if (!row) return findEnded(database, turn, messageId)
  const message = presentMessage({
    id: row.message_id,
    seq: row.seq,
    role: 'assistant',
    content: outcome.content,
    timestamp: row.created_at,
    client_message_id: null,
    author: null,
    turn: turn.turn,
    answers_to: row.answers_to,
    status: row.status,
    sources: outcome.sources.length > 0 ? outcome.sources : null,
  })
  return { fenced: false, message, next: nextTurn(turn, row, nextOwner) }
}

function values(
  turn: EndingTurn,
  outcome: TurnOutcome,
  nextOwner: string | null,
  messageId: string,
): unknown[] {
  const spending = sumUp(outcome.spent)
  const answeredBy = outcome.repeats ?? outcome.spent.at(-1)
  return [
    turn.to.conversation_id,
    turn.turn,
    turn.attempt,
    turn.node,
    outcome.answersTo,
    outcome.status,
    outcome.content,
    spending.tokens_input,
    spending.tokens_output,
    spending.cost,
    nextOwner,
    turn.epoch,
    messageId,
    outcome.sources.length > 0 ? JSON.stringify(outcome.sources) : null,
    answeredBy?.provider ?? null,
    answeredBy?.model ?? null,
    outcome.promptVersion,
    outcome.firstTokenMs,
    outcome.totalMs,
    spending.tokens_cached,
    outcome.toolCalls,
    outcome.error,
    spending.tokens_estimated,
    JSON.stringify(spending.byModel),
    outcome.repeats !== null,
  ]
}

function nextTurn(turn: EndingTurn, row: EndedRow, nextOwner: string | null): ClaimedTurn | null {
  if (!row.next || nextOwner === null) return null
  return {
    to: turn.to,
    node: nextOwner,
    turn: row.next_turn,
    attempt: row.next_attempt,
    epoch: row.epoch,
    upTo: row.up_to,
    finish: null,
  }
}

/** The answer row that an earlier try of this very end wrote. $1 conversation $2 the turn's opening time bound $3 id */
const FIND_ENDED: Statement = {
  name: 'conversation/find-ended',
  text: `
    SELECT ${MESSAGE_COLUMNS} FROM messages
    WHERE conversation_id = $1::uuid AND id = $3::uuid
      AND "timestamp" >= (SELECT opened_at FROM turns WHERE conversation_id = $1::uuid AND number = $2::int)`,
}

/** The end that `messageId` names, where it was committed. */
export async function findEnded(database: Database, turn: EndingTurn, messageId: string): Promise<EndedTurn> {
  const values = [turn.to.conversation_id, turn.turn, messageId]
  const [row] = await database.run<MessageRow>(FIND_ENDED, values)
  return row ? { fenced: false, message: presentMessage(row), next: null } : { fenced: true }
}
