import type { AdminConversation } from '../../protocol/admin.ts'
import type { Message, RunningReply } from '../../protocol/records.ts'
import type { HistoryQuery } from '../../protocol/rest.ts'
import type { ToolConfirm } from '../../protocol/widget.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import { receiveFromAgent, type AgentMessage } from './agent-message.ts'
import { handBack, takeOver, type AgentPlace } from './change-hands.ts'
import type { ConversationContext } from './context.ts'
import type { TranscriptCursor } from './conversations.ts'
import { readWatchedHistory, type WatchedPage } from './history.ts'
import { findConversation, findHeld, type WatchedPlace } from './find-conversation.ts'
import { readConversations, readInbox, readRecent, type InboxPage, type InboxQuery } from './inbox.ts'
import { presentForAdmin } from './present.ts'
import { readMissing, runningReply } from './snapshot.ts'

/**
 * All that a person of the business can do with conversations, whichever door it came through. Whether the person may
 * is the caller's to know; a conversation is found through the client.
 */
export interface AgentConversations {
  /** Resolves when the AI is silent and the visitor was told who has joined. */
  takeOver(place: AgentPlace): Promise<Result<{ conversation: AdminConversation }>>
  handBack(place: AgentPlace): Promise<Result<{ conversation: AdminConversation }>>
  /** Saves the message once; only of who has taken over. Resolves after the commit. */
  receive(place: AgentPlace, input: AgentMessage): Promise<Result<{ message: Message }>>
  /** Shows the visitor that the agent who has taken over types, or ceases to. */
  setTyping(place: AgentPlace, typing: boolean): Promise<Result<object>>
  /** Null: there is none of that id, as far as this client knows. */
  find(place: WatchedPlace): Promise<AdminConversation | null>
  /** What a copy that ends at `cursor` lacks, after other nodes can be heard: join first. Null as for `find`. */
  snapshot(
    place: WatchedPlace,
    cursor: TranscriptCursor,
  ): Promise<(WatchedPage & { conversation: AdminConversation; confirming: ToolConfirm[] }) | null>
  /** The reply that runs. Tell it in the same tick: later pieces continue exactly where it ends. */
  runningReply(
    conversation: Pick<AdminConversation, 'id' | 'session_id'>,
    cursor: TranscriptCursor,
  ): RunningReply | undefined
  history(place: WatchedPlace, query: HistoryQuery): Promise<WatchedPage | null>
  /** The open conversations of a client, or of all where it is null, begun last first. */
  inbox(clientId: string | null, query: InboxQuery): Promise<InboxPage>
  /** These conversations as they are now, in no order. */
  read(ids: readonly string[]): Promise<AdminConversation[]>
  /** The conversations to which something has happened in the last so many milliseconds. */
  recent(ms: number): Promise<AdminConversation[]>
}

export function agentConversationsOf(context: ConversationContext): AgentConversations {
  const { database, others } = context
  return {
    takeOver: (place) => takeOver(context, place),
    handBack: (place) => handBack(context, place),
    receive: (place, input) => receiveFromAgent(context, place, input),
    setTyping: (place, typing) => setTyping(context, place, typing),
    async find(place) {
      const row = await findConversation(database, place)
      return row && presentForAdmin(row)
    },
    async snapshot(place, cursor) {
      const found = await findConversation(database, place)
      if (!found) return null
      await others.reached(found.session_id)
      const row = await findConversation(database, place)
      return (
        row && {
          conversation: presentForAdmin(row),
          ...(await readMissing(context, row, cursor, readWatchedHistory)),
        }
      )
    },
    runningReply: (conversation, cursor) => runningReply(context, conversation, cursor),
    async history(place, query) {
      const row = await findConversation(database, place)
      return row && readWatchedHistory(database, row, query)
    },
    inbox: (clientId, query) => readInbox(database, clientId, query),
    read: (ids) => readConversations(database, ids),
    recent: (ms) => readRecent(database, ms),
  }
}

async function setTyping(
  { database, publisher, typing: { signs } }: ConversationContext,
  place: AgentPlace,
  typing: boolean,
): Promise<Result<object>> {
  const held = await findHeld(database, place)
  if (!held) return refuse('not_found')
  if (held.state === 'ended') return refuse('conversation_ended')
  if (held.agent_id !== place.admin.id) return refuse('not_taken_over')
  const to = { client_id: held.client_id, session_id: held.session_id, conversation_id: held.id }
  signs.set(held.id, typing, (isTyping) => {
    publisher.publish(to, 'typing:changed', { author: 'agent', typing: isTyping })
  })
  return succeed({})
}
