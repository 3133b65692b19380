import type { Message } from '../protocol/records.ts'

export type Direction = 'ltr' | 'rtl'

/** Letters of Hebrew, Arabic and their kin, and what is written with them. */
const RIGHT_TO_LEFT = /[\u05be-\u05f4\u0620-\u065f\u066d-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/
const WORD = /^\P{L}*?(\p{L}[\p{L}\p{M}'’-]*)[^\p{L}\p{N}]*$/u

/** A name says little: Hebrew calls a thing as its maker does, in Latin letters. */
const NAME = 0.25
/** More than this says that an answer is not in the language of its question; less may be somebody's name. */
const SURE = 2
/** Rows that are looked through for the visitor's last words. */
const BACK = 20

/** The direction of most of a text's words; `usual` where it has none: codes, numbers, addresses. */
export function directionOfText<Usual extends Direction | null>(
  text: string,
  usual: Usual,
): Direction | Usual {
  let balance = 0
  for (const { word } of wordsOf(text)) balance += weigh(word)
  if (balance === 0) return usual
  return balance > 0 ? 'rtl' : 'ltr'
}

/**
 * The direction of an answer, which it keeps while it grows. `expected`, that of its question, holds from the first
 * character on, and from its first own word on for good. Only where more words of the other direction come before any
 * such than a name has does it change, once. `open` while more may follow.
 */
export function directionOfAnswer(text: string, expected: Direction, open: boolean): Direction {
  const balance = against(text, expected, open)
  return balance > (open ? SURE : 0) ? otherThan(expected) : expected
}

/** The direction of a paragraph, list or item in an answer of the direction `whole`. */
export function directionOfPart(text: string, whole: Direction, open: boolean): Direction {
  return against(text, whole, open) > SURE ? otherThan(whole) : whole
}

/** The direction of what the visitor last said up to `seq`. */
export function directionAsked(messages: readonly Message[], seq: number, usual: Direction): Direction {
  // Rows stand in the order of `seq`, each at most once: so none can stand further back.
  const last = Math.min(messages.length - 1, seq - (messages[0]?.seq ?? 0))
  for (let at = last; at > last - BACK; at -= 1) {
    const row = messages[at]
    const isAsked = row?.role === 'user' && row.seq <= seq
    const direction = isAsked ? directionOfText(row.content, null) : null
    if (direction) return direction
  }
  return usual
}

/** How much the words that come first speak against `expected`; below 0 once one speaks for it. */
function against(text: string, expected: Direction, open: boolean): number {
  let balance = 0
  for (const { word, isLast } of wordsOf(text)) {
    // What may become a code, as `AB` becomes `AB-1042`, is no word yet.
    const weight = open && isLast ? Math.max(0, weigh(word)) : weigh(word)
    balance += expected === 'ltr' ? weight : -weight
    if (balance < 0 || balance > SURE) break
  }
  return balance
}

/** Everything between blanks that is not between backticks. */
function* wordsOf(text: string): Generator<{ word: string; isLast: boolean }> {
  let inCode = false
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    const ticks = word.split('`').length - 1
    if (!inCode && ticks === 0) yield { word, isLast: index + word.length === text.length }
    if (ticks % 2 === 1) inCode = !inCode
  }
}

/** Above 0 from right to left, below from left to right, 0 where it is no word. */
function weigh(text: string): number {
  const first = /\p{L}/u.exec(text)?.[0]
  if (first !== undefined && RIGHT_TO_LEFT.test(first)) return 1
  const word = WORD.exec(text)?.[1]
  if (word === undefined) return 0
  return word === word.toLowerCase() ? -1 : -NAME
}

function otherThan(direction: Direction): Direction {
  return direction === 'ltr' ? 'rtl' : 'ltr'
}
