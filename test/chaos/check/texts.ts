import { groupBy } from '../../heart/check/groups.ts'
import type { KeptMessage } from '../../heart/check/kept.ts'
import { answerTo, CANARY } from '../answers.ts'
import type { History } from '../history.ts'
import type { Truth } from '../truth.ts'

/** A complete answer is the whole of what the model says to the message that it answers; another is a beginning. */
export function* textsAreWhatTheModelSaid(_history: History, truth: Truth): Iterable<string> {
  for (const [conversation, messages] of groupBy(truth.messages, (row) => row.conversation_id)) {
    const asked = messages.filter(({ role }) => role === 'user')
    for (const end of messages) {
      if (end.role === 'assistant' && !isSaid(end, asked))
        yield `${conversation}: the answer at ${end.seq}, ${String(end.status)}, is not what the model said`
    }
  }
}

function isSaid({ status, content, answers_to }: KeptMessage, asked: readonly KeptMessage[]): boolean {
  const question = asked.find((one) => one.seq === answers_to)?.content ?? ''
  if (status === 'complete') return content === answerTo(question)
  // A turn that was broken off is placed after what was written meanwhile, and one that failed may apologise.
  return (
    content === '' ||
    !content.startsWith(CANARY) ||
    asked.some((one) => answerTo(one.content).startsWith(content))
  )
}
