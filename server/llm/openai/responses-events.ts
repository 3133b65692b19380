import { parseEvent } from '../json-object.ts'
import { ProviderError, type StopReason, type ToolCall } from '../provider.ts'
import type { AnswerReader, Listener } from '../stream-answer.ts'
import type { Part } from './answer.ts'
import { callArguments } from './call-arguments.ts'
import { streamError } from './errors.ts'
import { responseUsage } from './usage.ts'
import type { ResponseEvent, WireItem } from './wire.ts'

/** The kinds of items that are understood well enough to be sent back. */
const KNOWN = new Set(['message', 'reasoning', 'function_call'])

/** Reads the events of one answer of the Responses API. Unknown events and items are passed over. */
export class ResponseReader implements AnswerReader<Part> {
  readonly #listener: Listener
  readonly #items = new Map<number, WireItem>()
  #text = ''
  /** A further message has begun: it is a paragraph of its own. */
  #paragraphEnded = false
  #refused = false
  #last: ResponseEvent | null = null

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get complete(): boolean {
    return this.#last !== null
  }

  take(data: string): void {
    const event = parseEvent(data) as ResponseEvent
    switch (event.type) {
      case 'response.output_text.delta':
        this.#say(event.delta)
        return
      case 'response.function_call_arguments.delta':
        this.#listener.called()
        return
      case 'response.refusal.delta':
        this.#refused = true
        this.#say(event.delta)
        return
      case 'response.in_progress':
        // From here on it may think for long before its first item is told of.
        this.#listener.began()
        return
      case 'response.output_item.added':
        this.#listener.began()
        this.#paragraphEnded = event.item?.type === 'message' && this.#text !== ''
        return
      case 'response.output_item.done':
        this.#keep(event)
        return
      case 'response.completed':
      case 'response.incomplete':
        this.#last = event
        return
      case 'response.failed':
        throw streamError(event.response?.error ?? {})
      case 'error':
        throw streamError(event.error ?? { code: event.code })
    }
  }

  finish(): Part {
    if (!this.#last) throw new ProviderError('broken_stream', 'The stream ended before the answer did')
    const items = [...this.#items.values()]
    const calls = items.flatMap((item) => callOf(item) ?? [])
    const stop = this.#stopOf(this.#last, calls)
    return {
      text: this.#text,
      calls,
      stop,
      usage: responseUsage(this.#last.response?.usage),
      items: sendable(items),
    }
  }

  #say(delta: unknown): void {
    if (typeof delta !== 'string' || delta === '') return
    const piece = this.#paragraphEnded ? `\n\n${delta}` : delta
    this.#paragraphEnded = false
    this.#text += piece
    this.#listener.said(piece)
  }

  #keep({ item, output_index }: ResponseEvent): void {
    if (item && KNOWN.has(item.type ?? '')) this.#items.set(output_index ?? this.#items.size, item)
  }

  #stopOf({ type, response }: ResponseEvent, calls: readonly ToolCall[]): StopReason {
    if (type === 'response.incomplete')
      return response?.incomplete_details?.reason === 'content_filter' ? 'refusal' : 'length'
    if (calls.length > 0) return 'tools'
    return this.#refused ? 'refusal' : 'end'
  }
}

function callOf({ type, call_id, name, arguments: json }: WireItem): ToolCall | null {
  if (type !== 'function_call' || typeof call_id !== 'string' || typeof name !== 'string') return null
  return { id: call_id, name, arguments: callArguments(typeof json === 'string' ? json : '') }
}

/**
 * The vendor keeps nothing, so what was thought goes back encrypted, or not at all: then the rest, whose ids refer to
 * it, is told in words.
 */
function sendable(items: readonly WireItem[]): readonly WireItem[] {
  const isWhole = items.every((item) => item.type !== 'reasoning' || Boolean(item['encrypted_content']))
  return isWhole ? items : []
}
