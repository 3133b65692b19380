import { QueryTypes, type Transaction } from 'sequelize'
import { refuse, succeed, type Result } from '../../../protocol/result.ts'
import type { Database } from '../../infra/database.ts'
import type { VisitorSession } from '../visitor-session.ts'
import { UPSERT_VISITOR, visitorValues, type Identity } from './identity.ts'

/**
 * Makes the session, the conversation that is open in it and those of nobody, those of the visitor who has proved this
 * identity.
 * Refuses with `session_invalid` where it is somebody else's already.
 */
export function identifySession(
  database: Pick<Database, 'sequelize' | 'transaction'>,
  session: VisitorSession,
  identity: Identity,
): Promise<Result<VisitorSession>> {
  return database.transaction(async (transaction) => {
    const run = runner(database, transaction)
    // Locked first, and read in a statement of its own: another tab may prove another identity in this moment.
    await run(LOCK, [session.id])
    const [now] = await run<{ proven: boolean; user_identifier: string | null }>(READ, [session.id])
    if (!now || (now.proven && now.user_identifier !== identity.user_id)) return refuse('session_invalid')
    const [visitor] = await run<{ id: string }>(UPSERT_VISITOR, [
      session.client_id,
      ...visitorValues(identity, session.locale),
    ])
    if (!visitor) throw new Error('a visitor was proved, but no row came back')
    await run(MOVE_SESSION, [session.id, visitor.id])
    await run(NAME_CONVERSATIONS, [session.id, identity.user_id])
    await run(MOVE_CONTACTS, [session.id, visitor.id])
    return succeed({
      ...session,
      visitor_id: visitor.id,
      user_identifier: identity.user_id,
      proven: true,
    })
  })
}

const LOCK = 'SELECT id FROM sessions WHERE id = $1 FOR NO KEY UPDATE'
const READ = `
  SELECT v.proven, v.user_identifier FROM sessions s JOIN visitors v ON v.id = s.visitor_id WHERE s.id = $1`
const MOVE_SESSION = 'UPDATE sessions SET visitor_id = $2 WHERE id = $1 AND visitor_id <> $2'
const NAME_CONVERSATIONS = `
  UPDATE conversations SET user_identifier = $2 WHERE session_id = $1 AND (state <> 'ended' OR user_identifier IS NULL)`
const MOVE_CONTACTS = `
  UPDATE contacts SET visitor_id = $2
  WHERE conversation_id IN (SELECT id FROM conversations WHERE session_id = $1) AND visitor_id <> $2`

function runner({ sequelize }: Pick<Database, 'sequelize'>, transaction: Transaction) {
  return <Row extends object>(sql: string, bind: unknown[]): Promise<Row[]> =>
    sequelize.query<Row>(sql, { bind, transaction, type: QueryTypes.SELECT })
}
