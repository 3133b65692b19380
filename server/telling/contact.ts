import { refuse, succeed } from '../../protocol/result.ts'
import type { ContactDetails } from '../../protocol/telling.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import { findOrOpen } from '../conversation/current.ts'
import type { Noted } from '../conversation/visitor-telling.ts'
import type { Statement } from '../infra/database.ts'
import { refuseTelling, type TellingContext } from './context.ts'

/** $1 conversation $2 e-mail address $3 name, or null */
const KEEP: Statement = {
  name: 'telling/keep-contact',
  text: `
    WITH kept AS (
      INSERT INTO contacts (client_id, visitor_id, conversation_id, email, name)
      SELECT v.client_id, s.visitor_id, v.id, $2::text, $3::text
      FROM conversations v JOIN sessions s ON s.id = v.session_id WHERE v.id = $1::uuid
      ON CONFLICT (conversation_id) WHERE conversation_id IS NOT NULL DO UPDATE SET
        visitor_id = excluded.visitor_id, email = excluded.email, name = excluded.name, created_at = now()
      RETURNING client_id, conversation_id
    )
    INSERT INTO audit_log (client_id, conversation_id, actor, action)
    SELECT client_id, conversation_id, 'visitor', 'contact.submitted' FROM kept`,
}

/** Keeps where the visitor wants to be answered, and tells the people of the business. */
export async function submitContact(
  context: TellingContext,
  session: VisitorSession,
  { email, name }: ContactDetails,
): Promise<Noted> {
  const refused = await refuseTelling(context, session, 'visitorContacts')
  if (refused !== null) return refused
  const to = await findOrOpen(context, session, 'any')
  if (to === null) return refuse('unavailable')
  await context.database.run(KEEP, [to.conversation_id, email, name ?? null])
  context.publisher.publishToInbox(to)
  return succeed({})
}

/** Another session that only claims to be the same person is told nothing. $1 session */
const GIVEN: Statement = {
  name: 'telling/contact-given',
  text: `
    SELECT EXISTS (
        SELECT FROM conversations v JOIN contacts k ON k.conversation_id = v.id WHERE v.session_id = s.id
      ) OR p.proven AND (p.email IS NOT NULL OR EXISTS (SELECT FROM contacts k WHERE k.visitor_id = p.id)) AS given
    FROM sessions s JOIN visitors p ON p.id = s.visitor_id WHERE s.id = $1::uuid`,
}

/** Whether there is an e-mail address of the visitor. */
export async function contactGiven(
  { database }: Pick<TellingContext, 'database'>,
  session: VisitorSession,
): Promise<boolean> {
  const [row] = await database.run<{ given: boolean }>(GIVEN, [session.id])
  return row?.given ?? false
}
