/** What some writing needs and other writing hides in: direction marks, joiners, selectors. */
const CONTEXTUAL = '\\u180B-\\u180F\\uFE0E\\uFE0F\\u061C\\u200C-\\u200F'
/** Never shown: what Unicode says is ignored in display, annotations, controls. */
const UNSEEN = '(?:[\\p{Default_Ignorable_Code_Point}\\uFFF9-\\uFFFB]|[^\\P{Control}\\t\\n\\r])'

const SUSPECT = new RegExp(`${UNSEEN}|\\p{Surrogate}`, 'u')
const UNNEEDED = new RegExp(`(?![${CONTEXTUAL}])${UNSEEN}`, 'gu')
/** A run of what may be needed, after the character before it and with a look at the one behind it. */
const RUN = new RegExp(`([^${CONTEXTUAL}]?)([${CONTEXTUAL}]+)(?=(.?))`, 'gsu')

/**
 * `text` as a person sees it: without the characters that show nothing and that a model reads all the same (tags,
 * zero-width and filler characters, variation selectors, invisible operators, annotations, direction overrides,
 * controls). Kept is what writing needs: joiners inside emoji and in scripts that join, VS15 and VS16 after an emoji,
 * one direction mark at a time in right-to-left text, tabs and line ends. Lone surrogates become U+FFFD. Done twice
 * it changes nothing more; most text costs one test.
 */
export function visibleText(text: string): string {
  if (!SUSPECT.test(text)) return text
  const plain = text
    .toWellFormed()
    .replace(/[\v\f\x85]/g, '\n')
    .replace(UNNEEDED, '')
  const rightToLeft = RIGHT_TO_LEFT.test(plain)
  return plain.replace(
    RUN,
    (_, before: string, run: string, after: string) => before + needed({ before, run, after, rightToLeft }),
  )
}

interface Place {
  before: string
  run: string
  after: string
  /** Whether anything in the whole text is written from right to left. */
  rightToLeft: boolean
}

/** What of a run must stay: each character is judged by what was kept before it. */
function needed({ before, run, after, rightToLeft }: Place): string {
  let kept = ''
  for (const character of run) {
    const sofar = before + kept
    const stays =
      isSelector(character, sofar, after) ||
      isJoiner(character, sofar, after) ||
      (rightToLeft && DIRECTION.test(character) && !DIRECTION.test(kept))
    if (stays) kept += character
  }
  return kept
}

/** A keycap is a digit, the selector and the cap; any other emoji stands alone. */
function isSelector(character: string, before: string, after: string): boolean {
  if (/[\u180B-\u180F]/.test(character)) return /\p{Script=Mongolian}$/u.test(before)
  if (!/[\uFE0E\uFE0F]/.test(character)) return false
  return /[0-9#*]$/.test(before) ? after === '\u20E3' : /\p{Emoji}$/u.test(before)
}

/** Joiners make one emoji of several, and part or join the letters of scripts such as Arabic and Devanagari. */
function isJoiner(character: string, before: string, after: string): boolean {
  if (!/[\u200C\u200D]/.test(character)) return false
  if (JOINING_SCRIPT.test(before)) return true
  return character === '\u200D' && PICTURE.test(before) && /^\p{Extended_Pictographic}/u.test(after)
}

const DIRECTION = /[\u061C\u200E\u200F]/
const RIGHT_TO_LEFT =
  /(?!\u061C)[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]\uFE0F?$/u

const JOINING_SCRIPT = new RegExp(
  `[${[
    ...['Arabic', 'Syriac', 'Mandaic', 'Nko', 'Mongolian', 'Phags_Pa', 'Adlam', 'Devanagari', 'Bengali'],
    ...['Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada', 'Malayalam', 'Sinhala', 'Khmer'],
    ...['Myanmar', 'Tibetan', 'Balinese', 'Javanese', 'Sundanese'],
  ]
    .map((script) => `\\p{Script=${script}}`)
    .join('')}]$`,
  'u',
)
