import { ProviderError } from './provider.ts'

/** How much a stream of events may hold, in bytes. Beyond it, reading fails with `broken_stream`. */
export interface SseLimits {
  event: number
  stream: number
}

export const SSE_LIMITS: Readonly<SseLimits> = { event: 1_048_576, stream: 16_777_216 }

const LF = 10
const CR = 13

/**
 * Reads server-sent events out of chunks that are cut anywhere, also inside a character: bytes wait until their line
 * is whole. Calls `onEvent` with the data of each event (its lines joined by line feeds) and its name, '' where it has
 * none. An event without its closing blank line is dropped, as the standard says.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class SseDecoder {
  readonly #onEvent: (data: string, name: string) => void
  readonly #limits: SseLimits
  /** What came since the last line end. */
  #rest: Buffer[] = []
  #restBytes = 0
  #streamBytes = 0
  /** Bytes of the event that is being read, as far as they are in whole lines. */
  #eventSize = 0
  #name = ''
  #data: string | null = null
  /** The last line ended in a carriage return: a line feed right after it belongs to the same line end. */
  #afterReturn = false
  #begun = false

  constructor(onEvent: (data: string, name: string) => void, limits: SseLimits = SSE_LIMITS) {
    this.#onEvent = onEvent
    this.#limits = limits
  }

  /** Takes the next bytes of the stream; throws `ProviderError` when it holds more than it may. */
  push(chunk: Buffer): void {
    this.#streamBytes += chunk.length
    if (this.#streamBytes > this.#limits.stream) throw tooLarge('The answer', this.#limits.stream)
    const end = Math.max(chunk.lastIndexOf(LF), chunk.lastIndexOf(CR)) + 1
    if (end > 0) this.#lines(this.#wholeLines(chunk, end))
    if (end < chunk.length) this.#keep(chunk.subarray(end))
  }

  #wholeLines(chunk: Buffer, end: number): string {
    if (this.#rest.length === 0) return chunk.toString('utf8', 0, end)
    const bytes = Buffer.concat([...this.#rest, chunk.subarray(0, end)])
    this.#rest = []
    this.#restBytes = 0
    return bytes.toString('utf8')
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length
    if (this.#eventSize + this.#restBytes > this.#limits.event) throw tooLarge('An event', this.#limits.event)
    this.#rest.push(bytes)
  }

  /** `text` is whole lines, the end of the last one included. */
  #lines(text: string): void {
    let from = 0
    if (!this.#begun) {
      this.#begun = true
      if (text.startsWith('\uFEFF')) from = 1
    }
    if (this.#afterReturn && text.startsWith('\n')) from = 1
    this.#afterReturn = text.endsWith('\r')
    if (text.includes('\r')) {
      for (const line of text
        .slice(from)
        .split(/\r\n|\r|\n/)
        .slice(0, -1))
        this.#line(line)
      return
    }
    for (let end = text.indexOf('\n', from); end !== -1; end = text.indexOf('\n', from)) {
      this.#line(text.slice(from, end))
      from = end + 1
    }
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch()
      return
    }
    this.#eventSize += line.length
    if (this.#eventSize > this.#limits.event) throw tooLarge('An event', this.#limits.event)
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    if (field === 'data') this.#data = this.#data === null ? valueOf(line) : `${this.#data}\n${valueOf(line)}`
    else if (field === 'event') this.#name = valueOf(line)
  }

  #dispatch(): void {
    const [data, name] = [this.#data, this.#name]
    this.#data = null
    this.#name = ''
    this.#eventSize = 0
    if (data !== null) this.#onEvent(data, name)
  }
}

/** What stands behind the colon, without the one space that may follow it; '' where there is no colon. */
function valueOf(line: string): string {
  const colon = line.indexOf(':')
  if (colon === -1) return ''
  return line.slice(line.startsWith(' ', colon + 1) ? colon + 2 : colon + 1)
}

/** The failure of a stream that holds more than it may. `limit` is in bytes. */
export function tooLarge(what: string, limit: number): ProviderError {
  return new ProviderError('broken_stream', `${what} is larger than ${limit} bytes`, { retryable: false })
}
