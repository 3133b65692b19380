import type { AdminEvents } from '../../protocol/admin.ts'
import type { NoteEvent, TellColleagues } from '../../server/desk/notes.ts'
import type { Lookers } from './lookers.ts'
import type { AdminNamespace } from './socket-types.ts'

/** A note, as one node tells all others of it. */
export type NoteNews = { [E in NoteEvent]: { event: E; told: Parameters<AdminEvents[E]>[0] } }[NoteEvent]

/** Tells whoever looks at the conversation, here and, where there are other nodes, there. */
export function noteTeller(namespace: AdminNamespace, lookers: Lookers, hasOthers: boolean): TellColleagues {
  const tellHere = ({ event, told }: NoteNews) => {
    lookers.each(told.conversation_id, (socket) => {
      socket.emit(event, ...([told] as unknown as Parameters<AdminEvents[typeof event]>))
    })
  }
  if (hasOthers) namespace.on('note', tellHere)
  return (event, told) => {
    // Which of the three it is, both halves agree on.
    const news = { event, told } as NoteNews
    tellHere(news)
    if (hasOthers) namespace.serverSideEmit('note', news)
  }
}
