import { languageOf, plural } from '../locale.ts'
import { launcher as en, type Launcher } from '../words/en.ts'
import { launcher as he } from '../words/he.ts'

export const LANGUAGES: Record<string, Launcher> = { en, he }

/** What the launcher says. */
export interface LauncherWords extends Omit<Launcher, 'unread'> {
  unread: (count: number) => string
}

/** The words of the first wanted language that exists. */
export function launcherWords(wanted: readonly string[]): LauncherWords {
  const language = wanted.map(languageOf).find((one) => Object.hasOwn(LANGUAGES, one)) ?? 'en'
  const words = LANGUAGES[language] ?? en
  return { ...words, unread: (count) => plural(language, count, words.unread) }
}
