import type { Handoff, Team } from '../../protocol/records.ts'
import type { Result } from '../../protocol/result.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'

/** All that a visitor can do about a person joining, whichever door it came through. */
export interface VisitorHandoffs {
  /**
   * Asks for a person; where that was asked already, or a person is there, nothing changes. A session without an open
   * conversation gets one. Refuses with `handoff_unavailable`, `identity_required` and `rate_limited`.
   */
  request(session: VisitorSession, input: { reason?: string }): Promise<Result<Handoff & { team: Team }>>
  /** Whether a person could come now. */
  team(session: Pick<VisitorSession, 'client_id'>): Promise<Team>
  /** Takes the wish back. A person who is there already stays. */
  withdraw(session: VisitorSession): Promise<Result<Handoff>>
}
