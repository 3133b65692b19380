import type { Side, Theme } from '../bridge.ts'

/** What the script tag says. */
export interface Settings {
  /** Where our script came from: the frame comes from there too. */
  origin: string
  clientKey: string
  locale: string | null
  theme: Theme | null
  position: Side | null
  hideLauncher: boolean
}

/** Our script tag: the one running now, or, where something re-inserted it, one whose address ends like ours. */
export function findScript(document: Document): HTMLScriptElement | null {
  const current = document.currentScript
  if (current instanceof HTMLScriptElement && isOurs(current)) return current
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].filter(isOurs)
  return scripts.find((script) => script.dataset.clientKey !== undefined) ?? scripts[0] ?? null
}

/** The settings, or null when the tag names no client. `?key=` stands in for an attribute that was dropped. */
export function readSettings(script: HTMLScriptElement): Settings | null {
  const address = new URL(script.src)
  const { dataset } = script
  const clientKey = dataset.clientKey ?? address.searchParams.get('key') ?? ''
  if (clientKey === '') return null
  return {
    origin: address.origin,
    clientKey,
    locale: dataset.locale ?? null,
    theme: oneOf(['auto', 'light', 'dark'], dataset.theme),
    position: oneOf(['left', 'right'], dataset.position),
    hideLauncher: dataset.hideLauncher !== undefined && dataset.hideLauncher !== 'false',
  }
}

function isOurs(script: HTMLScriptElement): boolean {
  return /\/widget\.js$/.test(script.src.split(/[?#]/, 1)[0] ?? '')
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | null {
  return known.find((one) => one === value) ?? null
}
