import { StringDecoder } from 'node:string_decoder'

/**
 * Reads the data of server-sent events out of pieces that are cut anywhere, also inside a character. Names and ids of
 * events are left out, and so is an event without its closing blank line. It holds what it is given: bound that.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export class EventData {
  readonly #decoder = new StringDecoder('utf8')
  /** What came since the last line end; joined only when there is another, however small the pieces are. */
  #rest: string[] = []
  #data: string[] = []

  /** The data of the events that this piece ends. */
  push(piece: Buffer): string[] {
    const text = this.#decoder.write(piece)
    const isWaiting = this.#rest.at(-1)?.endsWith('\r') === true
    this.#rest.push(text)
    if (!isWaiting && !/[\r\n]/.test(text)) return []
    // A carriage return at the very end may be half of a line end.
    const lines = this.#rest.join('').split(/\r\n|\n|\r(?!$)/)
    this.#rest = [lines.pop() ?? '']
    return lines.flatMap((line) => this.#line(line))
  }

  #line(line: string): string[] {
    if (line === '') {
      const data = this.#data
      this.#data = []
      return data.length > 0 ? [data.join('\n')] : []
    }
    const found = /^\uFEFF?data(?:: ?(.*))?$/s.exec(line)
    if (found) this.#data.push(found[1] ?? '')
    return []
  }
}
