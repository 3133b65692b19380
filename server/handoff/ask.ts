import type { Address } from '../conversation/publisher.ts'
import type { Statement } from '../infra/database.ts'
import { visibleText } from '../infra/visible-text.ts'
import type { HandoffContext } from './context.ts'
import { presentHandoff, readStanding, type Standing } from './standing.ts'

/** Who asks for a person, and why. */
export interface Asked {
  by: 'visitor' | 'ai' | 'rule'
  reason: string
  /** What a turn asks under: the same asks once, also when the visitor has taken the wish back since. Null: a visitor. */
  key: string | null
}

/** Characters of a reason that are kept. */
const LONGEST_REASON = 500

/**
 * Asks for a person where the AI has the conversation and nobody was asked for. The row is locked by the update and
 * judged as it is then, so of a takeover and a request one comes first, and a request never outlives it.
 *
 * $1 conversation $2 how long it waits, in ms $3 by $4 reason $5 key, or null $6 actor of the audit entry
 */
const REQUEST: Statement = {
  name: 'handoff/request',
  text: `
    WITH u AS (
      UPDATE conversations SET handoff = 'requested', handoff_requested_at = clock_timestamp(),
        handoff_until = clock_timestamp() + $2::int * interval '1 ms', handoff_by = $3::text, handoff_reason = $4::text,
        handoff_turn = turn, handoff_key = coalesce($5::text, handoff_key)
      WHERE id = $1::uuid AND state = 'ai' AND handoff = 'none'
        AND ($5::text IS NULL OR handoff_key IS DISTINCT FROM $5::text)
      RETURNING id, client_id, epoch, last_seq
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, id, $6::text, 'handoff.requested',
        jsonb_build_object('by', $3::text, 'epoch', epoch, 'last_seq', last_seq) FROM u
    )
    SELECT id FROM u`,
}

/**
 * Asks for a person, tells whoever listens, and gives how the conversation stands then: `requested` where it was so
 * already. Null: there is no such conversation.
 */
export async function askForPerson(
  { database, publisher, readRules, watch }: HandoffContext,
  to: Address,
  { by, reason, key }: Asked,
): Promise<Standing | null> {
  const { wait_minutes } = await readRules(to.client_id)
  const why = visibleText(reason).trim().slice(0, LONGEST_REASON).toWellFormed() || null
  const actor = by === 'visitor' ? 'visitor' : 'system'
  const values = [to.conversation_id, wait_minutes * 60_000, by, why, key, actor]
  const [requested] = await database.run<{ id: string }>(REQUEST, values)
  const standing = await readStanding(database, to.conversation_id)
  if (requested && standing?.handoff === 'requested') {
    watch.expect(to)
    publisher.publish(to, 'handoff:changed', presentHandoff(standing))
  }
  return standing
}
