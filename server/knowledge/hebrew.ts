/** A word made of Hebrew letters only, as `readWords` leaves it: no niqqud, no final forms, no geresh. */
const HEBREW_WORD = /^[א-ת]+$/

/**
 * Letters that Hebrew glues to the front of a word, in the order in which they may pile up: and, when or that,
 * in / as / to / from, the. "ולכשבחנות" is "and when in a shop".
 */
const GLUED_PREFIX = /^ו?(?:לכש|כש|ש)?[בכלמ]?ה?$/
const LONGEST_PREFIX = 6

/** Plural endings, and the feminine ending with its construct form. */
const ENDING = /(?:ימ|ות|[הת])$/

/** What is left of a word must still be one: two letters would match half the language. */
const SHORTEST_STEM = 3

const FINAL_LETTERS: Readonly<Record<string, string>> = { ך: 'כ', ם: 'מ', ן: 'נ', ף: 'פ', ץ: 'צ' }

export function isHebrew(word: string): boolean {
  return HEBREW_WORD.test(word)
}

/** Writes the five letters that look otherwise at the end of a word as they look inside it. */
export function withoutFinalLetters(text: string): string {
  return text.replace(/[ךםןףץ]/g, (letter) => FINAL_LETTERS[letter] ?? letter)
}

/**
 * Every form under which a Hebrew word is kept and looked for: itself, itself without what may be glued to its
 * front, and each of these without a common ending. Postgres has no dictionary that would do it.
 */
export function hebrewForms(word: string): string[] {
  return [...new Set(unprefixed(word).flatMap(withoutEnding))]
}

/** A word, and what is left of it without each pile of letters that may be glued to its front. */
export function unprefixed(word: string): string[] {
  const forms = [word]
  for (let length = 1; length <= LONGEST_PREFIX && word.length - length >= SHORTEST_STEM; length++) {
    if (GLUED_PREFIX.test(word.slice(0, length))) forms.push(word.slice(length))
  }
  return forms
}

/** A word, and what is left of it without a common ending. */
export function withoutEnding(word: string): string[] {
  const stem = word.replace(ENDING, '')
  return stem !== word && stem.length >= SHORTEST_STEM ? [word, stem] : [word]
}
