import type { Given, Look } from '../../protocol/look.ts'
import type { Side, Theme } from '../bridge.ts'

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
}

/** Our script tag: the one running now, or, where something re-inserted it, one whose address ends like ours. */
export function findScript(document: Document): HTMLScriptElement | null {
  const current = document.currentScript
  if (current instanceof HTMLScriptElement && isOurs(current)) return current
  const scripts = [...document.querySelectorAll<HTMLScriptElement>('script[src]')].filter(isOurs)
  return scripts.find((script) => script.dataset.clientKey !== undefined) ?? scripts[0] ?? null
}

/** The parameter of a function that the server puts around this script for `widget.js?key=`; no global. */
declare const PARLOR_GIVEN: Given | undefined

/** What came with the script, or null. */
export function given(): Given | null {
  return typeof PARLOR_GIVEN === 'undefined' ? null : PARLOR_GIVEN
}

/**
 * The settings, or null when nothing names a client. What came with the script stands in for a tag that lost its
 * attributes, or was lost itself where the script was copied into another.
 */
export function readSettings(script: HTMLScriptElement | null, given: Given | null): Settings | null {
  const address = new URL(script?.src ?? location.href)
  const dataset = script?.dataset ?? {}
  const clientKey = dataset.clientKey ?? given?.client_key ?? address.searchParams.get('key') ?? ''
  if (clientKey === '') return null
  return {
    origin: given?.origin ?? address.origin,
    clientKey,
    look: given?.client_key === clientKey ? given.look : null,
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
