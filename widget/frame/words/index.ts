import { chooseLocale, languageOf } from '../../locale.ts'
import { en, type Words } from './en.ts'
import { he } from './he.ts'

export type { Words }

const LANGUAGES: Record<string, Words> = { en, he }

/** The words of the first wanted language that exists, and its tag for `lang` and `Intl`. */
export function wordsFor(wanted: readonly string[]): { words: Words; locale: string } {
  const locale = chooseLocale(wanted, Object.keys(LANGUAGES), 'en')
  return { words: LANGUAGES[languageOf(locale)] ?? en, locale }
}
