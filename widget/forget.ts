import type { Shelf } from './keep.ts'

/** The item whose writing tells the site's other tabs that the visitor is nobody any more. */
export const RESET = 'reset'

/** Where everything of one client's visitor is kept. */
export function placeOf(clientKey: string): string {
  return `parlor:${clientKey}:`
}

/** Lets go of what is kept for the visitor, and tells the site's other tabs. What the device likes stays. */
export function forgetVisitor(shelf: Shelf, place: string): void {
  for (const name of ['session', 'outbox', 'read', 'owner']) shelf.removeItem(place + name)
  shelf.setItem(place + RESET, String(Date.now()))
  shelf.removeItem(place + RESET)
}
