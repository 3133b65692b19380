const BEGIN = '<think>'
const END = '</think>'

/**
 * Takes out what a model thinks aloud at the beginning of its text, between `<think>` and `</think>`: servers that do
 * not know that a model thinks leave it there.
 */
export class InlineThinking {
  /** `before`: nothing but spaces, or a part of the mark, has come. */
  #state: 'before' | 'thinking' | 'after' = 'before'
  #held = ''

  /** The part of the text that is for the visitor, as far as that can be told. */
  push(text: string): string {
    if (this.#state === 'after') return text
    this.#held += text
    if (this.#state === 'before') {
      const begun = this.#held.trimStart()
      if (begun.length < BEGIN.length && BEGIN.startsWith(begun)) return ''
      this.#state = begun.startsWith(BEGIN) ? 'thinking' : 'after'
    }
    return this.#state === 'thinking' ? this.#passOver() : this.end()
  }

  /** What was held back when the answer is over: text that began like the mark. */
  end(): string {
    const held = this.#state === 'thinking' ? '' : this.#held
    this.#held = ''
    return held
  }

  #passOver(): string {
    const end = this.#held.indexOf(END)
    if (end === -1) {
      // Enough to find the mark where it is cut.
      this.#held = this.#held.slice(-END.length)
      return ''
    }
    this.#state = 'after'
    this.#held = this.#held.slice(end + END.length).trimStart()
    return this.end()
  }
}
