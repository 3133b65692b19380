import type { Look } from '../bridge.ts'
import { placeOf } from '../forget.ts'

/** How the launcher looked last: it comes before the branding does. The page's own code can write there too. */
export function keptLook(clientKey: string): Look | null {
  try {
    const look = JSON.parse(localStorage.getItem(placeOf(clientKey) + 'look') ?? 'null') as Look | null
    return look && [look.color, look.on_color].every((color) => typeof color === 'string') ? look : null
  } catch {
    return null
  }
}

export function keepLook(clientKey: string, look: Look): void {
  try {
    localStorage.setItem(placeOf(clientKey) + 'look', JSON.stringify(look))
  } catch {
    // Denied or full: the next page begins in our own colours.
  }
}

/** Whether this visitor has chatted before. */
export function hasSession(clientKey: string): boolean {
  try {
    return localStorage.getItem(placeOf(clientKey) + 'session') !== null
  } catch {
    return false
  }
}
