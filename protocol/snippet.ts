/** What goes into a page, beside whose it is. */
export interface SnippetSettings {
  /** Where browsers reach the server: `https://chat.example.com`. */
  origin: string
  /** `pk_...` */
  clientKey: string
  /** A language tag, where the page's own is not to decide. */
  locale?: string
  theme?: 'auto' | 'light' | 'dark'
  position?: 'left' | 'right'
  /** No bubble: the page opens the chat itself. */
  hideLauncher?: boolean
  /** Of the page's policy, where it wants one. */
  nonce?: string
  /** For WordPress and the like: tells the plugins that delay, combine and copy scripts to leave this one alone. */
  untouched?: boolean
}

/** The script tag that people paste into their pages: the one in the docs, on the command line and in the dashboard. */
export function snippetFor({ origin, clientKey, ...more }: SnippetSettings): string {
  const attributes = Object.entries({
    src: `${origin}/widget.js?key=${encodeURIComponent(clientKey)}`,
    'data-locale': more.locale,
    'data-theme': more.theme,
    'data-position': more.position,
    'data-hide-launcher': more.hideLauncher === true ? '' : undefined,
    nonce: more.nonce,
    ...(more.untouched === true ? UNTOUCHED : {}),
  })
  const written = attributes.flatMap(([name, value]) => (value === undefined ? [] : write(name, value)))
  return `<script ${written.join(' ')} async></script>`
}

/** Nobody agreed on one. */
const UNTOUCHED = {
  nowprocket: '', // WP Rocket
  'data-no-optimize': '1', // LiteSpeed Cache
  'data-no-defer': '1', // LiteSpeed Cache
  'data-noptimize': '1', // Autoptimize
  'data-wpfc-render': 'false', // WP Fastest Cache
  'data-wpmeteor-nooptimize': 'true', // WP Meteor
  'data-jetpack-boost': 'ignore', // Jetpack Boost
  'nitro-exclude': '', // NitroPack
  'data-cfasync': 'false', // Cloudflare Rocket Loader
}

function write(name: string, value: string): string {
  if (value === '') return name
  return `${name}="${value.replace(/[&"<>]/g, (char) => `&#${char.charCodeAt(0)};`)}"`
}
