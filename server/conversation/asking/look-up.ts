import { withoutTemplateTokens } from '../../infra/template-tokens.ts'
import { passagesFor } from '../../knowledge/passages-for.ts'
import { renderPassages } from '../../knowledge/reference-text.ts'
import { abortable } from '../../infra/abortable.ts'
import type { ModelMessage, Passage, SearchKnowledge, ToolCall } from '../../llm/provider.ts'
import { SEARCH_KNOWLEDGE } from '../../tools/search-knowledge.ts'
import { SearchFailed } from './bounded-search.ts'

/** What was found for a question before the model was asked. */
export interface LookedUp {
  /** As if the model had searched itself; to stand after the conversation. Empty where nothing was found. */
  messages: ModelMessage[]
  passages: Passage[]
  /** The search failed: a little later there may be something. */
  failed: boolean
}

/**
 * Looks up what the visitor asks, so that a model mostly answers without a call of its own. What is found is told as
 * the result of a call: there models expect text that others wrote, the question itself stays as it was written, and
 * all that comes before it the same for vendors' caches. A search that fails finds nothing.
 */
export async function lookUp(
  search: SearchKnowledge,
  client_id: string,
  conversation: readonly ModelMessage[],
  signal: AbortSignal,
): Promise<LookedUp> {
  const question = lastQuestion(conversation)
  if (question.trim() === '') return { messages: [], passages: [], failed: false }
  try {
    const passages = await abortable(passagesFor(search, client_id, question), signal)
    const messages = passages.length === 0 ? [] : asCall(question, passages)
    return { messages, passages, failed: false }
  } catch (error) {
    if (error instanceof SearchFailed) return { messages: [], passages: [], failed: true }
    throw error
  }
}

/** What the visitor has written since the last answer: three fragments are one question. */
function lastQuestion(conversation: readonly ModelMessage[]): string {
  const answered = conversation.findLastIndex((message) => message.role === 'assistant' && !message.step)
  return conversation
    .slice(answered + 1)
    .flatMap((message) => (message.role === 'user' ? [message.text] : []))
    .join('\n')
}

/** Nine letters or digits: what the templates of some models want of the id of a call. */
const CALL_ID = 'firstlook'

/** Characters of the question that are repeated as what was searched for. */
const LONGEST_QUERY = 200

function asCall(question: string, passages: readonly Passage[]): ModelMessage[] {
  const query = question.slice(0, LONGEST_QUERY).toWellFormed()
  const call: ToolCall = { id: CALL_ID, name: SEARCH_KNOWLEDGE.name, arguments: { query } }
  const content = withoutTemplateTokens(renderPassages(passages))
  const result = { call_id: call.id, name: call.name, content, failed: false }
  return [
    { role: 'assistant', text: '', step: { text: '', calls: [call] } },
    { role: 'tool', results: [result] },
  ]
}
