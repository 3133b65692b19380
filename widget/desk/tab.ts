import type { Front } from '../front.ts'

/**
 * Whether our frame cannot be on this page, whoever allows it. In a sandbox that takes the page's origin away our frame
 * has none either. Once it was `tried` in vain, also on pages from disk, and at addresses that no policy of ours can name.
 */
export function frameCannotBe(tried = false): boolean {
  const isFile = location.protocol === 'file:'
  return self.origin === 'null' ? tried || !isFile : tried && (isFile || location.hostname.startsWith('['))
}

/** Where the chat is served. What it should know at once stands in the fragment, which no server sees. */
export function frameAddress({ origin, clientKey }: Front['settings'], told: Record<string, string>): string {
  return `${origin}/frame?client_api_key=${encodeURIComponent(clientKey)}#${String(new URLSearchParams(told))}`
}

/** Opens the chat as a page of its own. False where the browser does not let us. */
export function openTab(settings: Front['settings']): boolean {
  const { locale, theme, clientKey } = settings
  const tab = open(frameAddress(settings, { locale: locale ?? '', theme: theme ?? '' }), clientKey)
  if (tab) tab.opener = null
  return tab !== null
}
