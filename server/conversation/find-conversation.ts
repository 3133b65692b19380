import type { Database, Statement } from '../infra/database.ts'
import { FIND, type HandRow } from './change-hands-statements.ts'
import { WATCHED_CONVERSATION_COLUMNS, type WatchedConversationRow } from './rows.ts'

/** A conversation as a person of the business names it: found through the client, never by its id alone. */
export interface WatchedPlace {
  /** Null: the installation's own people see those of every client. */
  client_id: string | null
  conversation_id: string
}

/** $1 conversation $2 client, or null for any */
const FIND_WATCHED: Statement = {
  name: 'conversation/find-for-admin',
  text: `
    SELECT ${WATCHED_CONVERSATION_COLUMNS} FROM conversations
    WHERE id = $1::uuid AND ($2::uuid IS NULL OR client_id = $2::uuid)`,
}

/** Null when this client has no such conversation. */
export async function findConversation(
  database: Pick<Database, 'run'>,
  { client_id, conversation_id }: WatchedPlace,
): Promise<WatchedConversationRow | null> {
  const [row] = await database.run<WatchedConversationRow>(FIND_WATCHED, [conversation_id, client_id])
  return row ?? null
}

/** The same with who has it in hand. */
export async function findHeld(
  database: Pick<Database, 'run'>,
  { client_id, conversation_id }: WatchedPlace,
): Promise<HandRow | undefined> {
  const [row] = await database.run<HandRow>(FIND, [conversation_id, client_id])
  return row
}
