/** Looks for the end of an object or an array in a text that is still growing. */
export class JsonEnd {
  #depth = 0
  #inString = false
  #escaped = false
  #seen = 0

  /**
   * Takes the text as far as it has come, from the opening bracket on; what it has seen before it does not look at
   * again. The place after the closing bracket, or null when it has not come yet.
   */
  find(text: string): number | null {
    for (; this.#seen < text.length; this.#seen++) {
      if (this.#closes(text.charAt(this.#seen))) return this.#seen + 1
    }
    return null
  }

  #closes(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (character === '\\') this.#escaped = true
      else if (character === '"') this.#inString = false
      return false
    }
    if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') this.#depth--
    return this.#depth === 0
  }
}
