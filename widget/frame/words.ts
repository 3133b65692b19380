import { chooseLocale, languageOf } from '../locale.ts'
import type { Words } from '../words/en.ts'

export type { Words }

/** Each language is a file of its own, of which a visitor loads one. */
export const LANGUAGES: Record<string, () => Promise<Words>> = {
  en: async () => (await import('../words/en.ts')).chat,
  he: async () => (await import('../words/he.ts')).chat,
}

/** The first wanted language that exists, as its tag for `lang` and `Intl`. */
export function localeFor(wanted: readonly string[], languages = LANGUAGES): string {
  return chooseLocale(wanted, Object.keys(languages), 'en')
}

/** The words of such a language. Rejects when they cannot be loaded. */
export async function wordsOf(locale: string, languages = LANGUAGES): Promise<Words> {
  const load = languages[languageOf(locale)]
  if (!load) throw new Error(`there are no words for ${locale}`)
  return load()
}
