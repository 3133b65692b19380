import { chooseLocale, languageOf, plural } from '../locale.ts'
import { launcher as en, type Launcher } from '../words/en.ts'
import { launcher as he } from '../words/he.ts'

export const LANGUAGES: Record<string, Launcher> = { en, he }

/** What the launcher says. */
export interface LauncherWords extends Omit<Launcher, 'unread'> {
  unread: (count: number) => string
}

export function launcherWords(wanted: readonly string[]): LauncherWords {
  const locale = chooseLocale(wanted, Object.keys(LANGUAGES), 'en')
  const words = LANGUAGES[languageOf(locale)] ?? en
  return { ...words, unread: (count) => plural(locale, count, words.unread) }
}
