/**
 * What a visitor looks for, as a query of Shopify's search syntax that means nothing but these words: each is quoted,
 * and holds no quote or backslash that could end the quotes. So `status:draft`, `OR` and `-` are words like any other
 * (shopify.dev, "Shopify API search syntax"). Null: no word is left.
 */
export function quotedTerms(text: string): string | null {
  const words = text
    .normalize('NFC')
    .split(/[\s"'\\\p{Cc}\p{Cf}]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, MOST_WORDS)
  return words.length === 0 ? null : words.map((word) => `"${word}"`).join(' AND ')
}

/** Words of a query that are looked for. */
const MOST_WORDS = 8
