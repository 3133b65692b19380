import { StreamedResponse } from './dispatch-fetch.ts'
import { retrying, RETRY_LIMITS, type RetryLimits } from './retry.ts'
import { SSE_LIMITS, type SseLimits } from './sse.ts'
import { TIME_LIMITS, Watch, type TimeLimits } from './watch.ts'
import type { WireTap } from './wire-log.ts'

/** What a vendor may take of time, repetitions and bytes. */
export interface VendorLimits {
  time: TimeLimits
  retry: RetryLimits
  sse: SseLimits
}

export const VENDOR_LIMITS: Readonly<VendorLimits> = {
  time: TIME_LIMITS,
  retry: RETRY_LIMITS,
  sse: SSE_LIMITS,
}

/** Hears of an answer while it comes. */
export interface Listener {
  /** The model began to think, to speak or to call. */
  began(): void
  /** A piece of visible text. */
  said(text: string): void
  /** A piece of a call. */
  called(): void
}

/** Reads the events of one answer, in their order. */
export interface AnswerReader<Part> {
  /** Takes the data of one event. Throws `ProviderError` when it tells of a failure or cannot be read. */
  take(data: string): void
  /** Whether the last event has come. */
  readonly complete: boolean
  /** The whole answer. Throws `broken_stream` when it did not come to its end. */
  finish(): Part
}

/** One request to a vendor, as often as it is sent. */
export interface Exchange<Part> {
  /** Sends it with a `fetch` of `createDispatchFetch`. */
  send(signal: AbortSignal): Promise<Response>
  reader(listener: Listener): AnswerReader<Part>
  /** What cuts bytes into events. */
  decoder(onEvent: (data: string) => void): { push(chunk: Buffer): void }
  /** What the vendor or the network did as `ProviderError`; a bug as it is. */
  failure(error: unknown): unknown
}

/** What an answer is asked for under: who hears it, who may stop it, and when patience ends. */
export class Call {
  readonly signal: AbortSignal
  /** By `performance.now()`. */
  readonly endsAt: number
  /** Hears what goes over the wire; nobody, where that is of no interest. */
  readonly tap: WireTap | undefined
  readonly #onText: (text: string) => void
  #spoke = false

  /** `patience` is in milliseconds, repetitions included. */
  constructor(onText: (text: string) => void, signal: AbortSignal, patience: number, tap?: WireTap) {
    this.#onText = onText
    this.tap = tap
    this.signal = signal
    this.endsAt = performance.now() + patience
  }

  /** Whether something was said: from then on nothing may be repeated. */
  get spoke(): boolean {
    return this.#spoke
  }

  readonly say = (text: string): void => {
    this.#spoke = true
    this.#onText(text)
  }
}

/**
 * Sends a request and reads its answer, with repetitions before the first visible word. Rejects with `ProviderError`,
 * or with the reason of the call's signal; no timer and no connection in use stays behind.
 */
export function streamAnswer<Part>(
  exchange: Exchange<Part>,
  call: Call,
  { time, retry }: VendorLimits,
): Promise<Part> {
  return retrying(
    () => askOnce(exchange, call, time),
    () => !call.spoke,
    retry,
    call.signal,
  )
}

async function askOnce<Part>(exchange: Exchange<Part>, call: Call, limits: TimeLimits): Promise<Part> {
  const watch = new Watch(call.signal, limits, call.endsAt)
  const reader = exchange.reader({
    began: () => {
      watch.began()
    },
    called: () => {
      watch.spoke()
    },
    said: (text) => {
      // Several events may come in one piece, and the first may be what made the caller stop.
      if (watch.over) watch.signal.throwIfAborted()
      watch.spoke()
      call.say(text)
    },
  })
  const decoder = exchange.decoder((data) => {
    reader.take(data)
  })
  try {
    const response = await exchange.send(watch.signal)
    if (!(response instanceof StreamedResponse)) throw new Error('The SDK did not hand the response through')
    call.tap?.sent(response.sent)
    await response.read((chunk) => {
      watch.heard()
      call.tap?.received(chunk)
      decoder.push(chunk)
      return !reader.complete
    }, watch.signal)
    return reader.finish()
  } catch (error) {
    watch.signal.throwIfAborted()
    throw exchange.failure(error)
  } finally {
    watch.close()
  }
}
