import type { Conversation, Message } from '../../protocol/records.ts'
import type { ChatParts } from '../../widget/frame/caller.ts'
import { UNAVAILABLE, type Line, type LinePorts } from '../../widget/frame/line.ts'
import type { Previewed } from './previewed.ts'

/** Lines to no server: they tell the chat what a scene needs, and answer nothing. */
export function silentLines(scene: Previewed['scene'], locale: Previewed['locale']): ChatParts['lines'] {
  return {
    openLine: (_way, ports) => new SilentLine(ports, scene === 'talking' ? SAID[locale] : []),
    way: { get: () => 'socket', set: () => undefined },
  }
}

class SilentLine implements Line {
  readonly heardAt = Date.now()

  constructor(ports: LinePorts, said: readonly string[]) {
    const now = new Date().toISOString()
    const messages = said.map((content, at): Message => ({
      ...{ id: `preview-${at}`, seq: at + 1, content, created_at: now },
      role: at % 2 === 0 ? 'user' : 'assistant',
      ...(at % 2 === 1 && { status: 'complete', answers_to: at }),
    }))
    const conversation: Conversation = {
      ...{ id: 'preview', session_id: '', channel: 'widget', epoch: 0 },
      state: 'ai',
      handoff: 'none',
      ...{ locale: null, started_at: now, last_message_at: now, message_count: messages.length },
    }
    queueMicrotask(() =>
      ports.onEvent({
        name: 'session:ready',
        args: [
          {
            ...{ session_id: '', conversation: messages.length > 0 ? conversation : null, messages },
            ...{ has_more: false, tools_running: [], confirming: [], contact_given: true },
            team: { available: true },
          },
        ],
      }),
    )
  }

  request: Line['request'] = () => Promise.resolve(UNAVAILABLE)
  close(): void {
    return undefined
  }
}

/** Visitor and assistant, in turns. */
const SAID: Record<Previewed['locale'], string[]> = {
  en: [
    'Do you deliver on Saturdays?',
    'Yes. **Order before noon** on Friday, and it is with you on Saturday.',
  ],
  he: ['אתם שולחים בשבת?', 'כן. **הזמינו לפני הצהריים** ביום שישי, וזה אצלכם בשבת.'],
}
