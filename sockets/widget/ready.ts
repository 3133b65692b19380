import type { WidgetData } from '../../protocol/widget.ts'
import type { VisitorSession } from '../../server/auth/visitor-session.ts'
import type { Conversations, TranscriptCursor } from '../../server/conversation/conversations.ts'
import type { Introducing } from '../../server/conversation/visitor-listener.ts'
import { DatabaseUnavailable } from '../../server/infra/database.ts'
import type { Logger } from '../../server/infra/logger.ts'
import type { WidgetSocket } from './socket-types.ts'
import type { VisitorConnection } from './visitor-connection.ts'

/** All that a visitor's copy lacks; the running reply is copied in the tick in which this is sent. */
export async function synced(
  conversations: Conversations,
  session: VisitorSession,
  cursor: TranscriptCursor,
): Promise<WidgetData<'session:sync'>> {
  const snapshot = await conversations.snapshot(session, cursor)
  const reply = snapshot.conversation && conversations.runningReply(snapshot.conversation, cursor)
  return { ...snapshot, ...(reply && { reply }) }
}

/**
 * Tells a new connection where it stands. Without its database it cannot be told: the connection is closed, and its
 * client comes again.
 */
export async function sendReady(
  introducing: Introducing,
  socket: WidgetSocket,
  connection: VisitorConnection,
  log: Logger,
): Promise<void> {
  const { session, greeting } = socket.data
  delete socket.data.greeting
  try {
    await connection.introduce(introducing, session, greeting ?? { cursor: {} })
  } catch (error) {
    if (error instanceof DatabaseUnavailable)
      log.debug({ reason: error.message }, 'a visitor could not be told')
    else log.error({ err: error }, 'a visitor could not be told')
    socket.conn.close()
  }
}
