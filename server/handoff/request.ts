import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { Handoff, Team } from '../../protocol/records.ts'
import { refuseUnproven } from '../auth/identity/may-write.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { findCurrent, openConversation } from '../conversation/current.ts'
import { presentConversation } from '../conversation/present.ts'
import type { Address } from '../conversation/publisher.ts'
import { askForPerson } from './ask.ts'
import type { HandoffContext } from './context.ts'
import { presentHandoff } from './standing.ts'

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
  const to = await findOrOpen(context, session)
  const standing = to && (await askForPerson(context, to, { by: 'visitor', reason, key: null }))
  // Ended in the moment between: the visitor's next try opens another.
  if (!standing || standing.state === 'ended') return refuse('conversation_ended')
  return succeed({ ...presentHandoff(standing), team: { available: false } })
}

/** The session's open conversation; a new one where none is, so that a person can be asked for before anything else. */
async function findOrOpen(
  { database, publisher }: HandoffContext,
  session: VisitorSession,
): Promise<Address | null> {
  const current = await findCurrent(database, session.id)
  const isOpen = current !== null && current.state !== 'ended'
  const opened = isOpen ? null : await openConversation(database, session)
  const row = isOpen ? current : (opened ?? (await findCurrent(database, session.id)))
  if (row === null) return null
  const to = { client_id: row.client_id, session_id: row.session_id, conversation_id: row.id }
  if (opened) publisher.publish(to, 'conversation:started', { conversation: presentConversation(opened) })
  return to
}
