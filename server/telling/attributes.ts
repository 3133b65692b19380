import { isDeepStrictEqual } from 'node:util'
import { QueryTypes, type Transaction } from 'sequelize'
import { ATTRIBUTE_LIMITS, type Attributes } from '../../protocol/attributes.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { AttributeChanges } from '../../protocol/telling.ts'
import type { VisitorSession } from '../auth/visitor-session.ts'
import type { Noted } from '../conversation/visitor-telling.ts'
import { refuseTelling, type TellingContext } from './context.ts'

/** Keeps what the page tells of its visitor and their conversation, and tells the people of the business. */
export async function setAttributes(
  context: TellingContext,
  session: VisitorSession,
  changes: AttributeChanges,
): Promise<Noted> {
  const refused = await refuseTelling(context, session, 'visitorAttributes')
  if (refused !== null) return refused
  const kept = await keep(context, session, changes)
  if (!kept.ok) return kept
  const { changed, conversation_id } = kept.data
  const { client_id, id: session_id } = session
  if (changed && conversation_id !== null)
    context.publisher.publishToInbox({ client_id, session_id, conversation_id })
  return succeed({})
}

type Kept = Result<{ changed: boolean; conversation_id: string | null }>

function keep(
  { database }: Pick<TellingContext, 'database'>,
  session: VisitorSession,
  changes: AttributeChanges,
): Promise<Kept> {
  return database.transaction(async (transaction): Promise<Kept> => {
    const run = runner(database, transaction)
    // Locked first, and read in a statement of its own: a conversation that is opened in this moment is seen then.
    await run(LOCK, [session.id])
    const [before] = await run<KeptRow>(READ, [session.id])
    if (!before) return refuse('session_invalid')
    const { conversation_id } = before
    const visitor = merged(before.visitor, changes.visitor)
    const conversation = merged(before.conversation, changes.conversation)
    if ([visitor, conversation].some((all) => Object.keys(all).length > ATTRIBUTE_LIMITS.count))
      return refuse('invalid_payload', TOO_MANY)
    const changed =
      !isDeepStrictEqual(visitor, before.visitor) || !isDeepStrictEqual(conversation, before.conversation)
    if (!changed) return succeed({ changed, conversation_id })
    const next = conversation_id === null ? conversation : null
    await run(WRITE_SESSION, [session.id, visitor, next])
    if (conversation_id !== null) await run(WRITE_CONVERSATION, [conversation_id, conversation])
    return succeed({ changed, conversation_id })
  })
}

interface KeptRow {
  visitor: Attributes
  conversation: Attributes
  /** The one that is open; null: what is told of a conversation is of the next. */
  conversation_id: string | null
}

const TOO_MANY = `No more than ${ATTRIBUTE_LIMITS.count} attributes are kept of each.`

const LOCK = 'SELECT id FROM sessions WHERE id = $1 FOR NO KEY UPDATE'
const READ = `
  SELECT s.attributes AS visitor, coalesce(v.attributes, s.next_attributes) AS conversation, v.id AS conversation_id
  FROM sessions s LEFT JOIN conversations v ON v.session_id = s.id AND v.state <> 'ended' WHERE s.id = $1`
const WRITE_SESSION = `
  UPDATE sessions SET attributes = $2::jsonb, next_attributes = coalesce($3::jsonb, next_attributes) WHERE id = $1`
const WRITE_CONVERSATION = 'UPDATE conversations SET attributes = $2::jsonb WHERE id = $1'

function merged(before: Attributes, changes: NonNullable<AttributeChanges['visitor']> = {}): Attributes {
  const all = Object.entries({ ...before, ...changes })
  return Object.fromEntries(all.filter((entry): entry is [string, Attributes[string]] => entry[1] !== null))
}

function runner({ sequelize }: Pick<TellingContext['database'], 'sequelize'>, transaction: Transaction) {
  return <Row extends object>(sql: string, bind: unknown[]): Promise<Row[]> =>
    sequelize.query<Row>(sql, { bind, transaction, type: QueryTypes.SELECT })
}
