import type { Database, Statement } from '../infra/database.ts'

/** What somebody who has asked for a person may expect. */
export interface Prospect {
  /** Minutes until the request lapses, rounded up. */
  minutes_left: number
  /** Minutes that it took lately until somebody came, at the median, rounded up; null: too few came to tell. */
  expected_minutes: number | null
  /** Somebody who may take conversations over is there. */
  staffed: boolean
}

/**
 * The median is that of the last 20 requests of a day which somebody took; of fewer than 3, nothing is told.
 * $1 conversation $2 how long, in ms, somebody counts as there after being seen
 */
const READ: Statement = {
  name: 'handoff/prospect',
  text: `
    SELECT greatest(1, ceil(extract(epoch FROM v.handoff_until - now()) / 60))::int AS minutes_left,
      ceil(w.median / 60)::int AS expected_minutes,
      EXISTS (
        SELECT FROM admins a
        WHERE (a.client_id = v.client_id OR a.client_id IS NULL) AND a.disabled_at IS NULL AND a.role <> 'analyst'
          AND a.last_seen_at > now() - $2::int * interval '1 ms'
      ) AS staffed
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
  seenFor: number,
): Promise<Prospect> {
  const [prospect] = await database.run<Prospect>(READ, [conversationId, seenFor])
  return prospect ?? { minutes_left: 1, expected_minutes: null, staffed: false }
}
