import { refuse, succeed } from '../../protocol/result.ts'
import type { RatingGiven } from '../../protocol/telling.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Address } from '../conversation/publisher.ts'
import type { Noted } from '../conversation/visitor-telling.ts'
import type { Statement } from '../infra/database.ts'
import { refuseTelling, type TellingContext } from './context.ts'

/**
 * The conversation's row is written after its rating was, by whoever rates: two at once wait for each other in that
 * order. $1 session $2 score $3 comment, or null
 */
const RATE: Statement = {
  name: 'telling/rate',
  text: `
    WITH v AS (
      SELECT id, client_id, session_id, started_at FROM conversations
      WHERE session_id = $1::uuid AND message_count > 0
      ORDER BY (state <> 'ended') DESC, started_at DESC LIMIT 1
    ), last AS (
      SELECT m.role FROM messages m JOIN v ON v.id = m.conversation_id
      WHERE m."timestamp" >= v.started_at AND m.role IN ('assistant', 'agent') AND m.content <> ''
      ORDER BY m.seq DESC LIMIT 1
    ), r AS (
      INSERT INTO ratings AS k (client_id, conversation_id, subject, score, comment)
      SELECT client_id, id, CASE WHEN (SELECT role FROM last) = 'agent' THEN 'agent' ELSE 'ai' END, $2::smallint,
        $3::text
      FROM v
      ON CONFLICT (conversation_id, subject) DO UPDATE SET
        score = excluded.score, comment = excluded.comment, created_at = now()
      RETURNING k.client_id, k.conversation_id, k.subject, k.score
    ), u AS (
      UPDATE conversations c SET rating = r.score FROM r WHERE c.id = r.conversation_id
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, conversation_id, 'visitor', 'rating.submitted',
        jsonb_build_object('subject', subject, 'score', score) FROM r
    )
    SELECT v.client_id, v.session_id, v.id AS conversation_id FROM v JOIN r ON r.conversation_id = v.id`,
}

/** Keeps how good it was, and tells the people of the business. */
export async function submitRating(
  context: TellingContext,
  session: VisitorSession,
  { score, comment }: RatingGiven,
): Promise<Noted> {
  const refused = await refuseTelling(context, session, 'visitorRatings')
  if (refused !== null) return refused
  const [to] = await context.database.run<Address>(RATE, [session.id, score, comment ?? null])
  if (!to) return refuse('not_found', 'Nothing was said yet that could be rated.')
  context.publisher.publishToInbox(to)
  return succeed({})
}
