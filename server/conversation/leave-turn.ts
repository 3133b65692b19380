import type { Database, Statement } from '../infra/database.ts'
import type { ClaimedTurn } from './claim.ts'

/**
 * Gives a turn that runs here to whoever claims it next, without waiting for the lease to lapse. $1 conversation $2 turn
 * $3 attempt $4 node. What is not this attempt's any more is left as it is.
 */
const LEAVE: Statement = {
  name: 'conversation/leave-turn',
  text: `
    WITH u AS (
      UPDATE conversations SET node = NULL
      WHERE id = $1::uuid AND turn_open AND turn = $2::int AND attempt = $3::int AND node = $4::uuid
      RETURNING id, turn
    )
    UPDATE turns t SET node = NULL, state = 'queued' FROM u WHERE t.conversation_id = u.id AND t.number = u.turn`,
}

/** Queues a turn that is not run here any more. Rejects with `DatabaseUnavailable`. */
export async function leaveTurn(database: Database, { to, turn, attempt, node }: ClaimedTurn): Promise<void> {
  await database.run(LEAVE, [to.conversation_id, turn, attempt, node])
}
