import type { Database, Statement } from '../infra/database.ts'
import type { ModelCall } from '../llm/models.ts'
import { addToModels, sumUp } from './spending.ts'

/** A summary, and what was spent on it. */
export interface NewSummary {
  /** Up to which message the summary goes that this one continues. */
  from: number
  /** Null where none came about: then only what was spent is kept. */
  summary: { text: string; upTo: number } | null
  /** The ended turn that is charged. */
  turn: number
  spent: readonly ModelCall[]
  /** Which words asked for it. */
  version: string
}

/**
 * Saves a summary where nobody else has continued the same one, the conversation is still open, and nothing in it has
 * to be answered yet; charges the turn in any case, on the day of its end. One statement, in the order of locks of the
 * one that ends a turn: the conversation, its turn, the models of the day, the day.
 *
 * $1 conversation $2 from $3 up to $4 text, or null $5 turn $6 input tokens $7 output tokens $8 cached tokens
 * $9 estimated tokens $10 cost $11 what each model spent
 */
const SAVE: Statement = {
  name: 'conversation/save-summary',
  text: `
    WITH u AS (
      UPDATE conversations v SET
        summary = CASE WHEN ${fits()} THEN $4::text ELSE summary END,
        summary_seq = CASE WHEN ${fits()} THEN $3::int ELSE summary_seq END,
        tokens_total = tokens_total + $6::int + $7::int, cost_total = cost_total + $10::numeric
      WHERE id = $1::uuid AND EXISTS (
        SELECT FROM turns WHERE conversation_id = $1::uuid AND number = $5::int AND ended_at IS NOT NULL)
      RETURNING id, client_id, is_test, summary_seq = $3::int AND summary = $4::text AS saved
    ), t AS (
      UPDATE turns t SET tokens_input = t.tokens_input + $6::int, tokens_output = t.tokens_output + $7::int,
        tokens_cached = t.tokens_cached + $8::int, tokens_estimated = t.tokens_estimated + $9::int,
        cost = t.cost + $10::numeric, spent = t.spent || $11::jsonb
      FROM u WHERE t.conversation_id = u.id AND t.number = $5::int
      RETURNING u.client_id, u.is_test, t.ended_at AS at
    ), day AS (
      INSERT INTO api_usage AS a (client_id, date, tokens_input, tokens_output, tokens_estimated, cost_estimate)
      SELECT client_id, (at AT TIME ZONE 'UTC')::date, $6::int, $7::int, $9::int, $10::numeric FROM t WHERE NOT is_test
      ON CONFLICT (client_id, date) DO UPDATE SET
        tokens_input = a.tokens_input + EXCLUDED.tokens_input, tokens_output = a.tokens_output + EXCLUDED.tokens_output,
        tokens_estimated = a.tokens_estimated + EXCLUDED.tokens_estimated,
        cost_estimate = a.cost_estimate + EXCLUDED.cost_estimate
    ), model AS (${addToModels('(SELECT client_id, at, 0 AS turns FROM t WHERE NOT is_test) AS today', '$11')}
    )
    SELECT coalesce(saved, false) AS saved FROM u`,
}

function fits(): string {
  return `$4::text IS NOT NULL AND summary_seq = $2::int AND state <> 'ended' AND $3::int <= greatest(answered_seq, agent_seq)`
}

/** Whether the summary is the conversation's now. */
export async function saveSummary(
  database: Database,
  conversationId: string,
  { from, summary, turn, spent, version }: NewSummary,
): Promise<boolean> {
  const spending = sumUp(spent)
  const [row] = await database.run<{ saved: boolean }>(SAVE, [
    conversationId,
    from,
    summary?.upTo ?? from,
    summary?.text ?? null,
    turn,
    spending.tokens_input,
    spending.tokens_output,
    spending.tokens_cached,
    spending.tokens_estimated,
    spending.cost,
    JSON.stringify(spending.byModel.map((model) => ({ ...model, summary: version }))),
  ])
  return row?.saved ?? false
}
