import type { Database, Statement } from '../infra/database.ts'
import { keptJson } from '../infra/kept-json.ts'
import type { ModelStep } from '../llm/provider.ts'
import type { ClaimedTurn } from './claim.ts'

/** A step of a turn as it was stored before its tools ran. */
export interface StoredStep {
  step: number
  /** The last visitor message the model had read when it took this step. */
  answersTo: number
  body: ModelStep
}

/**
 * Saves a step before its tools run. $1 conversation $2 turn $3 attempt $4 node $5 step $6 answers_to $7 body
 * No row: the turn was stopped, interrupted or taken over, and nothing may run.
 */
const SAVE: Statement = {
  name: 'conversation/save-step',
  text: `
    WITH c AS (
      SELECT id FROM conversations WHERE id = $1::uuid AND turn_open AND turn = $2::int AND attempt = $3::int
        AND node = $4::uuid AND turn_epoch = epoch AND stop_turn <> turn FOR NO KEY UPDATE
    )
    INSERT INTO turn_steps (conversation_id, turn, step, attempt, node, answers_to, body, created_at)
    SELECT id, $2::int, $5::int, $3::int, $4::uuid, $6::int, $7::jsonb, clock_timestamp() FROM c
    ON CONFLICT (conversation_id, turn, step) DO NOTHING
    RETURNING step`,
}

/** Stores what the model said and called; false means that this turn may run nothing any more. */
export async function saveStep(database: Database, turn: ClaimedTurn, stored: StoredStep): Promise<boolean> {
  const { turn: number, attempt, node } = turn
  const body = keptJson(stored.body)
  const values = [turn.to.conversation_id, number, attempt, node, stored.step, stored.answersTo, body]
  const rows = await database.run<{ step: number }>(SAVE, values)
  return rows.length > 0
}

const READ: Statement = {
  name: 'conversation/read-steps',
  text: `
    SELECT step, answers_to AS "answersTo", body FROM turn_steps
    WHERE conversation_id = $1::uuid AND turn = $2::int ORDER BY step`,
}

/** The steps of earlier attempts, to be replayed. Read it in a statement after the claim, never inside it. */
export function readSteps(database: Database, turn: ClaimedTurn): Promise<StoredStep[]> {
  return database.run<StoredStep>(READ, [turn.to.conversation_id, turn.turn])
}
