import { parseEvent } from '../json-object.ts'
import { ProviderError, type ToolCall, type CountedUsage } from '../provider.ts'
import type { AnswerReader, Listener } from '../stream-answer.ts'
import { GrowingBlock } from './block.ts'
import { streamError } from './errors.ts'
import type { WireBlock, WireDelta, WireEvent, WireUsage } from './wire.ts'

/** What one request came to. */
export interface Part {
  text: string
  /** As they go back to the vendor. */
  blocks: WireBlock[]
  calls: ToolCall[]
  /** The vendor's word for it; null where it gave none. */
  stopReason: string | null
  usage: CountedUsage
}

/** Reads the events of one answer, in their order. Unknown events, blocks and deltas are passed over. */
export class EventReader implements AnswerReader<Part> {
  readonly #listener: Listener
  readonly #blocks = new Map<number, GrowingBlock>()
  #stopReason: string | null = null
  #counts: WireUsage = {}
  #complete = false

  constructor(listener: Listener) {
    this.#listener = listener
  }

  get complete(): boolean {
    return this.#complete
  }

  take(data: string): void {
    const event = parseEvent(data) as WireEvent
    switch (event.type) {
      case 'content_block_delta':
        this.#grow(event.index, event.delta)
        return
      case 'content_block_start':
        this.#begin(event.index, event.content_block)
        return
      case 'content_block_stop':
        this.#blockAt(event.index)?.close()
        return
      case 'message_start':
        this.#count(event.message?.usage)
        return
      case 'message_delta':
        this.#stopReason = event.delta?.stop_reason ?? this.#stopReason
        this.#count(event.usage)
        return
      case 'message_stop':
        this.#complete = true
        return
      case 'error':
        throw streamError(event.error)
    }
  }

  finish(): Part {
    if (!this.#complete) throw new ProviderError('broken_stream', 'The stream ended before the answer did')
    const blocks = [...this.#blocks.values()]
    return {
      text: blocks.map((block) => block.said).join(''),
      blocks: blocks.flatMap((block) => block.whole ?? []),
      calls: blocks.flatMap((block) => block.call ?? []),
      stopReason: this.#stopReason,
      usage: usageOf(this.#counts),
    }
  }

  #begin(index: number | undefined, block: WireBlock | undefined): void {
    if (index === undefined || typeof block?.type !== 'string') return
    const begun = new GrowingBlock(block)
    this.#blocks.set(index, begun)
    this.#listener.began()
    this.#say(begun.said)
  }

  #grow(index: number | undefined, delta: WireDelta | undefined): void {
    const block = this.#blockAt(index)
    if (!block || !delta) return
    block.grow(delta)
    if (delta.type === 'text_delta') this.#say(delta.text ?? '')
    else if (delta.type === 'input_json_delta') this.#listener.called()
  }

  #say(text: string): void {
    if (text !== '') this.#listener.said(text)
  }

  #blockAt(index: number | undefined): GrowingBlock | undefined {
    return index === undefined ? undefined : this.#blocks.get(index)
  }

  /** Counts are cumulative: a later one replaces an earlier one. */
  #count(usage: WireUsage | undefined): void {
    for (const [name, count] of Object.entries(usage ?? {})) {
      if (typeof count === 'number') this.#counts = { ...this.#counts, [name]: count }
    }
  }
}

/** The vendor counts what it read from its cache and wrote to it apart from the rest of the input. */
function usageOf(counts: WireUsage): CountedUsage {
  const cached = counts.cache_read_input_tokens ?? 0
  const written = counts.cache_creation_input_tokens ?? 0
  return {
    input: (counts.input_tokens ?? 0) + cached + written,
    output: counts.output_tokens ?? 0,
    cached,
    written,
  }
}
