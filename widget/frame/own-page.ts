import type { Front } from '../front.ts'
import type { Settings } from '../loader/settings.ts'
import type { Room } from '../desk/room.ts'

const nothing = () => undefined

/** A chat that is a page of its own: always open, and nothing around it that could be dressed or told. */
export class OwnPage implements Front, Room {
  readonly settings: Settings
  readonly peer = { window, origin: location.origin }
  readonly isOpen = true
  readonly title = ''
  furnish = nothing
  setReady = nothing
  badge = nothing
  wear = nothing
  emit = nothing
  came = nothing
  reveal = nothing
  turned = nothing
  redress = nothing
  listen = nothing

  constructor(clientKey: string) {
    // What the launcher that opened it knows of the visitor's wishes.
    const wishes = new URLSearchParams(location.hash.slice(1))
    this.settings = {
      origin: location.origin,
      clientKey,
      look: null,
      locale: wishes.get('locale') || null,
      theme: (wishes.get('theme') || null) as Settings['theme'],
      position: null,
      hideLauncher: true,
      identity: null,
      titleBadge: true,
    }
  }

  languages(): string[] {
    const { locale } = this.settings
    return locale === null ? [...navigator.languages] : [locale, ...navigator.languages]
  }

  close(): void {
    window.close()
  }

  renew(): void {
    location.reload()
  }
}
