import type { Database, Statement } from '../../../infra/database.ts'
import type { Decision } from './question.ts'
import { WROTE_ELSE } from './still-waiting.ts'

/**
 * What was decided of these questions, by `call_id`; those that wait on are not among them. What has expired, or was
 * answered by something else, is decided as no here. Rejects with `DatabaseUnavailable`.
 */
export async function lookAtQuestions(
  database: Pick<Database, 'run'>,
  callIds: readonly string[],
): Promise<Map<string, Decision>> {
  const rows = await database.run<Decision & { call_id: string }>(LOOK, [callIds])
  return new Map(rows.map(({ call_id, approved, how }) => [call_id, { approved, how }]))
}

/** $1 call_ids. A row that somebody decides at the same moment is left out, and found by the next look. */
const LOOK: Statement = {
  name: 'tools/look-at-questions',
  text: `
    WITH over AS (
      UPDATE tool_confirmations q SET decided_at = clock_timestamp(), approved = false,
        how = CASE WHEN ${WROTE_ELSE} THEN 'message' ELSE 'expired' END
      WHERE q.call_id = ANY($1::text[]) AND q.decided_at IS NULL
        AND (q.expires_at <= clock_timestamp() OR ${WROTE_ELSE})
      RETURNING q.call_id, q.approved, q.how
    )
    SELECT call_id, approved, how FROM over
    UNION ALL
    SELECT call_id, approved, how FROM tool_confirmations WHERE call_id = ANY($1::text[]) AND decided_at IS NOT NULL`,
}
