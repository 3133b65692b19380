import type { Theme } from '../bridge.ts'
import { brandColours, type BrandColours } from './colour.ts'

/** The answers' bubbles of app.css: the ground that brand-coloured text must be readable on. */
const GROUND = { light: '#f3f4f6', dark: '#25272e' }

/** The client's colour, and what goes with it in this chat's themes. */
export function coloursOf(color: string): BrandColours {
  return brandColours(color, GROUND.light, GROUND.dark)
}

/** Dresses the document in the theme and the colours, and follows the system where the theme is `auto`. */
export function applyTheme(root: HTMLElement, theme: Theme, colours: BrandColours): void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const dress = () => {
    const dark = theme === 'dark' || (theme === 'auto' && system.matches)
    root.dataset.theme = dark ? 'dark' : 'light'
    root.style.setProperty('--brand-ink', dark ? colours.inkOnDark : colours.inkOnLight)
  }
  root.style.setProperty('--brand', colours.brand)
  root.style.setProperty('--on-brand', colours.onBrand)
  system.addEventListener('change', dress)
  dress()
}
