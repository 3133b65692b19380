import { setTimeout as delay } from 'node:timers/promises'
import { DatabaseUnavailable, type Database, type Statement } from '../infra/database.ts'
import type { ClaimedTurn } from './claim.ts'
import { findEnded, type EndedTurn } from './end-turn.ts'
import type { TurnLimits } from './limits.ts'

/** Whether this attempt may still be ended by its owner. $1 conversation $2 turn $3 attempt */
const STILL_OPEN: Statement = {
  name: 'conversation/still-open',
  text: `SELECT 1 FROM conversations WHERE id = $1::uuid AND turn_open AND turn = $2::int AND attempt = $3::int`,
}

/**
 * What became of an end whose reply was lost, and the lease with it. Where it was committed, nobody else will ever
 * tell it. Asks every `reapEvery` until the database knows, however long it is away: a statement may be late, but not
 * later than the next claim of the turn. Null: somebody else has the turn, or `signal` has aborted.
 */
export async function findLostEnd(
  { database, limits }: { database: Database; limits: Pick<TurnLimits, 'reapEvery'> },
  { claimed, messageId }: { claimed: ClaimedTurn; messageId: string },
  signal: AbortSignal,
): Promise<EndedTurn | null> {
  const { to, turn, attempt } = claimed
  while (!signal.aborted) {
    try {
      // In this order: what was committed while the turn was open is there to be found afterwards.
      const open = await database.run(STILL_OPEN, [to.conversation_id, turn, attempt])
      const ended = await findEnded(database, claimed, messageId)
      if (!ended.fenced) return ended
      if (open.length === 0) return null
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) throw error
    }
    // Many turns may wait here at once: each a listener of the one signal would look like a leak.
    await delay(limits.reapEvery)
  }
  return null
}
