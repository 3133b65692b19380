import { RATES } from '../../protocol/limits.ts'
import { refuse, type Result } from '../../protocol/result.ts'
import type { ClientDirectory } from '../auth/client-directory.ts'
import { refuseUnproven } from '../auth/identity/may-write.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Publisher } from '../conversation/publisher.ts'
import type { Database } from '../infra/database.ts'
import type { RateLimits } from '../infra/rate-limit.ts'

/** What the functions of this folder are handed. */
export interface TellingContext {
  database: Database
  publisher: Publisher
  directory: ClientDirectory
  rates: RateLimits
}

/** The refusal of who tells too much, or may not write; null of all others. */
export async function refuseTelling(
  { database, directory, rates }: TellingContext,
  session: VisitorSession,
  what: 'visitorContacts' | 'visitorRatings' | 'visitorAttributes',
): Promise<Result<never> | null> {
  const allowance = await rates.take(`${what}:${session.id}`, RATES[what])
  if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
  const client = await directory.findById(session.client_id)
  return client === null ? refuse('client_unknown') : refuseUnproven(database, client, session)
}
