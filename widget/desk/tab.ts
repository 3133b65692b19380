import type { Front } from '../front.ts'

/**
 * Whether our frame cannot be on this page, whoever allows it. In a sandbox that takes the page's origin away our frame
 * has none either. Once it was `tried` in vain, also on pages from disk, and at addresses that no policy of ours can name.
 */
export function frameCannotBe(tried = false): boolean {
  const isFile = location.protocol === 'file:'
  return tried ? self.origin === 'null' || isFile || location.hostname.startsWith('[') : isSandboxed(isFile)
}

/** Opens the chat as a page of its own. False where the browser does not let us. */
export function openTab({ origin, clientKey, locale, theme }: Front['settings']): boolean {
  const wishes = new URLSearchParams({ ...(locale && { locale }), ...(theme && { theme }) })
  const address = `${origin}/frame?client_api_key=${encodeURIComponent(clientKey)}#${String(wishes)}`
  const tab = open(address, `parlor ${clientKey}`)
  if (tab) tab.opener = null
  return tab !== null
}

function isSandboxed(isFile: boolean): boolean {
  return self.origin === 'null' && !isFile
}
