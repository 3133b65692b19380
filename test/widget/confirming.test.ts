import assert from 'node:assert/strict'
import type { SessionReady, ToolConfirm } from '../../protocol/widget.ts'
import { shownArguments } from '../../widget/frame/shown-arguments.ts'
import {
  apply,
  EMPTY_TRANSCRIPT,
  type Transcript,
  type TranscriptEvent,
} from '../../widget/frame/transcript.ts'
import { answer, conversation, idOf, timeOf, visitorMessage } from './cast.ts'

describe('A call that waits for the visitor', () => {
  it('is asked once, however often it is told, and is over when somebody has decided', () => {
    const held = after(asked(question('a')), asked(question('b')), asked(question('a')))
    assert.deepEqual(waiting(held), ['b', 'a'])
    assert.deepEqual(waiting(apply(held, { type: 'confirm-over', call_id: 'b' })), ['a'])
  })

  it('is over with its turn, not with another one', () => {
    const held = after(asked(question('a')), asked(question('b', 2)))
    const ended = apply(held, { type: 'reply-ended', turn: 1, message: answer(2, 1, 1) })
    assert.deepEqual(waiting(ended), ['b'])
  })

  it('is over when a person has joined, or the conversation has ended', () => {
    const held = after(asked(question('a')))
    assert.deepEqual(waiting(apply(held, { type: 'agent-joined', epoch: 1 })), [])
    assert.deepEqual(waiting(apply(held, { type: 'ended' })), [])
  })

  it('is told to whoever comes in or has missed something, and is gone where it is not', () => {
    const held = after()
    const back = apply(held, ready([question('a')]))
    assert.deepEqual(waiting(back), ['a'])
    assert.deepEqual(waiting(apply(back, ready([]))), [])
  })

  it('shows exactly what would be done, also what hides', () => {
    const given = {
      order_number: '1001',
      giftWrap: true,
      'x-y': { z: [1] },
      note: 'to \u202eme\u200b',
      'ad\u202edress': 'a\nb',
    }
    assert.deepEqual(shownArguments(given), [
      { name: 'Order number', value: '1001' },
      { name: 'Gift Wrap', value: 'true' },
      { name: 'X y', value: '{"z":[1]}' },
      { name: 'Note', value: 'to [U+202E]me[U+200B]' },
      { name: 'Ad[U+202E]dress', value: 'a\nb' },
    ])
  })
})

function question(call_id: string, turn = 1): ToolConfirm {
  return { turn, call_id, label: 'Book a table', arguments: { at: '19:00' }, expires_at: timeOf(1, 600) }
}

function asked(question: ToolConfirm): TranscriptEvent {
  return { type: 'confirm-asked', question }
}

function ready(confirming: ToolConfirm[]): TranscriptEvent {
  const told: SessionReady = {
    session_id: idOf(999),
    conversation: conversation(),
    messages: [visitorMessage(1)],
    has_more: false,
    tools_running: [],
    confirming,
    team: { available: true },
    contact_given: false,
  }
  return { type: 'ready', ready: told, asked: idOf(1) }
}

function after(...events: TranscriptEvent[]): Transcript {
  return [ready([]), ...events].reduce(apply, EMPTY_TRANSCRIPT)
}

function waiting({ confirming }: Transcript): string[] {
  return confirming.map(({ call_id }) => call_id)
}
