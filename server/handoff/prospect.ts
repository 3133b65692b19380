import type { Database, Statement } from '../infra/database.ts'

/** What somebody who has asked for a person may expect. */
export interface Prospect {
  /** Minutes until the request lapses, rounded up. */
  minutes_left: number
  /** Minutes that it took lately until somebody came, at the median, rounded up; null: too few came to tell. */
  expected_minutes: number | null
}

/**
 * The median is that of the last 20 requests of a day which somebody took; of fewer than 3, nothing is told.
 * $1 conversation
 */
const READ: Statement = {
  name: 'handoff/prospect',
  text: `
    SELECT greatest(1, ceil(extract(epoch FROM v.handoff_until - now()) / 60))::int AS minutes_left,
      ceil(w.median / 60)::int AS expected_minutes
    FROM conversations v CROSS JOIN LATERAL (
      SELECT CASE WHEN count(*) >= 3 THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY waited) END AS median FROM (
        SELECT extract(epoch FROM taken.at - before.at) AS waited
        FROM audit_log taken CROSS JOIN LATERAL (
          SELECT action, at FROM audit_log
          WHERE conversation_id = taken.conversation_id AND id < taken.id
            AND (action LIKE 'handoff.%' OR action = 'conversation.taken_over')
          ORDER BY id DESC LIMIT 1
        ) AS before
        WHERE taken.client_id = v.client_id AND taken.at > now() - interval '1 day'
          AND taken.action = 'conversation.taken_over' AND before.action = 'handoff.requested'
        ORDER BY taken.at DESC LIMIT 20
      ) AS lately
    ) AS w
    WHERE v.id = $1::uuid`,
}

export async function readProspect(
  database: Pick<Database, 'run'>,
  conversationId: string,
): Promise<Prospect> {
  const [prospect] = await database.run<Prospect>(READ, [conversationId])
  return prospect ?? { minutes_left: 1, expected_minutes: null }
}
