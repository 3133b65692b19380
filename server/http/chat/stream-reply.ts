import { wireError } from '../../../protocol/errors.ts'
import type { Message } from '../../../protocol/records.ts'
import type { VisitorSession } from '../../auth/visitor-session.ts'
import type { AwaitedAnswer } from '../../conversation/answer-watch.ts'
import type { TranscriptCursor } from '../../conversation/conversations.ts'
import type { Answer } from '../../conversation/find-answers.ts'
import { problem } from '../answer.ts'
import type { HttpContext, HttpParts } from '../http-env.ts'
import { problemOf } from '../problem.ts'
import { formatEventId } from '../streams/event-id.ts'
import type { EventStream } from '../streams/event-stream.ts'
import { FollowedReply } from '../streams/followed-reply.ts'
import { streamed } from '../streams/open-streams.ts'
import type { Chat } from './admit-chat.ts'
import { GIVEN_UP } from './chat-reply.ts'

/**
 * Receives the message and tells its answer as it is written. Who comes again with the cursor of what it has got hears
 * the missing text, the whole text of a later attempt, or the final message where it is there.
 */
export async function streamReply(
  c: HttpContext,
  parts: HttpParts,
  { chat, cursor }: { chat: Chat; cursor: TranscriptCursor },
): Promise<Response> {
  const { session, client, text, handle, isServer } = chat
  const opened = parts.streams.open(c, { client_id: client.id, isServer })
  if (!opened.ok) return problem(c, opened.error, handle)
  const stream = opened.data
  const { client_message_id } = handle
  const asked = { client_id: session.client_id, session_id: session.id, client_message_id }
  const awaited = parts.answers.begin(asked, parts.answerLimits.stream)
  const followed = new FollowedReply()
  parts.listeners.join(session.id, followed)
  void stream.closed.then(() => {
    awaited.giveUp('gone')
    parts.listeners.leave(session.id, followed)
  })
  try {
    const received = await parts.conversations.receive(session, { client_message_id, text })
    if (!received.ok) {
      stream.end()
      return problem(c, received.error, handle)
    }
    accept(stream, chat, received.data.message)
    await follow(parts, { session, stream, awaited, followed, cursor })
  } catch (error) {
    stream.end()
    throw error
  }
  void awaited.outcome.then((outcome) => {
    if (typeof outcome === 'object') tellAnswer(stream, outcome)
    else stream.send('problem', { ...problemOf(wireError(GIVEN_UP[outcome]), c.get('requestId')), ...handle })
    stream.end()
  })
  return streamed(c, stream.body)
}

function accept(stream: EventStream, { handle }: Chat, message: Message): void {
  stream.send('chat:accepted', { ...handle, message }, formatEventId({ seq: message.seq }))
}

interface Following {
  session: VisitorSession
  stream: EventStream
  awaited: AwaitedAnswer
  followed: FollowedReply
  cursor: TranscriptCursor
}

async function follow(
  parts: HttpParts,
  { session, stream, awaited, followed, cursor }: Following,
): Promise<void> {
  const found = await awaited.look()
  if (found === undefined || found.answer !== null) return
  const conversation = { id: found.conversation_id, session_id: session.id }
  const running = parts.conversations.runningReply(conversation, cursor)
  if (!running) parts.conversations.hearElsewhere(session, found.conversation_id)
  followed.begin(stream, found, running)
}

function tellAnswer(stream: EventStream, answer: Answer): void {
  const { message } = answer
  if (message === undefined) {
    stream.send('chat:unanswered', { handled_by: answer.by })
    return
  }
  const { failure } = answer
  const end = { turn: message.turn, message, ...(failure === undefined ? {} : { failure }) }
  stream.send('reply:end', end, formatEventId({ seq: message.seq }))
}
