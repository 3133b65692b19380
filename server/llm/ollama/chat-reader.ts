import { randomUUID } from 'node:crypto'
import { objectOf, parseEvent } from '../json-object.ts'
import { ProviderError, type ModelRequest, type ToolCall } from '../provider.ts'
import type { AnswerReader, Listener } from '../stream-answer.ts'
import { CallsInText } from './prompted/calls-in-text.ts'
import { lineError } from './errors.ts'
import { InlineThinking } from './inline-thinking.ts'
import type { WireCall, WireLine } from './wire.ts'
import { argumentsOf } from './prompted/written-call.ts'

/** What one request came to. */
export interface Part {
  text: string
  /** Never shown; the model wants it back in a tool loop. */
  thinking: string
  calls: ToolCall[]
  /** The last line: why it ended, and what was counted. */
  last: WireLine
}

/** An id that fits every vendor: a conversation may go on with another. */
const FIT_ID = /^[\w-]{1,64}$/

/** The ends of what was no answer. */
const NOT_ASKED: ReadonlySet<string> = new Set(['load', 'unload'])

/** Reads the lines of one answer, in their order. What it does not know it passes over. */
export class ChatReader implements AnswerReader<Part> {
  readonly #listener: Listener
  readonly #request: ModelRequest
  readonly #inline = new InlineThinking()
  /** Null where the model was offered no functions. */
  readonly #written: CallsInText | null
  readonly #calls: ToolCall[] = []
  #text = ''
  #thinking = ''
  #last: WireLine | null = null

  constructor(listener: Listener, request: ModelRequest) {
    this.#listener = listener
    this.#request = request
    const known = new Set(request.tools.map(({ name }) => name))
    this.#written = known.size === 0 ? null : new CallsInText(known, this.#say)
  }

  get complete(): boolean {
    return this.#last !== null
  }

  take(data: string): void {
    const line: WireLine = parseEvent(data)
    if ((line.error ?? null) !== null) throw lineError(line.error, this.#request)
    const { content, thinking, tool_calls } = line.message ?? {}
    if (typeof thinking === 'string' && thinking !== '') this.#think(thinking)
    if (typeof content === 'string' && content !== '') this.#read(content)
    if (Array.isArray(tool_calls)) this.#call(tool_calls)
    if (line.done === true) this.#last = line
  }

  finish(): Part {
    if (!this.#last) throw new ProviderError('broken_stream', 'The stream ended before the answer did')
    if (NOT_ASKED.has(this.#last.done_reason ?? ''))
      throw new ProviderError('broken_stream', 'The model was loaded or unloaded, and not asked')
    this.#pass(this.#inline.end())
    this.#written?.end()
    const written = this.#written?.calls ?? []
    return {
      text: this.#text,
      thinking: this.#thinking,
      calls: [...this.#calls, ...written.map((call) => ({ id: newId(), ...call }))],
      last: this.#last,
    }
  }

  #think(thinking: string): void {
    this.#thinking += thinking
    this.#listener.began()
  }

  #read(content: string): void {
    this.#listener.began()
    const visible = this.#inline.push(content)
    if (visible === '') return
    // Also where it is held back: it may be a piece of a call.
    this.#listener.called()
    this.#pass(visible)
  }

  #pass(visible: string): void {
    if (this.#written) this.#written.push(visible)
    else this.#say(visible)
  }

  /** Spaces before the first word are for nobody. */
  readonly #say = (text: string): void => {
    const piece = this.#text === '' ? text.trimStart() : text
    if (piece === '') return
    this.#text += piece
    this.#listener.said(piece)
  }

  #call(calls: readonly unknown[]): void {
    this.#listener.called()
    for (const call of calls) {
      const { id, function: called }: WireCall = objectOf(call) ?? {}
      if (typeof called?.name !== 'string') continue
      const given = { name: called.name, arguments: argumentsOf(called.arguments) }
      this.#calls.push({ id: this.#isFree(id) ? id : newId(), ...given })
    }
  }

  #isFree(id: unknown): id is string {
    return typeof id === 'string' && FIT_ID.test(id) && !this.#calls.some((call) => call.id === id)
  }
}

/** Ollama gives calls no ids, or has begun to only lately. Kept with the step, so it stays. */
function newId(): string {
  return `call_${randomUUID()}`
}
