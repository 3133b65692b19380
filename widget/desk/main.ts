import type { Desk, Front } from '../front.ts'
import { PageDesk } from './page-desk.ts'
import type { Room } from './room.ts'
import { ChatWindow } from './window.ts'

/** Opens the desk of a page that has the launcher. */
export function openDesk(front: Front): Desk {
  return new PageDesk(front, (ending) => new ChatWindow(front, ending))
}

/** Opens the desk of the chat that is a page of its own, and its own host: it stands in the same window. */
export function openOwnDesk(front: Front & Room): Desk {
  return new PageDesk(front, () => front)
}
