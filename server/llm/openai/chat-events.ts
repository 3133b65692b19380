import { parseEvent } from '../json-object.ts'
import { ProviderError, type StopReason } from '../provider.ts'
import type { AnswerReader, Listener } from '../stream-answer.ts'
import type { Part } from './answer.ts'
import { GrowingCalls } from './chat-calls.ts'
import { streamError } from './errors.ts'
import { chatUsage } from './usage.ts'
import type { ChatChunk, ChatDelta, ChatUsage } from './wire.ts'

/** What stands in the place of a chunk after the last one. */
const DONE = '[DONE]'

/** Reads the chunks of one answer of Chat Completions. Unknown fields, such as what was thought, are passed over. */
export class ChatReader implements AnswerReader<Part> {
  readonly #listener: Listener
  readonly #calls = new GrowingCalls()
  #text = ''
  #refused = false
  #reason: string | null = null
  #usage: ChatUsage | null = null
  #complete = false

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get complete(): boolean {
    return this.#complete
  }

  take(data: string): void {
    if (data === DONE) {
      this.#complete = true
      return
    }
    const { choices, usage, error } = parseEvent(data) as ChatChunk
    if (error) throw streamError(error)
    // Some servers count in every chunk, others in a last one without choices, and some not at all.
    this.#usage = usage ?? this.#usage
    const choice = choices?.[0]
    if (!choice) return
    this.#listener.began()
    this.#reason = choice.finish_reason ?? this.#reason
    this.#grow(choice.delta ?? {})
  }

  /** Some servers leave the last mark out: then a reason to stop has to do. */
  finish(): Part {
    if (!this.#complete && this.#reason === null)
      throw new ProviderError('broken_stream', 'The stream ended before the answer did')
    const calls = this.#calls.all
    const stop = this.#stopOf(calls.length > 0)
    return { text: this.#text, calls, stop, usage: chatUsage(this.#usage), items: [] }
  }

  #grow({ content, refusal, tool_calls }: ChatDelta): void {
    this.#say(content)
    if (typeof refusal === 'string' && refusal !== '') {
      this.#refused = true
      this.#say(refusal)
    }
    for (const fragment of tool_calls ?? []) {
      this.#calls.grow(fragment)
      this.#listener.called()
    }
  }

  #say(piece: unknown): void {
    if (typeof piece !== 'string' || piece === '') return
    this.#text += piece
    this.#listener.said(piece)
  }

  /** Not every server calls its reason `tool_calls` where there are calls. */
  #stopOf(called: boolean): StopReason {
    if (this.#reason === 'length') return 'length'
    if (this.#reason === 'content_filter') return 'refusal'
    if (called) return 'tools'
    return this.#refused ? 'refusal' : 'end'
  }
}
