import { findOpening } from './opening.ts'
import { JsonEnd } from './json-end.ts'
import { readCalls, type WrittenCall } from './written-call.ts'

/** Characters of one call, or of several in an array; what is longer is broken. */
const LONGEST_CALL = 65_536

/** What may stand between two calls, and after the last: the end of a fence, a comma. */
const BETWEEN_CALLS = /^[\s`,;]*$/

/** The beginning of what can be nothing but a call, whole or not. */
const SURELY_A_CALL = /^(?:```[\w-]*\s*)?\[?\s*\{\s*["']tool["']/

/**
 * Parts what a model writes while it comes: words go on to the visitor at once, calls in JSON never do. Only what may
 * turn out to be a call is held back, and said after all when it is none. What follows a call is passed over but for
 * further calls: a model that goes on talking makes the result up.
 */
export class CallsInText {
  readonly calls: WrittenCall[] = []
  readonly #known: ReadonlySet<string>
  readonly #say: (text: string) => void
  /** What came and was not said. */
  #held = ''
  /** Where the JSON begins in it, and who looks for its end. */
  #json: { at: number; end: JsonEnd } | null = null
  /** Nothing more is wanted. */
  #closed = false

  /** `known`: the functions that may be called. */
  constructor(known: ReadonlySet<string>, say: (text: string) => void) {
    this.#known = known
    this.#say = say
  }

  push(text: string): void {
    if (this.#closed) return
    this.#held += text
    while (this.#held !== '' && this.#step());
  }

  /** The answer is over: what was held back and is no call is said. */
  end(): void {
    const held = this.#held
    this.#held = ''
    const json = this.#json === null ? null : held.slice(this.#json.at)
    const calls = json === null ? [] : readCalls(json, this.#known)
    this.calls.push(...calls)
    if (calls.length === 0 && !(json !== null && SURELY_A_CALL.test(held))) this.#speak(held)
  }

  /** Works on what is held; false when more must come first. */
  #step(): boolean {
    if (this.#json) return this.#finishJson(this.#json)
    const opening = findOpening(this.#held)
    if (!opening) {
      this.#speak(this.#take(this.#held.length))
      return false
    }
    this.#speak(this.#take(opening.at))
    if (opening.json === null) return false
    this.#json = { at: opening.json - opening.at, end: new JsonEnd() }
    return true
  }

  #finishJson({ at, end }: { at: number; end: JsonEnd }): boolean {
    const rest = this.#held.length - at
    const length = end.find(this.#held.slice(at)) ?? (rest > LONGEST_CALL ? rest : null)
    if (length === null) return false
    this.#json = null
    const text = this.#take(at + length)
    const calls = readCalls(text.slice(at), this.#known)
    this.calls.push(...calls)
    if (calls.length === 0) this.#speak(text)
    return true
  }

  #take(length: number): string {
    const text = this.#held.slice(0, length)
    this.#held = this.#held.slice(length)
    return text
  }

  #speak(text: string): void {
    if (text === '') return
    if (this.calls.length === 0) this.#say(text)
    else if (!BETWEEN_CALLS.test(text)) {
      this.#closed = true
      this.#held = ''
    }
  }
}
