import type { AdminConversation } from '../../../protocol/admin.ts'
import type { Words } from '../../words/en/index.ts'

/** Letters of an id that tell visitors apart. */
const LETTERS = 4

/** What the visitor of a conversation is called, where nothing is known by a part of its session's id. */
export function nameOf(
  conversation: AdminConversation & { user_identifier?: string },
  { live }: Words,
): string {
  const { contact, user_identifier, session_id } = conversation
  return contact?.name ?? contact?.email ?? user_identifier ?? `${live.visitor} ${session_id.slice(-LETTERS)}`
}
