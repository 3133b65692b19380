import { objectOf, parseObject } from '../json-object.ts'
import type { ToolCall } from '../provider.ts'
import type { WireBlock, WireDelta } from './wire.ts'

/** The kinds of blocks that are understood well enough to be sent back; results of the vendor's own tools too. */
const KNOWN = new Set(['text', 'thinking', 'redacted_thinking', 'tool_use', 'server_tool_use'])
const RESULT = /_tool_result$/

/** One block of an answer while it grows. */
export class GrowingBlock {
  readonly #block: WireBlock
  /** Joined when somebody asks: a text that grows by every token keeps the garbage collector busy. */
  readonly #said: string[] = []
  #json = ''
  #call: ToolCall | null = null

  constructor(begun: WireBlock) {
    this.#block = { ...begun }
    if (begun.type === 'text' && typeof begun['text'] === 'string') this.#said.push(begun['text'])
  }

  /** What of it was said to the visitor. */
  get said(): string {
    return this.#said.join('')
  }

  /** The block as it goes back to the vendor; null when it is of an unknown kind, or empty and so not accepted. */
  get whole(): WireBlock | null {
    const { type } = this.#block
    if (type === 'text') return this.said.trim() === '' ? null : { ...this.#block, text: this.said }
    return KNOWN.has(type) || RESULT.test(type) ? this.#block : null
  }

  /** The function it calls, once it is closed. */
  get call(): ToolCall | null {
    return this.#call
  }

  /** Takes a delta; unknown ones are passed over. */
  grow(delta: WireDelta): void {
    switch (delta.type) {
      case 'text_delta':
        if (delta.text) this.#said.push(delta.text)
        return
      case 'thinking_delta':
        this.#append('thinking', delta.thinking)
        return
      case 'signature_delta':
        this.#append('signature', delta.signature)
        return
      case 'input_json_delta':
        this.#json += delta.partial_json ?? ''
        return
      case 'citations_delta':
        this.#block['citations'] = [...listOf(this.#block['citations']), delta.citation]
    }
  }

  /** The block is whole: what it calls can be read. */
  close(): void {
    const { type, id, name } = this.#block
    if (type !== 'tool_use' && type !== 'server_tool_use') return
    const given = this.#json === '' ? objectOf(this.#block['input']) : parseObject(this.#json)
    // The vendor takes nothing but an object back.
    this.#block['input'] = given ?? {}
    if (type === 'tool_use' && typeof id === 'string' && typeof name === 'string') {
      this.#call = { id, name, arguments: given }
    }
  }

  #append(field: 'thinking' | 'signature', piece: string | undefined): void {
    const before = this.#block[field]
    this.#block[field] = (typeof before === 'string' ? before : '') + (piece ?? '')
  }
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
