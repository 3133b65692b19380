import BookUser from '@lucide/svelte/icons/book-user'
import Building2 from '@lucide/svelte/icons/building-2'
import ChartLine from '@lucide/svelte/icons/chart-line'
import History from '@lucide/svelte/icons/history'
import MessagesSquare from '@lucide/svelte/icons/messages-square'
import Radio from '@lucide/svelte/icons/radio'
import ScrollText from '@lucide/svelte/icons/scroll-text'
import Wrench from '@lucide/svelte/icons/wrench'
import { currentPath } from '../routes.ts'
import type { Session } from '../session/session.svelte.ts'
import { mayDo } from '../session/use-session.ts'

/** What the navigation shows: `key` goes there after a `g`. */
const PLACES = [
  { path: '/live', name: 'live', key: 'l', icon: Radio },
  { path: '/conversations', name: 'conversations', key: 'c', icon: MessagesSquare },
  { path: '/overview', name: 'overview', key: 'o', icon: ChartLine },
  { path: '/clients', name: 'clients', key: 'b', icon: Building2 },
  { path: '/catalogue', name: 'catalogue', key: 't', icon: Wrench, least: 'admin', of: 'installation' },
  { path: '/people', name: 'people', key: 'p', icon: BookUser, least: 'admin' },
  { path: '/audit', name: 'audit', key: 'a', icon: ScrollText, least: 'admin' },
  { path: '/retention', name: 'retention', key: 'r', icon: History, least: 'admin' },
] as const

export type Place = (typeof PLACES)[number]

/** The places that who is signed in may see, in the order of the navigation. */
export function placesFor(session: Session): Place[] {
  return PLACES.filter(
    (place) => !('least' in place) || mayDo(session, place.least, 'of' in place ? place.of : undefined),
  )
}

/** Whether the person is there, or on a page below it. */
export function isAt({ path }: Place): boolean {
  const current = currentPath()
  return current === path || current.startsWith(`${path}/`) || (path === '/live' && current === '/')
}
