import type { Desk, Front } from '../front.ts'
import { PageDesk } from './page-desk.ts'
import { ChatWindow } from './window.ts'

/** Opens the desk of a page that has the launcher. */
export function openDesk(front: Front): Desk {
  return new PageDesk(front, (ending) => new ChatWindow(front, ending))
}

/** Opens the desk of the chat that is a page of its own: it stands in the same window. */
export function openOwnDesk(front: Front): Desk {
  const nothing = () => undefined
  const room = { came: nothing, reveal: nothing, turned: nothing, redress: nothing, listen: nothing }
  const peer = { window, origin: location.origin }
  return new PageDesk(front, () => ({ ...room, peer, renew: () => location.reload() }))
}
