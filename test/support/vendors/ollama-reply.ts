import type { ServerResponse } from 'node:http'
import type { ChatRequest } from 'ollama'
import type { StopReason } from '../../../server/llm/provider.ts'
import type { Bill, Ledger } from './ledger.ts'
import { VendorReply, type VendorCall, type VendorFailure } from './reply.ts'

/** Ollama has a word for nothing else: a model that declines does so in words of its own. */
const STOPS: Record<StopReason, string> = { end: 'stop', tools: 'stop', length: 'length', refusal: 'stop' }

/** One answer of the stand-in, written line by line in Ollama's wire format. */
export class OllamaReply extends VendorReply {
  readonly model: string
  /** Whether the request offers functions. */
  readonly offered: boolean
  #bill: Bill = { input: 10, output: 5, cached: 0, written: 0 }
  #calls = 0

  constructor(response: ServerResponse, ledger: Ledger, { model, tools = [] }: ChatRequest) {
    super(response, ledger)
    this.model = model
    this.offered = tools.length > 0
  }

  /** The head comes with the first line, when the model is loaded and has read. */
  begin(bill: Partial<Bill> = {}): Promise<void> {
    this.#bill = { ...this.#bill, ...bill }
    return Promise.resolve()
  }

  /** A whole call in one line: its arguments are an object. */
  call({ id, name, json }: VendorCall): Promise<void> {
    const given = JSON.parse(json.join('') || '{}') as object
    return this.callWith({ id, function: { index: this.#calls++, name, arguments: given } })
  }

  /** Calls as they stand. */
  callWith(...tool_calls: object[]): Promise<void> {
    return this.message({ content: '', tool_calls })
  }

  think(thinking: string): Promise<void> {
    return this.message({ content: '', thinking })
  }

  ping(): Promise<void> {
    return this.message({ content: '' })
  }

  async puzzle(): Promise<void> {
    await this.line({ model: this.model, weather: 'sunny', error: null })
    await this.message({ content: '', hologram: { shape: 'cube' }, tool_calls: [{ type: 'riddle' }, null] })
    await this.message({ content: null, thinking: 7 })
  }

  end(stop: StopReason): Promise<void> {
    return this.endWith(STOPS[stop])
  }

  /** The last line, and the end of the stream. `counts`: in place of those that are charged. */
  async endWith(done_reason: string, counts: object = this.#counts()): Promise<void> {
    this.ledger.charge(this.#bill)
    await this.line({
      ...this.#about(),
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason,
      total_duration: 4_883_583_458,
      load_duration: 1_334_875,
      prompt_eval_duration: 342_546_000,
      eval_duration: 4_535_599_000,
      ...counts,
    })
    this.finish()
  }

  fail({ status, message = 'Sorry', headers }: VendorFailure): void {
    this.json(status, { error: message }, headers)
  }

  /** Under HTTP 200 when something was said already, else with a status. */
  async break(): Promise<void> {
    const error = 'an error was encountered while running the model: unexpected EOF'
    if (!this.response.headersSent) this.fail({ status: 500, message: error })
    else await this.breakWith(error)
  }

  async breakWith(error: string): Promise<void> {
    await this.line({ error })
    this.finish()
  }

  async garble(): Promise<void> {
    await this.beforeText()
    await this.bytes('{"model":"qwen3:8b","crea\n')
  }

  message(message: object): Promise<void> {
    return this.line({ ...this.#about(), message: { role: 'assistant', ...message }, done: false })
  }

  async line(line: object): Promise<void> {
    await this.beforeText()
    await this.bytes(lineOf(line))
  }

  protected textWire(content: string): string {
    return lineOf({ ...this.#about(), message: { role: 'assistant', content }, done: false })
  }

  protected beforeText(): Promise<void> {
    if (!this.response.headersSent) this.head({ 'content-type': 'application/x-ndjson' })
    return Promise.resolve()
  }

  #about(): object {
    return { model: this.model, created_at: '2026-11-23T08:00:00.123456789Z' }
  }

  #counts(): object {
    const { input, output, cached } = this.#bill
    const fromCache = cached > 0 ? { prompt_eval_cached_count: cached } : {}
    return { prompt_eval_count: input, ...fromCache, eval_count: output }
  }
}

/** As Go writes it: what HTML takes for markup is escaped. */
function lineOf(line: object): string {
  const escaped = JSON.stringify(line).replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`)
  return `${escaped}\n`
}
