/** One request to a vendor and its answer as they went over the wire. */
export interface WireExchange {
  request: string
  response: string
  /** Something was left out for its length. */
  cut: boolean
}

/** Hears what goes over the wire while a model is asked. */
export interface WireTap {
  /** A request was sent and answered; `body` is what it carried. */
  sent(body: string): void
  /** A piece of that answer. */
  received(chunk: Buffer): void
}

/** Characters of a request, bytes of a response, and exchanges of one call that are kept. */
const KEPT = { request: 500_000, response: 500_000, exchanges: 10 } as const

/** Keeps what is heard of one call of a model, the first exchanges of it. */
export class WireLog implements WireTap {
  readonly #exchanges: { request: string; chunks: Buffer[]; bytes: number; cut: boolean }[] = []
  #isFull = false

  sent(body: string): void {
    this.#isFull = this.#exchanges.length >= KEPT.exchanges
    if (this.#isFull) return
    const cut = body.length > KEPT.request
    this.#exchanges.push({ request: body.slice(0, KEPT.request), chunks: [], bytes: 0, cut })
  }

  received(chunk: Buffer): void {
    const last = this.#exchanges.at(-1)
    if (last === undefined || this.#isFull) return
    const kept = chunk.subarray(0, Math.max(0, KEPT.response - last.bytes))
    last.bytes += kept.length
    last.cut ||= kept.length < chunk.length
    // Copied: what it is a part of may be used again.
    if (kept.length > 0) last.chunks.push(Buffer.from(kept))
  }

  read(): WireExchange[] {
    return this.#exchanges.map(({ request, chunks, cut }) => ({
      ...{ request, cut },
      response: Buffer.concat(chunks).toString(),
    }))
  }
}
