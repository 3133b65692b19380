import type { Message } from '../../protocol/records.ts'
import type { ReadMark } from '../bridge.ts'

/** The answers that came and the visitor has not seen. Without a mark of this conversation, none was seen. */
export function unreadAnswers(
  conversationId: string | undefined,
  messages: readonly Message[],
  mark: ReadMark | null,
): Message[] {
  const seen = mark !== null && mark.conversation_id === conversationId ? mark.seq : 0
  return messages.filter((row) => row.seq > seen && isAnswer(row))
}

/** Whether somebody or something of the business said this. */
export function isAnswer(message: Message): boolean {
  return (message.role === 'assistant' || message.role === 'agent') && message.content !== ''
}
