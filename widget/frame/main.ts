import { mount } from 'svelte'
import './app.css'
import App from './components/App.svelte'
import { Chat } from './chat.svelte.ts'
import { readConfig } from './config.ts'
import { embeddingPage, Host } from './host.ts'
import { directionOf } from '../locale.ts'
import { applyTheme, coloursOf } from './theme.ts'
import { localeFor, wordsOf } from './words.ts'

void start()

/** Greets the page around, dresses the document and puts the chat into it. */
async function start(): Promise<void> {
  const config = readConfig(document)
  const { color, agent_name, position, theme } = config.branding
  const host = new Host(embeddingPage())
  const running: { chat?: Chat } = {}
  const welcome = await host.greet((says) => {
    if (says.type === 'visibility') running.chat?.setOpen(says.open)
    else if (says.type === 'send') running.chat?.send(says.text)
  })
  const locale = localeFor([...welcome.languages, ...(config.locale === null ? [] : [config.locale])])
  document.documentElement.lang = locale
  document.documentElement.dir = directionOf(locale)
  const colours = coloursOf(color)
  applyTheme(document.documentElement, welcome.theme ?? theme, colours)
  host.look({ color: colours.brand, on_color: colours.onBrand, name: agent_name, position })
  const clientKey = new URLSearchParams(location.search).get('client_api_key') ?? ''
  const chat = new Chat({ clientKey, locale, host, welcome, openSocket })
  running.chat = chat
  const words = await wordsOf(locale)
  mount(App, { target: document.body, props: { ui: { chat, config, words, locale } } })
  listenToNetwork(chat)
  host.tell('ready', {})
}

/** Socket.IO's own address; WebSocket is the only transport spoken here. */
function openSocket(): WebSocket {
  return new WebSocket(`${location.origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`)
}

function listenToNetwork(chat: Chat): void {
  addEventListener('online', () => chat.wake())
  addEventListener('offline', () => chat.wake())
  addEventListener('pageshow', (event) => event.persisted && chat.wake())
  addEventListener('visibilitychange', () => document.visibilityState === 'visible' && chat.hurry())
}
