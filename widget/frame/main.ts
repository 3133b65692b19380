import { mount, unmount } from 'svelte'
import './app.css'
import App from './components/App.svelte'
import { Chat } from './chat.svelte.ts'
import type { HostSays } from '../bridge.ts'
import type * as DeskFile from '../desk/main.ts'
import { readConfig } from './config.ts'
import { embeddingPage, Host } from './host.ts'
import { lines } from './lines.ts'
import { directionOf } from '../locale.ts'
import { applyTheme } from './theme.ts'
import { localeFor, wordsOf } from './words.ts'

void start()

/** Greets the page around, dresses the document and puts the chat into it. */
async function start(): Promise<void> {
  const config = readConfig(document)
  const { colours } = config
  const { agent_name, position, theme } = config.branding
  const clientKey = new URLSearchParams(location.search).get('client_api_key') ?? ''
  if (window.parent === window) await beOwnHost(clientKey)
  const host = new Host(embeddingPage())
  let listener: (says: HostSays) => void = () => undefined
  const welcome = await host.greet((says) => listener(says))
  const wear = applyTheme(document.documentElement, welcome.theme ?? theme, colours)
  host.look({ color: colours.brand, on_color: colours.onBrand, name: agent_name, position })
  const localeOf = (languages: string[]) =>
    localeFor([...languages, ...(config.locale === null ? [] : [config.locale])])
  const chat = new Chat({ clientKey, locale: localeOf(welcome.languages), host, welcome, lines: lines() })

  let shown = Promise.resolve<(() => void) | null>(null)
  const show = (locale: string) => {
    shown = shown.then(async (takeDown) => {
      const words = await wordsOf(locale)
      takeDown?.()
      document.documentElement.lang = locale
      document.documentElement.dir = directionOf(locale)
      const app = mount(App, { target: document.body, props: { ui: { chat, config, words, locale } } })
      return () => void unmount(app)
    })
    return shown
  }

  listener = (says) => {
    if (says.type === 'visibility') chat.setOpen(says.open)
    else if (says.type === 'send') chat.send(says.text)
    else if (says.type === 'outbox') chat.adopt(says.outbox)
    else if (says.type === 'prefill') chat.draft = says.text
    else if (says.type === 'identify') chat.identify(says.token)
    else if (says.type === 'attributes') chat.setAttributes(says.attributes)
    else if (says.type === 'theme') wear(says.theme ?? theme)
    else if (says.type === 'languages') {
      const locale = localeOf(says.languages)
      chat.setLocale(locale)
      if (locale !== document.documentElement.lang) void show(locale)
    }
  }
  await show(localeOf(welcome.languages))
  listenToNetwork(chat)
  host.tell('ready', {})
}

/** Where the build has put the desk, with its hash. The build knows it. */
declare const PARLOR_DESK: string

/** A chat in a tab of its own: no page is around to keep things for its visitor, so that it does so itself. */
async function beOwnHost(clientKey: string): Promise<void> {
  const desk: unknown = await import(/* @vite-ignore */ `${location.origin}/${PARLOR_DESK}`)
  const { OwnPage } = await import('./own-page.ts')
  ;(desk as typeof DeskFile).openOwnDesk(new OwnPage(clientKey))
}

function listenToNetwork(chat: Chat): void {
  addEventListener('online', () => chat.wake())
  addEventListener('offline', () => chat.wake())
  addEventListener('pagehide', () => chat.rest())
  addEventListener('pageshow', (event) => event.persisted && chat.wake())
  addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.hurry())
}
