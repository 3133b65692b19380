/** Endings that an English word has or has not, without a change of what it is about. */
const ENDING = /(?:ings?|edly|ed|es|s|ly)$/

/** What is left of a word must still be one. */
const SHORTEST_STEM = 3

/**
 * An English word without its common endings: ship, ships, shipping and shipped are one. For comparing two texts
 * here; what Postgres searches, its own dictionary stems.
 */
export function englishStem(word: string): string {
  if (/\d/.test(word) || word.endsWith('ss')) return word
  const stem = word.replace(/ies$/, 'y').replace(ENDING, '')
  if (stem.length < SHORTEST_STEM) return word
  return stem.replace(/([bdfgmnprt])\1$/, '$1').replace(/e+$/, '')
}
