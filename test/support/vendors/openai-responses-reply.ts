import type { ServerResponse } from 'node:http'
import type { ProviderFault, StopReason } from '../../../server/llm/provider.ts'
import type { Bill, Ledger } from './ledger.ts'
import { failureBody, STREAM_CODES } from './openai-failures.ts'
import { VendorReply, type VendorCall, type VendorFailure } from './reply.ts'

type Fields = Record<string, unknown>

/** One answer of the stand-in, written piece by piece in the format of the Responses API. */
export class ResponsesReply extends VendorReply {
  readonly model: string
  readonly #items: Fields[] = []
  #sequence = 0
  /** The text of the message that is being written; null between messages. */
  #message: string | null = null
  #bill: Bill = { input: 12, output: 7, cached: 0, written: 0 }

  constructor(response: ServerResponse, ledger: Ledger, model: string) {
    super(response, ledger)
    this.model = model
  }

  override json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    super.json(status, body, { 'x-request-id': this.id, ...headers })
  }

  async begin(bill: Partial<Bill> = {}): Promise<void> {
    this.#bill = { ...this.#bill, ...bill }
    this.head({ 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': this.id })
    await this.event('response.created', { response: this.#response('in_progress') })
    await this.event('response.in_progress', { response: this.#response('in_progress') })
  }

  async call({ id, name, json }: VendorCall): Promise<void> {
    const item = { id: `fc_${id}`, type: 'function_call', call_id: id, name }
    await this.#added({ ...item, status: 'in_progress', arguments: '' })
    const place = { item_id: item.id, output_index: this.#items.length }
    for (const delta of json)
      await this.event('response.function_call_arguments.delta', { ...place, delta, obfuscation: 'x7' })
    const whole = json.join('')
    await this.event('response.function_call_arguments.done', { ...place, name, arguments: whole })
    await this.#done({ ...item, status: 'completed', arguments: whole })
  }

  /** What was thought: told in no words, to be sent back as it is. */
  async think(encrypted_content: string | null): Promise<void> {
    const item = { id: `rs_${this.#items.length}`, type: 'reasoning', summary: [] }
    await this.#added(item)
    await this.#done({ ...item, encrypted_content })
  }

  /** A whole message, in one piece. `phase`: what the vendor says that it is for. */
  async message(text: string, phase: string): Promise<void> {
    await this.say(text)
    await this.#messageDone({ phase })
  }

  /** The model declines in words of its own. */
  async refuse(pieces: readonly string[]): Promise<void> {
    const item = { id: 'msg_refusal', type: 'message', role: 'assistant' }
    await this.#added({ ...item, status: 'in_progress', content: [] })
    const place = { item_id: item.id, output_index: this.#items.length, content_index: 0 }
    for (const delta of pieces) await this.event('response.refusal.delta', { ...place, delta })
    const refusal = pieces.join('')
    await this.event('response.refusal.done', { ...place, refusal })
    await this.#done({ ...item, status: 'completed', content: [{ type: 'refusal', refusal }] })
  }

  ping(): Promise<void> {
    return this.event('keepalive')
  }

  async puzzle(): Promise<void> {
    await this.event('response.weather.delta', { delta: 'never shown' })
    await this.#added({ id: 'ho_1', type: 'hologram', status: 'in_progress' })
    await this.#done({ id: 'ho_1', type: 'hologram', status: 'completed', shape: 'cube' })
    await this.#added({ id: 'rs_1', type: 'reasoning', summary: [] })
    await this.event('response.reasoning_text.delta', { delta: 'never shown' })
  }

  async end(stop: StopReason): Promise<void> {
    await this.#messageDone()
    const reasons: Partial<Record<StopReason, string>> = {
      length: 'max_output_tokens',
      refusal: 'content_filter',
    }
    const reason = reasons[stop]
    const status = reason ? 'incomplete' : 'completed'
    const { input, output, cached, written } = this.#bill
    const usage = {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + output,
    }
    this.ledger.charge(this.#bill)
    const incomplete_details = reason ? { reason } : null
    await this.event(`response.${status}`, {
      response: { ...this.#response(status), output: this.#items, incomplete_details, usage },
    })
    this.finish()
  }

  fail(failure: VendorFailure): void {
    this.json(failure.status, failureBody(failure), failure.headers)
  }

  break(fault: ProviderFault): Promise<void> {
    return this.breakWith(STREAM_CODES[fault])
  }

  /** An `error` event with this code; what breaks the vendor's own servers is told with the whole response. */
  async breakWith(code: string): Promise<void> {
    const message = 'Something happened'
    if (code === 'server_error')
      await this.event('response.failed', {
        response: { ...this.#response('failed'), error: { code, message } },
      })
    else await this.event('error', { code, message, param: null })
    this.finish()
  }

  garble(): Promise<void> {
    return this.bytes('event: response.output_text.delta\ndata: {"type": "response.out\n\n')
  }

  event(type: string, fields: Fields = {}): Promise<void> {
    return this.bytes(this.#wire(type, fields))
  }

  protected async beforeText(): Promise<void> {
    if (this.#message !== null) return
    this.#message = ''
    await this.#added({ ...this.#messageItem(), status: 'in_progress', content: [] })
    const part = { type: 'output_text', annotations: [], logprobs: [], text: '' }
    await this.event('response.content_part.added', { ...this.#place(), part })
  }

  protected textWire(delta: string): string {
    this.#message = (this.#message ?? '') + delta
    const fields = { ...this.#place(), delta, logprobs: [], obfuscation: 'Kq3f' }
    return this.#wire('response.output_text.delta', fields)
  }

  async #messageDone(more: Fields = {}): Promise<void> {
    if (this.#message === null) return
    const part = { type: 'output_text', annotations: [], logprobs: [], text: this.#message }
    await this.event('response.output_text.done', { ...this.#place(), text: this.#message, logprobs: [] })
    await this.event('response.content_part.done', { ...this.#place(), part })
    await this.#done({ ...this.#messageItem(), status: 'completed', content: [part], ...more })
    this.#message = null
  }

  async #added(item: Fields): Promise<void> {
    if (item['type'] !== 'message') await this.#messageDone()
    await this.event('response.output_item.added', { output_index: this.#items.length, item })
  }

  async #done(item: Fields): Promise<void> {
    await this.event('response.output_item.done', { output_index: this.#items.length, item })
    this.#items.push(item)
  }

  #messageItem(): Fields {
    return { id: `msg_${this.#items.length}`, type: 'message', role: 'assistant' }
  }

  #place(): Fields {
    return { item_id: this.#messageItem()['id'], output_index: this.#items.length, content_index: 0 }
  }

  #response(status: string): Fields {
    return {
      ...{ id: 'resp_1', object: 'response', created_at: 1_793_000_000, status, error: null },
      ...{ incomplete_details: null, model: this.model, output: [], store: false, usage: null },
    }
  }

  #wire(type: string, fields: Fields): string {
    const data = JSON.stringify({ type, sequence_number: this.#sequence++, ...fields })
    return `event: ${type}\ndata: ${data}\n\n`
  }
}
