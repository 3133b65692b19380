import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'

/** What the vendor counted. */
export interface Counts {
  input_tokens?: number
  cache_creation_input_tokens?: number
  cache_read_input_tokens?: number
}

let requests = 0

/** One answer of the stand-in, written piece by piece in Anthropic's wire format. */
export class AnthropicReply {
  readonly id = `req_${String(++requests).padStart(6, '0')}`
  readonly model: string
  readonly #response: ServerResponse
  #index = -1

  constructor(response: ServerResponse, model: string) {
    this.#response = response
    this.model = model
  }

  /** Whether the client is gone. */
  get gone(): boolean {
    return this.#response.destroyed
  }

  /** A response that is no stream. */
  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.#response
      .writeHead(status, { 'content-type': 'application/json', 'request-id': this.id, ...headers })
      .end(JSON.stringify(body))
  }

  /** Sends the head of the stream at once, as the vendor does before it has anything to say. */
  open(): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'request-id': this.id,
    })
    this.#response.flushHeaders()
  }

  /** The head and the first event. */
  async begin(counts: Counts = {}): Promise<void> {
    this.open()
    await this.event({
      type: 'message_start',
      message: {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        model: this.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: {
          input_tokens: 10,
          cache_creation_input_tokens: 0,
          cache_read_input_tokens: 0,
          output_tokens: 1,
          ...counts,
        },
      },
    })
  }

  /** A whole block: its beginning, its deltas, its end. */
  async block(
    content_block: { type: string; [field: string]: unknown },
    deltas: object[] = [],
  ): Promise<void> {
    await this.blockStart(content_block)
    for (const delta of deltas) await this.delta(delta)
    await this.blockStop()
  }

  async blockStart(content_block: { type: string; [field: string]: unknown }): Promise<void> {
    this.#index++
    await this.event({ type: 'content_block_start', index: this.#index, content_block })
  }

  delta(delta: object): Promise<void> {
    return this.event({ type: 'content_block_delta', index: this.#index, delta })
  }

  blockStop(): Promise<void> {
    return this.event({ type: 'content_block_stop', index: this.#index })
  }

  /** A block of text in these pieces. */
  text(pieces: readonly string[]): Promise<void> {
    return this.block(
      { type: 'text', text: '' },
      pieces.map((text) => ({ type: 'text_delta', text })),
    )
  }

  /** A call whose arguments come in these pieces of JSON. */
  call(id: string, name: string, pieces: readonly string[]): Promise<void> {
    return this.block(
      { type: 'tool_use', id, name, input: {} },
      pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
    )
  }

  /** The last two events, and the end of the stream. */
  async end(stop_reason: string, usage: object = { output_tokens: 5 }): Promise<void> {
    await this.event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage })
    await this.event({ type: 'message_stop' })
    this.#response.end()
  }

  event(event: { type: string; [field: string]: unknown }): Promise<void> {
    return this.bytes(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }

  /** Sends these bytes in a piece of their own; they are on their way when it resolves. */
  async bytes(bytes: string | Uint8Array): Promise<void> {
    if (this.gone) return
    await new Promise<void>((resolve) => this.#response.write(bytes, () => resolve()))
    // Twice through the loop: a reader in this process takes each piece by itself.
    await setImmediate()
    await setImmediate()
  }

  /** Cuts the connection in the middle. */
  cut(): void {
    this.#response.destroy()
  }

  /** Ends the stream where it is, in good order. */
  finish(): void {
    this.#response.end()
  }
}
