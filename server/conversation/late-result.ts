import { createHash } from 'node:crypto'
import type { Json } from '../../models/tool-execution.ts'
import type { LateResult } from '../../models/message.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Database, Statement } from '../infra/database.ts'
import { RESULT_TOKENS } from './asking/result-reader.ts'
import type { ConversationContext } from './context.ts'
import { presentMessage, presentWatched } from './present.ts'
import { OPENED, placed, RECEIVING, type ReceivedRow } from './receive-statement.ts'
import type { WatchedRow } from './rows.ts'
import { seeToAnswer } from './see-to-answer.ts'
import { shortenMiddle } from './shorten.ts'

/** What a call brought after it had been answered. */
export interface BroughtResult {
  conversation_id: string
  /** The record of the call. */
  execution_id: string
  /** What the model reads, and of which call it is the result. */
  result: LateResult
  /** All of it, as it is kept with the call. Secrets are masked in both. */
  whole: Json
}

/** What tools can do with conversations after their calls were answered. */
export interface LateResults {
  /**
   * Saves what a call brought late, exactly once for each call, as a message that only models and the people of the
   * business read, and has it answered as a visitor's message would be; under a person it waits. The same again changes
   * nothing. Refuses with `not_found`, `conversation_ended`, and `result_settled` where another one was brought before.
   */
  receive: (brought: BroughtResult) => Promise<Result<{ repeated: boolean }>>
}

/**
 * As RECEIVE, of a conversation by its id, with the record of the call.
 *
 * $1 conversation $2 key of the receipt $3 what models read $4 SHA-256 of the whole $5 node that claims the turn, or null
 * $6 execution $7 the whole
 */
const RECEIVE_RESULT: Statement = {
  name: 'conversation/receive-result',
  text: `
    WITH c AS MATERIALIZED (
      SELECT ${RECEIVING}, client_id, session_id
      FROM conversations WHERE id = $1::uuid AND state <> 'ended' FOR NO KEY UPDATE
    ), ${placed('session_id')}, m AS (
      INSERT INTO messages (id, conversation_id, seq, role, content, "timestamp", result)
      SELECT r.message_id, u.id, r.seq, 'tool', '', r.created_at, $3::jsonb FROM u CROSS JOIN r
    ), e AS (
      UPDATE tool_executions SET late_response = $7::jsonb, late_at = r.created_at FROM u CROSS JOIN r
      WHERE tool_executions.id = $6::uuid
    ), ${OPENED}, c.client_id, c.session_id
    FROM c JOIN r ON true LEFT JOIN u ON true`,
}

export async function receiveResult(
  context: ConversationContext,
  { conversation_id, execution_id, result: told, whole }: BroughtResult,
): ReturnType<LateResults['receive']> {
  const result = { ...told, content: shortenMiddle(told.content, RESULT_TOKENS.one) }
  // No visitor's id holds a slash, and no agent's begins so.
  const key = `callback/${execution_id}`
  const body = JSON.stringify(whole)
  const hash = createHash('sha256').update(body).digest()
  const node = context.lease.claimant()
  const values = [conversation_id, key, JSON.stringify(result), hash, node, execution_id, body]
  const [row] = await context.database.run<ReceivedHere>(RECEIVE_RESULT, values)
  if (!row) return refuseClosed(context.database, conversation_id, key, hash)
  if (row.duplicate) return repeat(row)
  const { client_id, session_id } = row
  const to = { client_id, session_id, conversation_id }
  const saved = rowOf(row, result)
  const seen = { message: presentMessage(saved) }
  context.publisher.publishTool(to, 'message:created', { seen, message: presentWatched(saved) })
  seeToAnswer(context, to, row, node)
  return succeed({ repeated: false })
}

type ReceivedHere = ReceivedRow & { client_id: string; session_id: string }

function repeat({ same_text }: { same_text: boolean }): Result<{ repeated: boolean }> {
  return same_text ? succeed({ repeated: true }) : refuse('result_settled')
}

/** $1 conversation $2 key of the receipt $3 SHA-256 of the whole */
const FIND_CLOSED: Statement = {
  name: 'conversation/find-closed',
  text: `
    SELECT r.text_hash = $3::bytea AS same_text FROM conversations v
    LEFT JOIN message_receipts r ON r.session_id = v.session_id AND r.client_message_id = $2::text
    WHERE v.id = $1::uuid`,
}

/** What was brought in time may be brought again after the end. */
async function refuseClosed(
  database: Database,
  conversationId: string,
  key: string,
  hash: Buffer,
): ReturnType<LateResults['receive']> {
  const values = [conversationId, key, hash]
  const [found] = await database.run<{ same_text: boolean | null }>(FIND_CLOSED, values)
  if (!found) return refuse('not_found')
  const { same_text } = found
  return same_text === null ? refuse('conversation_ended') : repeat({ same_text })
}

function rowOf({ message_id, seq, created_at }: ReceivedRow, result: LateResult): WatchedRow {
  const nothing = { client_message_id: null, author: null, turn: null, answers_to: null, status: null }
  return {
    ...{ id: message_id, seq, role: 'tool', content: '', timestamp: created_at, result },
    ...nothing,
    sources: null,
  }
}
