import { setImmediate } from 'node:timers/promises'
import type { ServerResponse } from 'node:http'
import type { ProviderFault, StopReason } from '../../../server/llm/provider.ts'
import type { Bill, Ledger } from './ledger.ts'

/** One call of a function, as a vendor tells it. */
export interface VendorCall {
  id: string
  name: string
  /** The arguments as they come: pieces of JSON. */
  json: readonly string[]
}

/** A failure before anything was said. */
export interface VendorFailure {
  status: number
  message?: string
  /** The vendor's word for it; without one, what it says with this status. */
  type?: string
  headers?: Record<string, string>
}

let requests = 0

/** One answer of a stand-in, written piece by piece. What a vendor calls these things is in its own class. */
export abstract class VendorReply {
  readonly id = `req_${String(++requests).padStart(6, '0')}`
  protected readonly response: ServerResponse
  protected readonly ledger: Ledger

  constructor(response: ServerResponse, ledger: Ledger) {
    this.response = response
    this.ledger = ledger
  }

  /** What comes before the first word. `bill` is what the answer costs, as far as it matters. */
  abstract begin(bill?: Partial<Bill>): Promise<void>
  abstract call(call: VendorCall): Promise<void>
  /** A sign of life without a word. */
  abstract ping(): Promise<void>
  /** Events and parts of events of kinds that nobody knows. */
  abstract puzzle(): Promise<void>
  /** What comes after the last word, and the end of the stream. */
  abstract end(stop: StopReason): Promise<void>
  abstract fail(failure: VendorFailure): void
  /** Tells of a failure in the middle of the stream, and ends it. */
  abstract break(fault: ProviderFault): Promise<void>
  /** An event that nobody can read. */
  abstract garble(): Promise<void>
  /** What must come before a piece of text, where it has not come yet. */
  protected abstract beforeText(): Promise<void>
  /** A piece of text as it is written on the wire. */
  protected abstract textWire(piece: string): string

  async say(piece: string): Promise<void> {
    await this.beforeText()
    await this.bytes(this.textWire(piece))
  }

  /** The same, with every byte in a piece of its own: every character of several bytes is cut. */
  async sayInBytes(piece: string): Promise<void> {
    await this.beforeText()
    for (const byte of Buffer.from(this.textWire(piece))) await this.bytes(Uint8Array.of(byte))
  }

  /** Several pieces that arrive together. */
  async sayTogether(pieces: readonly string[]): Promise<void> {
    await this.beforeText()
    await this.bytes(pieces.map((piece) => this.textWire(piece)).join(''))
  }

  /** Whether the client is gone. */
  get gone(): boolean {
    return this.response.destroyed
  }

  /** A response that is no stream. */
  json(status: number, body: unknown, headers: Record<string, string> = {}): void {
    this.response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
  }

  /** Sends the head of the stream at once, as vendors do before they have anything to say. */
  protected head(headers: Record<string, string>): void {
    this.response.writeHead(200, { 'cache-control': 'no-cache', ...headers })
    this.response.flushHeaders()
  }

  /** Sends these bytes in a piece of their own; they are on their way when it resolves. */
  async bytes(bytes: string | Uint8Array): Promise<void> {
    if (this.gone) return
    await new Promise<void>((resolve) => this.response.write(bytes, () => resolve()))
    // Twice through the loop: a reader in this process takes each piece by itself.
    await setImmediate()
    await setImmediate()
  }

  /** Cuts the connection in the middle. */
  cut(): void {
    this.response.destroy()
  }

  /** Ends the stream where it is, in good order. */
  finish(): void {
    this.response.end()
  }
}
