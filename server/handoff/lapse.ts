import { randomUUID } from 'node:crypto'
import type { Statement } from '../infra/database.ts'
import type { HandoffContext } from './context.ts'
import { addressOf, GIVEN_BACK, messageOf, SAVE_WORDS, type GivenBackRow } from './system-message.ts'
import { SAID, wordsFor, type SaidByVisitor } from './words.ts'

/** Whose time is up, and in which language to say so. $1 how many */
const DUE: Statement = {
  name: 'handoff/due',
  text: `
    SELECT v.id, ${SAID} FROM conversations v JOIN clients c ON c.id = v.client_id
    WHERE v.handoff = 'requested' AND v.handoff_until <= now() ORDER BY v.handoff_until LIMIT $1::int`,
}

/**
 * Ends requests that nobody took, each with a message. Judged under the row's lock: of a takeover and this one comes
 * first, of two nodes one does it. $1 conversations $2 words $3 ids of the messages
 */
const LAPSE: Statement = {
  name: 'handoff/lapse',
  text: `
    WITH c AS MATERIALIZED (
      SELECT v.id, w.words, w.message_id
      FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS w (id, words, message_id) JOIN conversations v ON v.id = w.id
      WHERE v.handoff = 'requested' AND v.handoff_until <= now()
      FOR NO KEY UPDATE OF v SKIP LOCKED
    ), u AS (
      UPDATE conversations v SET handoff = 'none', message_count = v.message_count + 1,
        last_seq = v.last_seq + 1, last_at = greatest(clock_timestamp(), v.last_at)
      FROM c WHERE v.id = c.id
      RETURNING v.id, v.client_id, v.session_id, v.epoch, v.last_seq, v.last_at, c.words, c.message_id
    ), m AS (${SAVE_WORDS}
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, id, 'system', 'handoff.lapsed',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq) FROM u
    )
    SELECT ${GIVEN_BACK} FROM u`,
}

/** Lets requests lapse whose time is up, and tells their visitors that the AI goes on. Gives how many. */
export async function lapseRequests({ database, publisher, limits, watch }: HandoffContext): Promise<number> {
  const due = await database.run<SaidByVisitor & { id: string }>(DUE, [limits.lapseAtOnce])
  if (due.length === 0) return 0
  const values = [
    due.map(({ id }) => id),
    due.map((one) => wordsFor('lapsed', one)),
    due.map(() => randomUUID()),
  ]
  const lapsed = await database.run<GivenBackRow>(LAPSE, values)
  for (const row of lapsed) {
    const to = addressOf(row)
    publisher.publish(to, 'message:created', { message: messageOf(row) })
    publisher.publish(to, 'handoff:changed', { state: 'none' })
  }
  if (lapsed.length > 0) watch.wake()
  return lapsed.length
}
