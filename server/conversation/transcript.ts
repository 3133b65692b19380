import { visibleText } from '../infra/visible-text.ts'
import type { ModelMessage } from '../llm/provider.ts'
import { estimateTokens } from '../llm/tokens.ts'
import type { Extent, MemoryLimits } from './memory-limits.ts'
import { tellLateResult } from './asking/tell-late-result.ts'
import { shortenMiddle } from './shorten.ts'
import { inPlace, isToAnswer, type Spoken } from './spoken.ts'

/** What a model reads of the messages after the summary. */
export interface Transcript {
  messages: ModelMessage[]
  /** What stands after the summary, as far as it was looked at: with what did not fit. */
  stands: Extent
}

type Limits = Pick<MemoryLimits, 'read' | 'message'>

/**
 * The newest messages that fit, oldest first; the last one always, each as a person sees it and none longer than one
 * may be. `reserved` tokens of the budget, half of it at most, are taken already. What is to be answered has the last
 * word: an answer to it that a person broke off is given anew, and models refuse to go on with what they had begun.
 */
export function transcriptOf(spoken: readonly Spoken[], { read, message }: Limits, reserved = 0): Transcript {
  const everything = resultsLast(inPlace(spoken))
  const lastWord = everything.findLastIndex(isToAnswer)
  const said = everything.map((one) => asRead(one, message))
  const all = lastWord < 0 ? said : said.slice(0, lastWord + 1)
  const budget = Math.max(read.tokens - reserved, read.tokens / 2)
  let tokens = 0
  let from = all.length
  while (from > 0 && all.length - from < read.messages) {
    tokens += all[from - 1]?.tokens ?? 0
    if (tokens > budget && from < all.length) break
    from--
  }
  const stands = { messages: said.length, tokens: said.reduce((sum, one) => sum + one.tokens, 0) }
  return { messages: all.slice(from).flatMap(({ read: readable }) => readable), stands }
}

/**
 * Of what one answer is to answer, what the visitor wrote comes first: after a result, the templates of some models take
 * nothing but an answer.
 */
function resultsLast(spoken: readonly Spoken[]): Spoken[] {
  const run: Spoken[] = []
  const arranged: Spoken[] = []
  const end = () => {
    for (const role of ['user', 'tool']) arranged.push(...run.filter((one) => one.role === role))
    run.length = 0
  }
  for (const one of spoken) {
    if (isToAnswer(one)) {
      run.push(one)
      continue
    }
    end()
    arranged.push(one)
  }
  end()
  return arranged
}

function asRead(spoken: Spoken, longest: number): { read: ModelMessage[]; tokens: number } {
  const { seq, role, content, call } = spoken
  const text = shortenMiddle(visibleText(content), longest)
  if (call) return { read: tellLateResult(seq, { ...call, content: text }), tokens: estimateTokens(text) }
  return { read: [{ role: role === 'user' ? 'user' : 'assistant', text }], tokens: estimateTokens(text) }
}

/** Whether it is time to sum up, before something falls out. */
export function isFull(stands: Extent, { full }: Pick<MemoryLimits, 'full'>): boolean {
  return stands.messages >= full.messages || stands.tokens >= full.tokens
}
