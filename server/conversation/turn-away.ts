import { refuse, type Result } from '../../protocol/result.ts'
import type { Database, Statement } from '../infra/database.ts'
import type { Saturation } from './saturation.ts'

/** A message that begins no turn: it joins one, goes to a person, or was received before. $1 session $2 client_message_id */
const BEGINS_NOTHING: Statement = {
  name: 'conversation/begins-nothing',
  text: `
    SELECT 1 FROM conversations WHERE session_id = $1::uuid AND state <> 'ended' AND (turn_open OR state = 'agent')
    UNION ALL
    SELECT 1 FROM message_receipts WHERE session_id = $1::uuid AND client_message_id = $2::text
    LIMIT 1`,
}

/**
 * Refuses a message as `busy`, with a time, that would begin a turn while this node has too much to do; null: it may
 * come. Of `session` null nothing is known yet. Asked before anything is counted or saved, so that it may be sent again.
 */
export async function turnAway(
  { database, saturation }: { database: Database; saturation: Saturation },
  session: { id: string } | null,
  clientMessageId: string,
): Promise<Result<never> | null> {
  if (!saturation.isBusy) return null
  const found = session && (await database.run(BEGINS_NOTHING, [session.id, clientMessageId]))
  return found && found.length > 0 ? null : refuse('busy', undefined, saturation.turnAway())
}
