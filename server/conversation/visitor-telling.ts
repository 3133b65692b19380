import type { Result } from '../../protocol/result.ts'
import type { AttributeChanges, ContactDetails, RatingGiven } from '../../protocol/telling.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'

/** Nothing but that it was done. */
export type Noted = Result<Record<string, never>>

/**
 * All that a visitor tells beside its messages, whichever door it came through. Each refuses with `rate_limited`, and
 * with `identity_required` a visitor who may not write.
 */
export interface VisitorTelling {
  /**
   * Where the visitor wants to be answered: kept with the current conversation, open or ended, in the place of what was
   * told before. Where there is none, one is opened.
   */
  submitContact(session: VisitorSession, contact: ContactDetails): Promise<Noted>
  /**
   * How good it was: the open conversation, or the one that ended last, where anything was said. Meant is whoever
   * answered last, a person or the AI; told again, it replaces. `not_found`: nothing was said yet.
   */
  submitRating(session: VisitorSession, rating: RatingGiven): Promise<Noted>
  /**
   * Merges facts that nobody has proved with those of the session and of its open conversation, else of the one that is
   * opened next. `invalid_payload`: they would be too many.
   */
  setAttributes(session: VisitorSession, changes: AttributeChanges): Promise<Noted>
  /** Whether an e-mail address of the visitor is known: told in this session, or by whoever proved to be the same. */
  contactGiven(session: VisitorSession): Promise<boolean>
}
