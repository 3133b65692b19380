import { getContext, setContext } from 'svelte'

export const THEMES = ['auto', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEMES)[number]

const STORED = 'parlor-theme'

/** Light or dark: as the person chose, else as the system is. The root element says which, for app.css. */
export class Theme {
  choice = $state<ThemeChoice>(readChoice())
  readonly #system = matchMedia('(prefers-color-scheme: dark)')

  constructor() {
    this.#system.addEventListener('change', () => this.#show())
    this.#show()
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice
    localStorage.setItem(STORED, choice)
    this.#show()
  }

  #show(): void {
    const isDark = this.choice === 'auto' ? this.#system.matches : this.choice === 'dark'
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light'
  }
}

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(STORED)
  return THEMES.find((theme) => theme === stored) ?? 'auto'
}

const KEY = Symbol('theme')

export function provideTheme(theme: Theme): void {
  setContext(KEY, theme)
}

/** While a component is made. */
export function useTheme(): Theme {
  return getContext<Theme>(KEY)
}
