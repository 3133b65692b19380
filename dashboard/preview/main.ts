import { mount, unmount } from 'svelte'
import { brandColours } from '../../protocol/brand-colours.ts'
import '../../widget/frame/app.css'
import { Chat } from '../../widget/frame/chat.svelte.ts'
import App from '../../widget/frame/components/App.svelte'
import { Host } from '../../widget/frame/host.ts'
import { applyTheme } from '../../widget/frame/theme.ts'
import { wordsOf } from '../../widget/frame/words.ts'
import { Launcher } from '../../widget/loader/launcher.ts'
import { launcherWords } from '../../widget/loader/words.ts'
import type { Previewed } from './previewed.ts'
import { silentLines } from './silent-lines.ts'

/**
 * The widget's own chat and bubble, in a page of the dashboard: dressed as the page around says, each time it says so.
 * It speaks to nobody.
 */
export function startPreview(): void {
  let takeDown: () => void = () => undefined
  let shown = Promise.resolve()
  addEventListener('message', ({ source, origin, data }: MessageEvent<Previewed>) => {
    if (source !== window.parent || origin !== location.origin) return
    shown = shown.then(async () => {
      const next = await show(data)
      takeDown()
      takeDown = next()
    })
  })
  window.parent.postMessage('preview ready', location.origin)
}

/** What puts it onto the page, once its words are there. */
async function show({ config, scene, locale, theme }: Previewed): Promise<() => () => void> {
  const words = await wordsOf(locale)
  return () => {
    const root = document.documentElement
    root.lang = locale
    root.dir = locale === 'he' ? 'rtl' : 'ltr'
    const { branding } = config
    const colours = brandColours(branding.color)
    const worn = theme === 'auto' ? branding.theme : theme
    applyTheme(root, worn, colours)
    if (scene === 'closed') {
      const nothing = () => undefined
      const ports = { position: null, onToggle: nothing, onNear: nothing, onAttached: nothing }
      const launcher = new Launcher(ports, launcherWords([locale]), worn)
      launcher.wear({
        ...{ color: colours.brand, on_color: colours.onBrand },
        ...{ name: branding.agent_name, position: branding.position },
      })
      return () => launcher.remove()
    }
    const chat = new Chat({
      ...{ clientKey: '', locale, host: new Host({ window: null, origin: '' }) },
      welcome: {
        ...{ session: { session_id: '', session_token: '' }, outbox: [], read: null, page_url: '' },
        ...{ languages: [locale], theme: null, open: true, sound: false, attributes: null },
      },
      lines: silentLines(scene, locale),
    })
    const app = mount(App, { target: document.body, props: { ui: { chat, config, words, locale } } })
    return () => void unmount(app)
  }
}
