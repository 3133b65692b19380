import type { Message } from '../../protocol/records.ts'
import type { ReadMark } from '../bridge.ts'

/** How many answers came that the visitor has not seen. Without a mark of this conversation, none was seen. */
export function countUnread(
  conversationId: string | undefined,
  messages: readonly Message[],
  mark: ReadMark | null,
): number {
  const seen = mark !== null && mark.conversation_id === conversationId ? mark.seq : 0
  return messages.filter((row) => row.seq > seen && isAnswer(row)).length
}

/** Whether somebody or something of the business said this. */
export function isAnswer(message: Message): boolean {
  return (message.role === 'assistant' || message.role === 'agent') && message.content !== ''
}
