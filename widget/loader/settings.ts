import type { Given, Look } from '../../protocol/look.ts'
import type { Side, Theme } from '../bridge.ts'
import type { IdentitySource } from '../front.ts'

/** What the script tag says, or the script itself. */
export interface Settings {
  /** Where our script came from: the frame comes from there too. */
  origin: string
  clientKey: string
  /** Null: not known yet. */
  look: Look | null
  locale: string | null
  theme: Theme | null
  position: Side | null
  hideLauncher: boolean
  /** Proves who the visitor is; null where the page has not said. */
  identity: IdentitySource | null
  /** Whether unread answers are counted in the page's title while its tab is hidden. */
  titleBadge: boolean
}

/**
 * Our script tag: the one running now, or, where something re-inserted it, one whose address ends like ours and that
 * names a client: others call their scripts `widget.js` too.
 */
export function findScript(document: Document): HTMLScriptElement | null {
  const current = document.currentScript
  if (current instanceof HTMLScriptElement && isOurs(current)) return current
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].filter(isOurs)
  return scripts.find((script) => keyOf(script) !== null) ?? scripts[0] ?? null
}

/** The parameter of a function that the server puts around this script for `widget.js?key=`; no global. */
declare const PARLOR_GIVEN: Given | undefined

/** What came with the script, or null. */
export function given(): Given | null {
  return typeof PARLOR_GIVEN === 'undefined' ? null : PARLOR_GIVEN
}

/**
 * The settings, or null when nothing names a client. What came with the script stands in for a tag that lost its
 * attributes, or was lost itself where the script was copied into another; so does a parameter of its address, as
 * `?theme=dark`.
 */
export function readSettings(script: HTMLScriptElement | null, given: Given | null): Settings | null {
  const clientKey = script?.dataset.clientKey ?? given?.client_key ?? (script && keyOf(script)) ?? ''
  if (clientKey === '') return null
  const { searchParams, origin } = new URL(script?.src ?? location.href)
  const told = (name: string) => script?.getAttribute(`data-${name}`) ?? searchParams.get(name)
  return {
    origin: given?.origin ?? origin,
    clientKey,
    look: given?.client_key === clientKey ? given.look : null,
    locale: told('locale'),
    theme: themeOf(told('theme')),
    position: oneOf(['left', 'right'], told('position')),
    hideLauncher: !['false', null].includes(told('hide-launcher')),
    identity: told('identity-token') || null,
    titleBadge: told('title-badge') !== 'off',
  }
}

export function themeOf(value: unknown): Theme | null {
  return oneOf(['auto', 'light', 'dark'], value)
}

function keyOf(script: HTMLScriptElement): string | null {
  return script.dataset.clientKey ?? new URL(script.src).searchParams.get('key')
}

function isOurs(script: HTMLScriptElement): boolean {
  return /\/widget\.js$/.test(script.src.split(/[?#]/, 1)[0] ?? '')
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | null {
  return known.find((one) => one === value) ?? null
}
