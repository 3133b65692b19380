/** The languages in which the server itself says something to visitors. */
export type Language = 'en' | 'he'

/** What is known of the language that a visitor speaks. */
export interface HeardLanguage {
  /** A language of BCP 47 without its region. Null: its letters serve many, and only a reader can tell which. */
  language: string | null
  /** What told it; null where nothing did. */
  from: 'last message' | 'earlier message' | 'locale' | null
}

/**
 * Hears the language from a visitor's messages, oldest first. The last one decides; where it is a name, a number or
 * too short, the one before it, and so on; where none does, the locale of the browser (BCP 47).
 */
export function hearLanguage(messages: readonly string[], locale: string | null | undefined): HeardLanguage {
  for (const [age, text] of messages.toReversed().entries()) {
    const read = readWords(text)
    if (read) return { ...read, from: age === 0 ? 'last message' : 'earlier message' }
  }
  const language = primaryLanguage(locale)
  return { language, from: language === null ? null : 'locale' }
}

/** In which language the server itself says something to whoever wrote this: one message, or several, oldest first. */
export function languageOf(said: string | readonly string[], locale: string | null | undefined): Language {
  return hearLanguage(typeof said === 'string' ? [said] : said, locale).language === 'he' ? 'he' : 'en'
}

/** What a language is called in English: `he` is Hebrew, `pt-BR` Brazilian Portuguese. Null: there is no such language. */
export function languageName(tag: string): string | null {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(tag) ?? null
  } catch {
    return null
  }
}

/** The language of a tag without its region: browsers still say `iw` for Hebrew, and a page may say anything. */
export function primaryLanguage(tag: string | null | undefined): string | null {
  try {
    return tag ? new Intl.Locale(tag).language : null
  } catch {
    return null
  }
}

/** Below so many words, Latin letters may be a size, a brand or "ok" in any language. */
const SENTENCE = 2

/** How many Latin words one word of another script may stand before and still be what the sentence is written in. */
const CARRIED = 3

/**
 * Names of products are written in Latin letters everywhere, so a few words of another script outweigh them; only
 * Latin words that read like a sentence outweigh those. Null where the words tell nothing.
 */
function readWords(text: string): Pick<HeardLanguage, 'language'> | null {
  const isShouted = text === text.toUpperCase()
  const words = (isShouted ? text.toLowerCase() : text).match(/\p{L}[\p{L}\p{M}]*/gu) ?? []
  const others = words.filter((word) => !LATIN.test(word))
  const plain = words.filter((word) => PLAIN_LATIN.test(word)).length
  if (others.length === 0) return plain < SENTENCE ? null : { language: null }
  const leads = words[0] === others[0]
  const outweigh = others.length >= plain || (leads && others.length * CARRIED >= plain)
  return { language: outweigh ? languageOfScript(others.join(' ')) : null }
}

const LATIN = /^\p{Script=Latin}/u

/** In lower case throughout, so neither a name nor a size: `where`, but not `Acme`, `iPhone` or `XL`. */
const PLAIN_LATIN = /^(?=\p{Script=Latin})[\p{Ll}\p{M}]{2,}$/u

/** Scripts that tell their language. Cyrillic, Devanagari and Chinese signs alone do not, nor does Persian's Arabic. */
const SCRIPTS: readonly [RegExp, string][] = [
  [/\p{Script=Hebrew}/u, 'he'],
  [/^(?!.*[پچژگکیٹڈڑںےہ]).*\p{Script=Arabic}/su, 'ar'],
  [/\p{Script=Greek}/u, 'el'],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/u, 'ja'],
  [/\p{Script=Hangul}/u, 'ko'],
  [/\p{Script=Thai}/u, 'th'],
  [/\p{Script=Armenian}/u, 'hy'],
  [/\p{Script=Georgian}/u, 'ka'],
]

function languageOfScript(text: string): string | null {
  return SCRIPTS.find(([script]) => script.test(text))?.[1] ?? null
}
