import type { ModelMessage, ToolCall, ToolResult } from '../provider.ts'
import type { Exchange } from './plan-calls.ts'

/** A conversation as exchanges, oldest first: fragments in a row are one question. The last one has no answer yet. */
export function exchangesOf(messages: readonly ModelMessage[]): Exchange[] {
  const exchanges: { said: string[]; answer: string | null }[] = []
  for (const message of messages) {
    const last = exchanges.at(-1)
    if (message.role === 'user') {
      if (last && last.answer === null) last.said.push(message.text)
      else exchanges.push({ said: [message.text], answer: null })
    } else if (message.role === 'assistant' && last) {
      last.answer = `${last.answer ?? ''}${message.text}`
    }
  }
  return exchanges.map(({ said, answer }) => ({ said: said.join('\n'), answer }))
}

/** What was called since the last question, with what came of it. */
export function resultsSince(
  messages: readonly ModelMessage[],
): { call: ToolCall | null; result: ToolResult }[] {
  const asked = messages.findLastIndex(({ role }) => role === 'user')
  const since = messages.slice(asked + 1)
  const calls = since.flatMap((message) => (message.role === 'assistant' ? (message.step?.calls ?? []) : []))
  const results = since.flatMap((message) => (message.role === 'tool' ? message.results : []))
  return results.map((result) => ({ call: calls.find(({ id }) => id === result.call_id) ?? null, result }))
}
