import type { AdminData, AdminPayload } from '../../protocol/admin.ts'
import { RATES } from '../../protocol/limits.ts'
import { refuse, succeed, type Result } from '../../protocol/result.ts'
import type { AgentConversations } from '../../server/conversation/agent-conversations.ts'
import type { FanOut } from '../fanout.ts'
import type { Lookers } from './lookers.ts'
import { ConversationWatcher } from './conversation-watcher.ts'
import type { AdminSocket } from './socket-types.ts'

export interface WatchParts {
  agents: Pick<AgentConversations, 'find' | 'snapshot' | 'runningReply'>
  fanout: FanOut
  lookers: Lookers
}

/**
 * Lets a person hear a conversation, and answers with where it stands. Asked again it begins anew, from the cursor that
 * is given then. Refuses with `not_found` and `too_many_watched`.
 */
export async function watch(
  parts: WatchParts,
  socket: AdminSocket,
  { conversation_id: asked, last_seq, reply }: AdminPayload<'conversation:watch'>,
): Promise<Result<AdminData<'conversation:watch'>>> {
  const { agents, fanout, lookers } = parts
  const id = asked.toLowerCase()
  const { access, watched } = socket.data
  const place = { client_id: access.client_id, conversation_id: id }
  const found = await agents.find(place)
  if (!found || !socket.connected) return refuse('not_found')
  if (!watched.has(id) && watched.size >= RATES.watchedConversations) return refuse('too_many_watched')

  stopHearing(parts, socket, id)
  const watcher = new ConversationWatcher(socket, found)
  watched.set(id, watcher)
  fanout.watch(found.session_id, watcher)
  const cursor = {
    ...(last_seq === undefined ? {} : { last_seq }),
    ...(reply === undefined ? {} : { reply }),
  }
  const snapshot = await readSnapshot(parts, socket, { place, cursor })
  if (!snapshot) return refuse('not_found')
  const running = agents.runningReply(snapshot.conversation, cursor)
  // One of an older epoch is being broken off: nobody is told any more of it.
  const told = running && running.epoch >= snapshot.conversation.epoch ? { reply: running } : {}
  const tools_running = fanout.toolsRunning(id).map(({ seen, arguments: given }) => ({
    ...{ ...seen, arguments: given },
  }))
  watcher.begin({ conversation: snapshot.conversation, ...told })
  if (watched.has(id)) lookers.come(socket, id)
  return succeed({ ...snapshot, ...told, tools_running, present: lookers.present(id) })
}

/** Hears it no more; one that is not watched is left at that. */
export function unwatch(parts: Omit<WatchParts, 'agents'>, socket: AdminSocket, id: string): void {
  stopHearing(parts, socket, id)
  parts.lookers.leave(socket, id)
}

function stopHearing({ fanout }: Pick<WatchParts, 'fanout'>, { data }: AdminSocket, id: string): void {
  const watcher = data.watched.get(id)
  if (!watcher) return
  data.watched.delete(id)
  fanout.unwatch(watcher.sessionId, watcher)
}

/** The watcher stays only where there is something to watch. */
async function readSnapshot(
  parts: WatchParts,
  socket: AdminSocket,
  { place, cursor }: { place: { client_id: string | null; conversation_id: string }; cursor: object },
): Promise<Awaited<ReturnType<AgentConversations['snapshot']>>> {
  try {
    const snapshot = await parts.agents.snapshot(place, cursor)
    if (!snapshot) unwatch(parts, socket, place.conversation_id)
    return snapshot
  } catch (error) {
    unwatch(parts, socket, place.conversation_id)
    throw error
  }
}
