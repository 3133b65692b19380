import type { Result } from '../../protocol/result.ts'
import type { Conversation, Message } from '../../protocol/records.ts'
import type { AgentMessage } from './agent-message.ts'
import type { AgentPlace } from './change-hands.ts'

/**
 * All that a person of the business can do with a conversation, whichever door it came through. Whether the person
 * may is the caller's to know; the conversation is found through the client.
 */
export interface AgentConversations {
  /** Resolves when the AI is silent and the visitor was told who has joined. */
  takeOver(place: AgentPlace): Promise<Result<{ conversation: Conversation }>>
  handBack(place: AgentPlace): Promise<Result<{ conversation: Conversation }>>
  /** Saves the message once; only of who has taken over. Resolves after the commit. */
  receive(place: AgentPlace, input: AgentMessage): Promise<Result<{ message: Message }>>
}
