import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { AdminConversation } from '../../protocol/admin.ts'
import type { Author } from '../../protocol/records.ts'
import {
  addressOf,
  HAND_BACK,
  TAKE_OVER,
  type HandedBackRow,
  type HandRow,
} from './change-hands-statements.ts'
import type { ConversationContext } from './context.ts'
import { findHeld, type WatchedPlace } from './find-conversation.ts'
import { presentForAdmin } from './present.ts'
import { silenceAi } from './silence-ai.ts'

/** A person of the business, as conversations know it. */
export interface Agent extends Author {
  id: string
}

/** A conversation, and who wants something of it. */
export interface AgentPlace extends WatchedPlace {
  admin: Agent
}

/**
 * Gives the conversation to `admin`. Durable at once; resolves when the AI has fallen silent, its interrupted turn
 * ended, and the visitor was told who has joined: within `limits.handover` and a statement or two. Asked again by
 * who has it already, it comes to the same end. Refuses with `not_found` and `conversation_ended`.
 */
export async function takeOver(
  context: ConversationContext,
  place: AgentPlace,
): Promise<Result<{ conversation: AdminConversation }>> {
  const { client_id, conversation_id, admin } = place
  const values = [conversation_id, client_id, admin.id]
  const [taken] = await context.database.run<HandRow>(TAKE_OVER, values)
  const row = taken ?? (await findHeld(context.database, place))
  if (!row) return refuse('not_found')
  if (row.state === 'ended') return refuse('conversation_ended')
  if (row.agent_id !== admin.id) return refuse('unavailable')
  const stillTheirs = await silenceAi(context, row)
  if (stillTheirs) {
    const { name, avatar_url } = admin
    const joined = { epoch: row.epoch, name, ...(avatar_url === undefined ? {} : { avatar_url }) }
    context.publisher.publish(addressOf(row), 'handoff:changed', { state: 'with_agent' })
    context.publisher.publish(addressOf(row), 'agent:joined', joined)
  }
  return succeed({ conversation: presentForAdmin(row) })
}

/**
 * Gives the conversation back to the AI, which answers what the visitor wrote after the agent's last message. Asked
 * again after that, it changes nothing. Refuses with `not_found`, `conversation_ended`, and `not_taken_over` where
 * another person has it.
 */
export async function handBack(
  context: ConversationContext,
  place: AgentPlace,
): Promise<Result<{ conversation: AdminConversation }>> {
  const { client_id, conversation_id, admin } = place
  const node = context.lease.claimant()
  const values = [conversation_id, client_id, admin.id, node]
  const [row] = await context.database.run<HandedBackRow>(HAND_BACK, values)
  if (!row) return alreadyBack(await findHeld(context.database, place))
  const to = addressOf(row)
  context.publisher.publish(to, 'agent:left', { epoch: row.epoch })
  context.publisher.publish(to, 'handoff:changed', { state: 'none' })
  // The AI reads on from what the agent and the visitor wrote: an earlier turn, if there was one, bears the cost.
  context.summaries.consider({ conversationId: row.id, turn: row.turn - 1 })
  if (row.opened && node !== null) {
    const { turn, attempt, epoch, visitor_seq } = row
    context.turns.take({ to, node, turn, attempt, epoch, upTo: visitor_seq, finish: null })
  }
  return succeed({ conversation: presentForAdmin(row) })
}

function alreadyBack(row: HandRow | undefined): Result<{ conversation: AdminConversation }> {
  if (!row) return refuse('not_found')
  if (row.state === 'ended') return refuse('conversation_ended')
  if (row.state === 'agent') return refuse('not_taken_over')
  return succeed({ conversation: presentForAdmin(row) })
}
