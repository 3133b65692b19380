import type { ServerResponse } from 'node:http'
import type { ProviderFault, StopReason } from '../../../server/llm/provider.ts'
import type { Bill, Ledger } from './ledger.ts'
import type { ChatBody } from './openai-chat-rules.ts'
import { failureBody, STREAM_CODES } from './openai-failures.ts'
import { VendorReply, type VendorCall, type VendorFailure } from './reply.ts'

const REASONS: Record<StopReason, string> = {
  end: 'stop',
  tools: 'tool_calls',
  length: 'length',
  refusal: 'content_filter',
}

/** One answer of the stand-in, written piece by piece in the format of Chat Completions. */
export class ChatReply extends VendorReply {
  readonly model: string
  /** Whether the request wants to be told what it cost. */
  readonly #counts: boolean
  #calls = 0
  #bill: Bill = { input: 12, output: 7, cached: 0, written: 0 }

  constructor(response: ServerResponse, ledger: Ledger, body: ChatBody) {
    super(response, ledger)
    this.model = body.model
    this.#counts = body.stream_options?.include_usage === true
  }

  override json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    super.json(status, body, { 'x-request-id': this.id, ...headers })
  }

  /** The head of the stream, and nothing yet. */
  open(bill: Partial<Bill> = {}): void {
    this.#bill = { ...this.#bill, ...bill }
    this.head({ 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': this.id })
  }

  async begin(bill: Partial<Bill> = {}): Promise<void> {
    this.open(bill)
    await this.delta({ role: 'assistant', content: '', refusal: null })
  }

  async call({ id, name, json }: VendorCall): Promise<void> {
    const index = this.#calls++
    await this.fragment({ index, id, type: 'function', function: { name, arguments: '' } })
    for (const piece of json) await this.fragment({ index, function: { arguments: piece } })
  }

  /** One fragment of a call. */
  fragment(fragment: object): Promise<void> {
    return this.delta({ tool_calls: [fragment] })
  }

  ping(): Promise<void> {
    return this.bytes(': keep-alive\n\n')
  }

  async puzzle(): Promise<void> {
    await this.chunk({ object: 'weather.report', choices: null, mood: 'sunny' })
    await this.delta({ reasoning_content: 'never shown', hologram: 'never shown' })
    await this.delta({ content: null })
  }

  async end(stop: StopReason): Promise<void> {
    await this.stop(REASONS[stop])
    if (this.#counts) await this.count()
    await this.done()
  }

  /** The chunk that tells why the model stopped. */
  stop(finish_reason: string): Promise<void> {
    return this.chunk({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason }] })
  }

  /** The chunk that tells what the answer cost, with no choices in it. */
  count(): Promise<void> {
    const { input, output, cached, written } = this.#bill
    this.ledger.charge(this.#bill)
    const prompt_tokens_details = { cached_tokens: cached, cache_write_tokens: written, audio_tokens: 0 }
    return this.chunk({
      choices: [],
      usage: {
        ...{ prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
        ...{ prompt_tokens_details, completion_tokens_details: { reasoning_tokens: 0 } },
      },
    })
  }

  async done(): Promise<void> {
    await this.bytes('data: [DONE]\n\n')
    this.finish()
  }

  fail(failure: VendorFailure): void {
    this.json(failure.status, failureBody(failure), failure.headers)
  }

  break(fault: ProviderFault): Promise<void> {
    return this.breakWith({ type: STREAM_CODES[fault], code: null })
  }

  async breakWith(error: object): Promise<void> {
    const data = JSON.stringify({ error: { message: 'Something happened', param: null, ...error } })
    await this.bytes(`data: ${data}\n\n`)
    this.finish()
  }

  garble(): Promise<void> {
    return this.bytes('data: {"choices": [{"delta\n\n')
  }

  delta(delta: object): Promise<void> {
    return this.bytes(this.#deltaWire(delta))
  }

  chunk(fields: object): Promise<void> {
    return this.bytes(this.#wire(fields))
  }

  protected beforeText(): Promise<void> {
    return Promise.resolve()
  }

  protected textWire(content: string): string {
    return this.#deltaWire({ content })
  }

  #deltaWire(delta: object): string {
    return this.#wire({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }] })
  }

  #wire(fields: object): string {
    const base = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_793_000_000 }
    const usage = this.#counts ? { usage: null } : {}
    return `data: ${JSON.stringify({ ...base, model: this.model, ...usage, ...fields })}\n\n`
  }
}
