import { randomUUID } from 'node:crypto'
import type { Statement } from '../infra/database.ts'
import type { HandoffContext } from './context.ts'
import { addressOf, GIVEN_BACK, messageOf, SAVE_WORDS, type GivenBackRow } from './system-message.ts'
import { SAID, wordsFor, type SaidByVisitor } from './words.ts'

/**
 * Conversations whose person is not there any more, took over long enough ago, and has left a message unanswered for as
 * long. $1 how many $2 how long somebody counts as there after being seen, in ms $3 how long a visitor is left alone, in ms
 */
const LEFT_ALONE: Statement = {
  name: 'handoff/left-alone',
  text: `
    SELECT v.id, v.agent_id, v.epoch, v.agent_seq, ${SAID}
    FROM conversations v JOIN clients c ON c.id = v.client_id LEFT JOIN admins a ON a.id = v.agent_id
    WHERE v.handoff = 'with_agent' AND v.state = 'agent' AND v.visitor_seq > greatest(v.agent_seq, v.answered_seq)
      AND (a.last_seen_at IS NULL OR a.last_seen_at <= now() - $2::int * interval '1 ms')
      AND EXISTS (
        SELECT FROM messages m WHERE m.conversation_id = v.id AND m."timestamp" >= v.started_at AND m.role = 'user'
          AND m.seq > greatest(v.agent_seq, v.answered_seq) AND m."timestamp" <= now() - $3::int * interval '1 ms'
      )
      AND NOT EXISTS (
        SELECT FROM audit_log l WHERE l.conversation_id = v.id AND l.action = 'conversation.taken_over'
          AND l.at > now() - $3::int * interval '1 ms'
      )
    LIMIT $1::int`,
}

/**
 * Gives them back to the AI, as the person would have: what that person left unanswered is a queued turn, which any node
 * takes up. Nothing happens where the person has written since, or the conversation has changed hands.
 *
 * $1 conversations $2 their epochs $3 seq of the person's last message $4 words $5 ids of the messages
 */
const RECLAIM: Statement = {
  name: 'handoff/reclaim',
  text: `
    WITH c AS MATERIALIZED (
      SELECT v.id, w.words, w.message_id
      FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::uuid[]) AS w (id, epoch, agent_seq, words, message_id)
      JOIN conversations v ON v.id = w.id
      WHERE v.state = 'agent' AND v.epoch = w.epoch AND v.agent_seq = w.agent_seq
      FOR NO KEY UPDATE OF v SKIP LOCKED
    ), u AS (
      UPDATE conversations v SET
        state = 'ai', handoff = 'none', epoch = v.epoch + 1, agent_id = NULL, message_count = v.message_count + 1,
        last_seq = v.last_seq + 1, last_at = greatest(clock_timestamp(), v.last_at),
        answered_seq = greatest(v.answered_seq, v.agent_seq),
        turn_seq   = CASE WHEN v.turn_open THEN v.turn_seq   ELSE v.visitor_seq END,
        turn_epoch = CASE WHEN v.turn_open THEN v.turn_epoch ELSE v.epoch + 1 END,
        attempt    = CASE WHEN v.turn_open THEN v.attempt    ELSE 0 END,
        node       = CASE WHEN v.turn_open THEN v.node       ELSE NULL END,
        turn_open  = v.turn_open OR v.visitor_seq > greatest(v.answered_seq, v.agent_seq)
      FROM c WHERE v.id = c.id
      RETURNING v.id, v.client_id, v.session_id, v.epoch, v.last_seq, v.last_at, v.turn, v.answered_seq,
        v.turn_open AND v.turn_epoch = v.epoch AS opened, c.words, c.message_id
    ), t AS (
      INSERT INTO turns (conversation_id, number, attempt, state, epoch, after_seq, opened_at)
      SELECT id, turn, 0, 'queued', epoch, answered_seq, clock_timestamp() FROM u WHERE opened
    ), m AS (${SAVE_WORDS}
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, id, 'system', 'conversation.handed_back',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq, 'because', 'left_alone') FROM u
    )
    SELECT ${GIVEN_BACK} FROM u`,
}

type LeftAloneRow = SaidByVisitor & { id: string; epoch: number; agent_seq: number }

/** Takes conversations back from people who have left, and tells their visitors. Gives how many. */
export async function reclaimConversations({ database, publisher, limits }: HandoffContext): Promise<number> {
  const { lapseAtOnce, seenFor, silence } = limits
  const left = await database.run<LeftAloneRow>(LEFT_ALONE, [lapseAtOnce, seenFor, silence])
  if (left.length === 0) return 0
  const reclaimed = await database.run<GivenBackRow>(RECLAIM, [
    left.map(({ id }) => id),
    left.map(({ epoch }) => epoch),
    left.map(({ agent_seq }) => agent_seq),
    left.map((one) => wordsFor('reclaimed', one)),
    left.map(() => randomUUID()),
  ])
  for (const row of reclaimed) {
    const to = addressOf(row)
    publisher.publish(to, 'message:created', { message: messageOf(row) })
    publisher.publish(to, 'agent:left', { epoch: row.epoch })
    publisher.publish(to, 'handoff:changed', { state: 'none' })
  }
  return reclaimed.length
}
