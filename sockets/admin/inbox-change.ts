import type { Address } from '../../server/conversation/publisher.ts'
import type { Overheard } from '../fanout.ts'

/** Something that whoever watches the inbox is told of. The conversation itself is read by who tells it. */
export interface InboxChange {
  client_id: string
  conversation_id: string
  kind: ChangeKind
}

export type ChangeKind = 'opened' | 'updated' | 'ended'

/** What an event of a conversation means for the inbox; what is not here means nothing. */
const KINDS: ReadonlyMap<Overheard, ChangeKind> = new Map<Overheard, ChangeKind>([
  ['conversation:started', 'opened'],
  ['message:created', 'updated'],
  ['reply:end', 'updated'],
  ['handoff:changed', 'updated'],
  ['agent:joined', 'updated'],
  ['agent:left', 'updated'],
  ['conversation:changed', 'updated'],
  ['conversation:ended', 'ended'],
])

/** Null: nothing has changed that the inbox shows. */
export function changeOf({ client_id, conversation_id }: Address, event: Overheard): InboxChange | null {
  const kind = KINDS.get(event)
  return kind === undefined ? null : { client_id, conversation_id, kind }
}

/** Of two changes that are told as one, the one that says more. */
export function strongest(a: ChangeKind | undefined, b: ChangeKind): ChangeKind {
  if (a === 'ended' || b === 'ended') return 'ended'
  return a === 'opened' ? a : b
}
