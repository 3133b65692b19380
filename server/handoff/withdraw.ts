import { succeed, type Result } from '../../protocol/result.ts'
import type { Handoff } from '../../protocol/records.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { findCurrent } from '../conversation/current.ts'
import type { Statement } from '../infra/database.ts'
import type { HandoffContext } from './context.ts'

/** Takes a visitor's wish back, who asked for whom; a person who has come stays. $1 session */
const WITHDRAW: Statement = {
  name: 'handoff/withdraw',
  text: `
    WITH u AS (
      UPDATE conversations SET handoff = 'none' WHERE session_id = $1::uuid AND state = 'ai' AND handoff = 'requested'
      RETURNING id, client_id, epoch, last_seq
    ), a AS (
      INSERT INTO audit_log (client_id, conversation_id, actor, action, details)
      SELECT client_id, id, 'visitor', 'handoff.withdrawn',
        jsonb_build_object('epoch', epoch, 'last_seq', last_seq) FROM u
    )
    SELECT id FROM u`,
}

/** The visitor waits for nobody any more. */
export async function withdrawHandoff(
  { database, publisher, watch }: HandoffContext,
  session: VisitorSession,
): Promise<Result<Handoff>> {
  const [withdrawn] = await database.run<{ id: string }>(WITHDRAW, [session.id])
  if (!withdrawn) {
    const current = await findCurrent(database, session.id)
    return succeed({ state: current?.handoff ?? 'none' })
  }
  const to = { client_id: session.client_id, session_id: session.id, conversation_id: withdrawn.id }
  publisher.publish(to, 'handoff:changed', { state: 'none' })
  watch.wake()
  return succeed({ state: 'none' })
}
