import type { WidgetEvent } from './line.ts'
import type { TranscriptEvent } from './transcript.ts'

/** What an event of the server means to the transcript; null when it concerns something else. */
export function transcriptEventOf(event: WidgetEvent): TranscriptEvent | null {
  switch (event.name) {
    case 'message:created':
      return { type: 'created', ...event.args[0] }
    case 'reply:end':
      return { type: 'reply-ended', ...event.args[0] }
    case 'reply:delta': {
      const [turn, attempt, offset, text] = event.args
      return { type: 'delta', turn, attempt, offset, text }
    }
    case 'reply:start':
      return { type: 'reply-started', start: event.args[0] }
    case 'conversation:started':
      return { type: 'started', ...event.args[0] }
    case 'conversation:ended':
      return { type: 'ended' }
    case 'tool:start':
      return { type: 'tool-started', tool: event.args[0] }
    case 'tool:end':
      return { type: 'tool-ended', end: event.args[0] }
    case 'tool:confirm':
      return { type: 'confirm-asked', question: event.args[0] }
    case 'tool:confirmed':
      return { type: 'confirm-over', call_id: event.args[0].call_id }
    case 'handoff:changed':
      return { type: 'handoff-changed', handoff: event.args[0] }
    case 'agent:joined':
      return { type: 'agent-joined', epoch: event.args[0].epoch }
    case 'agent:left':
      return { type: 'agent-left', epoch: event.args[0].epoch }
    default:
      return null
  }
}
