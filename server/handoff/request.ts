import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Handoff, Team } from '../../protocol/records.ts'
import { refuseUnproven } from '../auth/identity/may-write.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { findOrOpen } from '../conversation/current.ts'
import { askForPerson } from './ask.ts'
import type { HandoffContext } from './context.ts'
import { presentHandoff } from './standing.ts'
import { presentTeam } from './team.ts'

/** A visitor asks for a person. */
export async function requestHandoff(
  context: HandoffContext,
  session: VisitorSession,
  { reason = '' }: { reason?: string },
): Promise<Result<Handoff & { team: Team }>> {
  const allowance = await context.rates.take(`handoffs:${session.id}`, RATES.visitorHandoffs)
  if (!allowance.allowed) return refuse('rate_limited', undefined, allowance.retryAfterMs)
  const client = await context.directory.findById(session.client_id)
  if (client === null) return refuse('client_unknown')
  const unproven = await refuseUnproven(context.database, client, session)
  if (unproven !== null) return unproven
  const { offered } = await context.readRules(session.client_id)
  if (!offered) return refuse('handoff_unavailable')
  const to = await findOrOpen(context, session, 'open')
  const standing = to && (await askForPerson(context, to, { by: 'visitor', reason, key: null }))
  // Ended in the moment between: the visitor's next try opens another.
  if (!standing || standing.state === 'ended') return refuse('conversation_ended')
  const team = presentTeam(await context.readTeam(session.client_id))
  return succeed({ ...presentHandoff(standing), team })
}
