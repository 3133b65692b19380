import type { ServerResponse } from 'node:http'
import type { ProviderFault, StopReason } from '../../../server/llm/provider.ts'
import type { Bill, Ledger } from './ledger.ts'
import { VendorReply, type VendorCall, type VendorFailure } from './reply.ts'

const STOPS: Record<StopReason, string> = {
  end: 'end_turn',
  tools: 'tool_use',
  length: 'max_tokens',
  refusal: 'refusal',
}

const FAULTS: Record<ProviderFault, string> = {
  unreachable: 'timeout_error',
  overloaded: 'overloaded_error',
  rate_limited: 'rate_limit_error',
  rejected: 'invalid_request_error',
  timeout: 'timeout_error',
  broken_stream: 'brand_new_error',
}

/** The vendor's type of an error, by its status. */
const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

type Block = { type: string; [field: string]: unknown }

/** One answer of the stand-in, written piece by piece in Anthropic's wire format. */
export class AnthropicReply extends VendorReply {
  readonly model: string
  #index = -1
  #speaking = false
  #bill: Bill = { input: 10, output: 5, cached: 0, written: 0 }

  constructor(response: ServerResponse, ledger: Ledger, model: string) {
    super(response, ledger)
    this.model = model
  }

  override json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    super.json(status, body, { 'request-id': this.id, ...headers })
  }

  /** Sends the head of the stream at once, as the vendor does before it has anything to say. */
  open(): void {
    this.head({ 'content-type': 'text/event-stream; charset=utf-8', 'request-id': this.id })
  }

  /** The head and the first event. */
  async begin(bill: Partial<Bill> = {}): Promise<void> {
    this.#bill = { ...this.#bill, ...bill }
    const { input, cached, written } = this.#bill
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
          input_tokens: input - cached - written,
          cache_creation_input_tokens: written,
          cache_read_input_tokens: cached,
          output_tokens: 1,
        },
      },
    })
  }

  async call({ id, name, json }: VendorCall): Promise<void> {
    const deltas = json.map((partial_json) => ({ type: 'input_json_delta', partial_json }))
    await this.block({ type: 'tool_use', id, name, input: {} }, deltas)
  }

  ping(): Promise<void> {
    return this.event({ type: 'ping' })
  }

  async puzzle(): Promise<void> {
    await this.event({ type: 'weather_report', index: 0, mood: 'sunny' })
    await this.block({ type: 'hologram', shape: 'cube' }, [{ type: 'shape_delta', text: 'never shown' }])
    await this.beforeText()
    await this.delta({ type: 'colour_delta', text: 'never shown' })
  }

  end(stop: StopReason): Promise<void> {
    return this.endWith(STOPS[stop])
  }

  fail({ status, message = 'Sorry', type = TYPES[status] ?? 'api_error', headers }: VendorFailure): void {
    this.json(status, { type: 'error', error: { type, message }, request_id: this.id }, headers)
  }

  break(fault: ProviderFault): Promise<void> {
    return this.breakWith(FAULTS[fault])
  }

  garble(): Promise<void> {
    return this.bytes('data: {"type": "content_block\n\n')
  }

  /** A whole block: its beginning, its deltas, its end. */
  async block(content_block: Block, deltas: object[] = []): Promise<void> {
    await this.blockStart(content_block)
    for (const delta of deltas) await this.delta(delta)
    await this.blockStop()
  }

  async blockStart(content_block: Block): Promise<void> {
    if (this.#speaking) await this.blockStop()
    this.#index++
    await this.event({ type: 'content_block_start', index: this.#index, content_block })
  }

  delta(delta: object): Promise<void> {
    return this.bytes(this.#deltaWire(delta))
  }

  blockStop(): Promise<void> {
    this.#speaking = false
    return this.event({ type: 'content_block_stop', index: this.#index })
  }

  /** The last two events, with the vendor's word for why it stopped, and the end of the stream. */
  async endWith(stop_reason: string): Promise<void> {
    if (this.#speaking) await this.blockStop()
    this.ledger.charge(this.#bill)
    const usage = { output_tokens: this.#bill.output }
    await this.event({ type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage })
    await this.event({ type: 'message_stop' })
    this.finish()
  }

  /** An `error` event with the vendor's word for what happened, and the end of the stream. */
  async breakWith(type: string): Promise<void> {
    await this.event({ type: 'error', error: { type, message: 'Something happened' } })
    this.finish()
  }

  event(event: { type: string; [field: string]: unknown }): Promise<void> {
    return this.bytes(wireOf(event))
  }

  protected textWire(text: string): string {
    return this.#deltaWire({ type: 'text_delta', text })
  }

  protected async beforeText(): Promise<void> {
    if (this.#speaking) return
    await this.blockStart({ type: 'text', text: '' })
    this.#speaking = true
  }

  #deltaWire(delta: object): string {
    return wireOf({ type: 'content_block_delta', index: this.#index, delta })
  }
}

function wireOf(event: { type: string; [field: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}
