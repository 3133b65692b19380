import { SSE_LIMITS, tooLarge, type SseLimits } from './sse.ts'

const LF = 10

/**
 * Reads JSON texts that stand one on a line out of chunks that are cut anywhere, also inside a character: bytes wait
 * until their line is whole. Blank lines are passed over; a last line without its end is dropped.
 */
export class NdjsonDecoder {
  readonly #onLine: (line: string) => void
  readonly #limits: SseLimits
  /** What came since the last line end. */
  #rest: Buffer[] = []
  #restBytes = 0
  #streamBytes = 0

  /** `limits.event` bounds one line. */
  constructor(onLine: (line: string) => void, limits: SseLimits = SSE_LIMITS) {
    this.#onLine = onLine
    this.#limits = limits
  }

  /** Takes the next bytes of the stream; throws `ProviderError` when it holds more than it may. */
  push(chunk: Buffer): void {
    this.#streamBytes += chunk.length
    if (this.#streamBytes > this.#limits.stream) throw tooLarge('The answer', this.#limits.stream)
    let from = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      this.#keep(chunk.subarray(from, end))
      this.#line()
      from = end + 1
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length
    if (this.#restBytes > this.#limits.event) throw tooLarge('An event', this.#limits.event)
    this.#rest.push(bytes)
  }

  #line(): void {
    const [first, ...more] = this.#rest
    const line = (first && more.length === 0 ? first : Buffer.concat(this.#rest)).toString('utf8')
    this.#rest = []
    this.#restBytes = 0
    if (line.trim() !== '') this.#onLine(line)
  }
}
