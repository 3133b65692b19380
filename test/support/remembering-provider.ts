import type { ModelAnswer, ModelRequest, Provider } from '../../server/llm/provider.ts'
import { estimateTokens } from '../../server/llm/tokens.ts'
import { Inbox } from './inbox.ts'

/** What such a model takes for a fact, wherever it stands. */
const FACT = /[A-Z]+-[0-9]+/g

/** What a call read and said. */
export interface RememberedCall {
  request: ModelRequest
  answer: string
}

/**
 * A model that answers at once, and whose small one really sums up: a summary names each fact, such as ORDER-1001, that
 * it has read, in the messages or in the summary before. Tokens are our estimates, as a vendor would count them.
 */
export class RememberingProvider implements Provider {
  readonly name = 'remembering'
  readonly defaultModel = 'large-1'
  readonly smallModel: string | null = 'small-1'
  readonly answers = new Inbox<RememberedCall>('answer')
  readonly summaries = new Inbox<RememberedCall>('summary')
  /** What the next calls of the small model do in place of answering. */
  readonly faults: ((signal: AbortSignal) => Promise<ModelAnswer>)[] = []
  /** What the large model says. */
  say: (request: ModelRequest) => string = () => 'Certainly.'
  /** Its whole answer, where there is more to it than words. */
  answer: ((request: ModelRequest) => ModelAnswer) | null = null

  async ask(
    request: ModelRequest,
    onText: (text: string) => void,
    signal: AbortSignal,
  ): Promise<ModelAnswer> {
    const isSummary = request.model === this.smallModel
    const fault = isSummary ? this.faults.shift() : undefined
    if (fault) return fault(signal)
    const words = isSummary ? summaryOf(request) : this.say(request)
    const answer = (isSummary ? null : this.answer?.(request)) ?? answerOf(words, request)
    if (answer.text) onText(answer.text)
    ;(isSummary ? this.summaries : this.answers).put({ request, answer: answer.text })
    return Promise.resolve(answer)
  }
}

/** An answer of these words, with what it costs to read the request and to write them. */
export function answerOf(text: string, request: ModelRequest): ModelAnswer {
  const usage = { input: tokensOf(request), output: estimateTokens(text), cached: 0 }
  return { text, calls: [], stop: 'end', usage }
}

/** All that a model reads. */
export function textOf({ system, messages }: ModelRequest): string {
  const said = messages.map((message) => ('text' in message ? message.text : JSON.stringify(message.results)))
  return [system.stable, system.moment, ...said].join('\n')
}

export function tokensOf(request: ModelRequest): number {
  return estimateTokens(textOf(request))
}

export function factsIn(text: string): string[] {
  return [...new Set(text.match(FACT) ?? [])]
}

function summaryOf({ messages }: ModelRequest): string {
  const read = messages.map((message) => ('text' in message ? message.text : '')).join('\n')
  return `The visitor spoke of ${factsIn(read).join(', ') || 'nothing'}.`
}
