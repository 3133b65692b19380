import type { Theme } from '../bridge.ts'
import type { BrandColours } from '../../protocol/brand-colours.ts'

/**
 * Dresses the document in the theme and the colours, and follows the system where the theme is `auto`. Hands back what
 * dresses it in another.
 */
export function applyTheme(root: HTMLElement, theme: Theme, colours: BrandColours): (theme: Theme) => void {
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
  return (another) => {
    theme = another
    dress()
  }
}
