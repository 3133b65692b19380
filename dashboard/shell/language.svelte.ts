import { getContext, setContext } from 'svelte'
import { createFormats } from '../words/formats.ts'
import { LANGUAGES, preferredLanguage, type LanguageCode, type Spoken } from '../words/words.svelte.ts'

const STORED = 'parlor-language'

/** Which language is shown: the one chosen here before, else the browser's. */
export class Language {
  /** Null until its words are there. */
  spoken = $state.raw<Spoken | null>(null)

  constructor() {
    void this.#show(preferredLanguage(localStorage.getItem(STORED), navigator.languages))
  }

  async choose(code: LanguageCode): Promise<void> {
    localStorage.setItem(STORED, code)
    await this.#show(code)
  }

  async #show(code: LanguageCode): Promise<void> {
    const { direction, load } = LANGUAGES[code]
    const { default: words } = await load()
    document.documentElement.lang = code
    document.documentElement.dir = direction
    this.spoken = { code, direction, words, formats: createFormats(code) }
  }
}

const KEY = Symbol('language choice')

export function provideLanguage(language: Language): void {
  setContext(KEY, language)
}

/** While a component is made. */
export function useLanguage(): Language {
  return getContext<Language>(KEY)
}
