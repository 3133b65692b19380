import type { LineEvent } from './line.svelte.ts'
import type { WatchedEvent } from './watched.ts'

/** Which conversation an event of the server is about, and what it means to who watches that; null: it is no such event. */
export function watchedEventOf(event: LineEvent): { id: string; event: WatchedEvent } | null {
  if (event.name === 'reply:delta') {
    const [id, turn, attempt, offset, text] = event.args
    return { id, event: { type: 'delta', turn, attempt, offset, text } }
  }
  const meant = meaningOf(event)
  const told = event.args[0]
  return meant && 'conversation_id' in told ? { id: told.conversation_id, event: meant } : null
}

function meaningOf(event: Exclude<LineEvent, { name: 'reply:delta' }>): WatchedEvent | null {
  switch (event.name) {
    case 'message:created':
      return { type: 'created', message: event.args[0].message }
    case 'reply:start':
      return { type: 'reply-started', start: event.args[0] }
    case 'reply:end':
      return { type: 'reply-ended', turn: event.args[0].turn, message: event.args[0].message }
    case 'tool:start':
      return { type: 'tool-started', tool: event.args[0] }
    case 'tool:end':
      return { type: 'tool-ended', end: event.args[0] }
    case 'tool:confirm':
      return { type: 'confirm-asked', question: event.args[0] }
    case 'tool:confirmed':
      return { type: 'confirm-over', call_id: event.args[0].call_id }
    case 'typing:changed': {
      const { author, typing } = event.args[0]
      return author === 'assistant' ? null : { type: 'typing', author, typing }
    }
    case 'handoff:changed':
      return { type: 'handoff-changed', handoff: event.args[0] }
    case 'agent:joined':
      return { type: 'hands-changed', epoch: event.args[0].epoch, state: 'agent' }
    case 'agent:left':
      return { type: 'hands-changed', epoch: event.args[0].epoch, state: 'ai' }
    case 'presence:changed':
      return { type: 'presence', present: event.args[0].present }
    case 'conversation:ended':
      return { type: 'ended' }
    default:
      return null
  }
}
