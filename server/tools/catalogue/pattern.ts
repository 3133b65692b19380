/** Characters of a pattern, parts whose number may vary, and how often a part repeats where it says how often. */
const LONGEST = 100
const MOST_VARIED = 3
const MOST_REPEATS = 60

/** Characters of a text that may be held against a pattern: a longer one is refused before. */
export const LONGEST_MATCHED = 100

/**
 * What speaks against a regular expression that models' words are held against; null where nothing does. One that can
 * take minutes over a few words would stop the whole server: so there are no repeated groups, no look-around, no
 * references, one repetition without an end, and few whose number varies. What remains takes a fraction of a second.
 */
export function patternFault(pattern: string): string | null {
  if (pattern.length > LONGEST) return `is longer than ${String(LONGEST)} characters`
  try {
    new RegExp(pattern, 'u')
  } catch {
    return 'is no regular expression'
  }
  // Classes and escaped characters are letters like all others here.
  const plain = pattern
    .replace(/\\[1-9k]/g, '(?')
    .replace(/\\./gu, 'x')
    .replace(/\[[^\]]*\]/g, 'x')
  if (/\(\?(?!:)/.test(plain)) return 'looks around, or back at what was found'
  if (/\)[*+?{]/.test(plain)) return 'repeats a group'
  const endless = plain.match(/[*+]|\{\d+,\}/g) ?? []
  if (endless.length > 1) return 'repeats more than one part without an end'
  const varied = plain.replaceAll('(?:', '(').match(/[*+?]|\{\d+,\d*\}/g) ?? []
  if (varied.length > MOST_VARIED) return `has more than ${String(MOST_VARIED)} parts whose number varies`
  const bounds = [...plain.matchAll(/\{(\d+)(?:,(\d+))?\}/g)].map(([, least, most]) => Number(most ?? least))
  const repeats = bounds.reduce((sum, one) => sum + one, 0)
  return repeats > MOST_REPEATS ? `repeats its parts more than ${String(MOST_REPEATS)} times` : null
}
