import { chooseLocale, languageOf } from '../locale.ts'
import { chat as en, type Words } from '../words/en.ts'
import { chat as he } from '../words/he.ts'

export type { Words }

export const LANGUAGES: Record<string, Words> = { en, he }

/** The words of the first wanted language that exists, and its tag for `lang` and `Intl`. */
export function wordsFor(wanted: readonly string[], languages = LANGUAGES): { words: Words; locale: string } {
  const locale = chooseLocale(wanted, Object.keys(languages), 'en')
  return { words: languages[languageOf(locale)] ?? en, locale }
}
