import type { ErrorCode } from '../protocol/errors.ts'
import type { Look } from '../protocol/look.ts'
import type { AttributeChanges } from '../protocol/telling.ts'
import type { ParlorEvent, ParlorEvents } from './public.ts'

export type { Look } from '../protocol/look.ts'
export type {
  ParlorConnection as ConnectionState,
  ParlorEvent as PublicEvent,
  ParlorEvents as PublicEvents,
} from './public.ts'

/** Who the visitor is. The token grants; it is kept in the host page's storage, never shown. */
export interface Session {
  session_id: string
  session_token: string
}

/** A message on its way: kept until its ack, or until the visitor discards it. */
export interface OutboxEntry {
  client_message_id: string
  text: string
  /** RFC 3339, by the visitor's clock. */
  created_at: string
  /** Why it will not be sent again by itself. */
  failed?: ErrorCode
}

/** How far the visitor has read one conversation. */
export interface ReadMark {
  conversation_id: string
  seq: number
}

export type Theme = 'auto' | 'light' | 'dark'
export type Side = 'left' | 'right'

/** What the page tells its frame at first. */
export interface Welcome {
  session: Session | null
  outbox: OutboxEntry[]
  read: ReadMark | null
  /** The page's address, without its query. */
  page_url: string
  /** Languages wanted, the first one most. */
  languages: string[]
  /** Null: as the client's branding says. */
  theme: Theme | null
  open: boolean
  /** Whether the visitor wants to hear new messages. */
  sound: boolean
  /** What the page has told of its visitor, merged. */
  attributes: AttributeChanges | null
}

/** From the chat frame to the loader. */
export type FrameSays =
  | { type: 'ready' }
  | { type: 'session:claim'; stale?: string }
  | { type: 'session:save'; session: Session }
  | { type: 'session:release' }
  | { type: 'outbox:put'; entry: OutboxEntry }
  | { type: 'outbox:drop'; client_message_id: string }
  | { type: 'read:mark'; mark: ReadMark }
  /** Asked for the visitor's proof; one that the server refused is not to come again. */
  | { type: 'identity:ask'; refused?: string }
  /** The session is another's than the proof's. */
  | { type: 'identity:foreign' }
  | { type: 'unread'; count: number }
  /** Whether a question waits for the visitor's yes. */
  | { type: 'asking'; asking: boolean }
  | { type: 'sound'; on: boolean }
  | { type: 'look'; look: Look }
  | { type: 'close' }
  | { type: 'event'; name: ParlorEvent; detail: ParlorEvents[ParlorEvent] }

/** From the loader to the chat frame. */
export type HostSays =
  | { type: 'welcome'; welcome: Welcome }
  | { type: 'session:claimed'; session: Session | null }
  /** The answer to `identity:ask`. Null: the page does not know who its visitor is. */
  | { type: 'identity'; token: string | null }
  /** The page has got to know who its visitor is. */
  | { type: 'identify'; token: string }
  | { type: 'attributes'; attributes: AttributeChanges }
  | { type: 'visibility'; open: boolean }
  | { type: 'send'; text: string }
  | { type: 'prefill'; text: string }
  /** Another tab has put messages into the common outbox, or taken some out. */
  | { type: 'outbox'; outbox: OutboxEntry[] }
  | { type: 'languages'; languages: string[] }
  | { type: 'theme'; theme: Theme | null }

/** The other end of the bridge: the one window and the one origin that are believed. */
export interface Peer {
  window: Window | null
  /** As `location.origin` says it; `null` and `file://` are pages without an origin. */
  origin: string
}

/** Says something to the peer and nobody else. */
export function say(peer: Peer, says: FrameSays | HostSays): void {
  peer.window?.postMessage({ parlor: 1, says }, isOpaque(peer.origin) ? '*' : peer.origin)
}

/** What the peer said, or null when the event is somebody else's or nothing of ours. */
export function heard(
  event: Pick<MessageEvent, 'source' | 'origin' | 'data'>,
  peer: Peer,
): FrameSays | HostSays | null {
  if (peer.window === null || event.source !== peer.window) return null
  if (event.origin !== peer.origin && !(isOpaque(event.origin) && isOpaque(peer.origin))) return null
  const data: unknown = event.data
  if (!isRecord(data) || data.parlor !== 1) return null
  return isRecord(data.says) && typeof data.says.type === 'string'
    ? (data.says as FrameSays | HostSays)
    : null
}

function isOpaque(origin: string): boolean {
  return origin === 'null' || origin === 'file://'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
