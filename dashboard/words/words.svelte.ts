import { getContext, setContext } from 'svelte'
import type { Formats } from './formats.ts'
import type { Words } from './en/index.ts'

/** A language of the dashboard: what it is called in itself, and where its words are. */
interface Language {
  name: string
  direction: 'ltr' | 'rtl'
  load: () => Promise<{ default: Words }>
}

/** One entry each; everything else follows. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', load: () => import('./en/index.ts') },
  he: { name: 'עברית', direction: 'rtl', load: () => import('./he/index.ts') },
} as const satisfies Record<string, Language>

export type LanguageCode = keyof typeof LANGUAGES

const CODES = Object.keys(LANGUAGES) as LanguageCode[]

/** What was chosen, else the first that the browser wants and we have, else English. */
export function preferredLanguage(chosen: string | null, wanted: readonly string[]): LanguageCode {
  const all = [...(chosen === null ? [] : [chosen]), ...wanted.map((tag) => tag.split('-')[0] ?? '')]
  return all.map((code) => CODES.find((one) => one === code)).find((code) => code !== undefined) ?? 'en'
}

/** The language that is shown, with its words. */
export interface Spoken {
  code: LanguageCode
  direction: 'ltr' | 'rtl'
  words: Words
  formats: Formats
}

const KEY = Symbol('language')

export function provideSpoken(spoken: Spoken): void {
  setContext(KEY, spoken)
}

/** While a component is made. Another language makes all components anew. */
export function useWords(): Words {
  return getContext<Spoken>(KEY).words
}

/** Numbers, dates and money, as the language writes them. While a component is made. */
export function useFormats(): Formats {
  return getContext<Spoken>(KEY).formats
}
