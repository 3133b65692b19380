import assert from 'node:assert/strict'
import type { RunningReply } from '../../protocol/records.ts'
import type { SessionReady } from '../../protocol/widget.ts'
import {
  apply,
  cursorOf,
  EMPTY_TRANSCRIPT,
  type Transcript,
  type TranscriptEvent,
} from '../../widget/frame/transcript.ts'
import { answer, conversation, idOf, outboxEntry, timeOf, visitorMessage } from './cast.ts'

describe('a transcript', () => {
  it('takes the newest messages first, and knows that older ones exist', () => {
    const held = after(ready({ messages: [visitorMessage(51), answer(52, 51, 1)], has_more: true }))
    assert.deepEqual(seqs(held), [51, 52])
    assert.equal(held.older, true)
    assert.equal(held.needsSync, false)
    assert.deepEqual(cursorOf(held), { conversation_id: idOf(1), last_seq: 52 })
  })

  it('asks on when a page after its cursor is not the last one', () => {
    const held = after(
      ready({ messages: [visitorMessage(1)] }),
      ready({ messages: [answer(2, 1, 1)], has_more: true }, idOf(1)),
    )
    assert.equal(held.needsSync, true)
    assert.equal(held.older, false)
    assert.equal(synced(held, [visitorMessage(3)]).needsSync, false)
  })

  it('puts older pages before what it has', () => {
    const held = after(
      ready({ messages: [visitorMessage(3)], has_more: true }),
      history([visitorMessage(1), visitorMessage(2)]),
    )
    assert.deepEqual(seqs(held), [1, 2, 3])
    assert.equal(held.older, false)
    assert.equal(held.lastSeq, 3)
  })

  it('knows whether a person is wanted and which place the visitor has, from whatever told it last', () => {
    const requested = (position: number): TranscriptEvent => ({
      type: 'handoff-changed',
      handoff: { state: 'requested', position },
    })
    const waiting = conversation(1, { handoff: 'requested', handoff_position: 3 })
    const held = after(ready({ conversation: waiting }))
    assert.deepEqual(held.handoff, { state: 'requested', position: 3 })
    assert.deepEqual(apply(held, requested(2)).handoff, { state: 'requested', position: 2 })
    assert.deepEqual(after(ready({ conversation: null }), requested(1)).handoff.position, 1)
    assert.deepEqual(apply(held, { type: 'ended' }).handoff, { state: 'none' })
    const other = apply(held, { type: 'started', conversation: conversation(2) })
    assert.deepEqual(other.handoff, { state: 'none' })
  })

  it('takes no place in the queue for news once a person has come', () => {
    const late: TranscriptEvent = { type: 'handoff-changed', handoff: { state: 'requested', position: 1 } }
    const taken: TranscriptEvent = { type: 'handoff-changed', handoff: { state: 'with_agent' } }
    const held = after(ready({}), late, taken, { type: 'agent-joined', epoch: 1 }, late)
    assert.deepEqual(held.handoff, { state: 'with_agent' })
  })

  it('ignores a page of history that belongs to a conversation left behind', () => {
    const held = after(
      ready({ messages: [visitorMessage(3)], has_more: true }),
      { type: 'started', conversation: conversation(2) },
      history([visitorMessage(1)]),
    )
    assert.deepEqual(seqs(held), [])
  })

  it('shows a message once, whether its event or its ack comes first, or both come twice', () => {
    const message = visitorMessage(1, 'hi', { client_message_id: 'a' })
    const sending: TranscriptEvent = { type: 'sending', entry: outboxEntry('a') }
    const both: TranscriptEvent[] = [
      { type: 'created', message },
      { type: 'sent', message },
    ]
    for (const order of [both, [...both].reverse(), [...both, ...both]]) {
      const held = after(ready({ conversation: null }), sending, ...order)
      assert.deepEqual(seqs(held), [1])
      assert.deepEqual(held.pending, [])
    }
  })

  it('keeps the first message when the conversation is told after its ack', () => {
    const message = visitorMessage(1, 'hi', { client_message_id: 'a' })
    const held = after(
      ready({ conversation: null }),
      { type: 'sent', message },
      { type: 'started', conversation: conversation() },
    )
    assert.deepEqual(seqs(held), [1])
  })

  it('notices a hole in the numbers and fills it', () => {
    const held = after(ready({ messages: [visitorMessage(1)] }), created(visitorMessage(3)))
    assert.equal(held.needsSync, true)
    assert.equal(held.lastSeq, 1)
    const whole = synced(held, [visitorMessage(2), visitorMessage(3)])
    assert.deepEqual(seqs(whole), [1, 2, 3])
    assert.equal(whole.lastSeq, 3)
    assert.equal(whole.needsSync, false)
  })

  it('begins afresh with another conversation and takes along what was not sent', () => {
    const held = after(
      ready({ messages: [visitorMessage(1)] }),
      start(1),
      { type: 'sending', entry: outboxEntry('a') },
      { type: 'started', conversation: conversation(2) },
    )
    assert.deepEqual(seqs(held), [])
    assert.equal(held.reply, null)
    assert.deepEqual(
      held.pending.map((entry) => entry.client_message_id),
      ['a'],
    )
    assert.equal(cursorOf(held).conversation_id, idOf(2))
  })

  it('begins afresh when a reconnect finds another conversation', () => {
    const held = after(
      ready({ messages: [visitorMessage(1), visitorMessage(2)] }),
      ready({ conversation: conversation(2), messages: [visitorMessage(7)], has_more: true }, idOf(1)),
    )
    assert.deepEqual(seqs(held), [7])
    assert.equal(held.older, true)
  })

  it('notices by a number taken twice that another conversation began unseen', () => {
    const stranger = visitorMessage(1, 'elsewhere', { id: idOf(5) })
    const held = after(ready({ messages: [visitorMessage(1)] }), created(stranger))
    assert.equal(held.needsSync, true)
    assert.equal(held.messages[0]?.content, 'question 1')
  })

  it('does not show a resend that was answered with a row of an earlier conversation', () => {
    const old = visitorMessage(1, 'old', { client_message_id: 'a', created_at: timeOf(1, 30) })
    const held = after(
      ready({ conversation: conversation(2) }),
      { type: 'sending', entry: outboxEntry('a') },
      { type: 'sent', message: old },
    )
    assert.deepEqual(seqs(held), [])
    assert.deepEqual(held.pending, [])
  })

  it('keeps what was not sent when the session is forgotten', () => {
    const held = after(
      ready({ messages: [visitorMessage(1)] }),
      { type: 'sending', entry: outboxEntry('a') },
      { type: 'forgotten' },
    )
    assert.deepEqual(cursorOf(held), {})
    assert.equal(held.pending.length, 1)
  })

  it('marks a send failed, and lets go of it when it is discarded', () => {
    const failed = after(
      ready(),
      { type: 'sending', entry: outboxEntry('a') },
      { type: 'send-failed', client_message_id: 'a', code: 'invalid_payload' },
    )
    assert.equal(failed.pending[0]?.failed, 'invalid_payload')
    const gone = apply(failed, { type: 'discarded', client_message_id: 'a' })
    assert.deepEqual(gone.pending, [])
  })
})

describe("a transcript's running reply", () => {
  it('grows by deltas that fit, and ignores those it has', () => {
    const held = after(running(), delta(0, 'Hel'), delta(3, 'lo'), delta(0, 'Hel'), delta(3, 'lo'))
    assert.equal(held.reply?.text, 'Hello')
    assert.equal(held.needsSync, false)
  })

  it('counts UTF-16 units', () => {
    const held = after(running(), delta(0, '👋🏽'), delta(4, '!'))
    assert.equal(held.reply?.text, '👋🏽!')
  })

  it('asks for what a gap left out, from where it is', () => {
    const held = after(running(), delta(0, 'Hel'), delta(5, ' you'))
    assert.equal(held.reply?.text, 'Hel')
    assert.equal(held.needsSync, true)
    assert.deepEqual(cursorOf(held).reply, { turn: 1, attempt: 1, offset: 3 })
    const whole = synced(held, [], reply({ offset: 3, text: 'lo you' }))
    assert.equal(whole.reply?.text, 'Hello you')
    assert.equal(whole.needsSync, false)
  })

  it('keeps text that came while it asked', () => {
    const held = after(running(), delta(0, 'Hello you'))
    assert.equal(synced(held, [], reply({ offset: 3, text: 'lo' })).reply?.text, 'Hello you')
  })

  it('asks again for the whole text when the part told does not fit', () => {
    const held = synced(after(running()), [], reply({ offset: 9, text: 'end' }))
    assert.equal(held.reply, null)
    assert.equal(held.needsSync, true)
    assert.equal(cursorOf(held).reply, undefined)
  })

  it('asks when a delta speaks of a reply whose start was missed', () => {
    const held = after(ready({ messages: [visitorMessage(1)] }), delta(0, 'Hel'))
    assert.equal(held.needsSync, true)
  })

  it('begins again with a higher attempt and ignores the lower one', () => {
    const held = after(
      running(),
      delta(0, 'first'),
      start(1, { attempt: 2 }),
      delta(0, 'second', { attempt: 2 }),
      delta(5, ' more'),
      start(1),
    )
    assert.equal(held.reply?.text, 'second')
    assert.equal(held.needsSync, false)
  })

  it('moves to the message that has joined it, without losing its text', () => {
    const held = after(running(), delta(0, 'x'), start(1, { answers_to: 2 }))
    assert.equal(held.reply?.answers_to, 2)
    assert.equal(held.reply.text, 'x')
  })

  it('ends with its message, and hears nothing of that turn any more', () => {
    const message = answer(2, 1, 1, 'The end.')
    const held = after(
      running(),
      delta(0, 'The'),
      { type: 'reply-ended', turn: 1, message },
      delta(3, ' e'),
      start(1, { attempt: 2 }),
    )
    assert.equal(held.reply, null)
    assert.deepEqual(held.messages.at(-1), message)
    assert.equal(held.needsSync, false)
  })

  it('keeps the next reply when the end of the one before comes late', () => {
    const held = after(running(), start(2, { answers_to: 3 }), delta(0, 'next', { turn: 2 }), {
      type: 'reply-ended',
      turn: 1,
      message: answer(2, 1, 1),
    })
    assert.equal(held.reply?.text, 'next')
  })

  it('is gone when the server says at a reconnect that nothing runs', () => {
    const held = after(running(), delta(0, 'Hel'), ready({ messages: [answer(2, 1, 1)] }, idOf(1)))
    assert.equal(held.reply, null)
    assert.deepEqual(seqs(held), [1, 2])
  })

  it('goes on from its offset after a reconnect', () => {
    const held = after(
      running(),
      delta(0, 'Hel'),
      ready({ reply: reply({ offset: 3, text: 'lo' }) }, idOf(1)),
      delta(5, '!'),
    )
    assert.equal(held.reply?.text, 'Hello!')
  })

  it('is silent once a person has joined at a higher epoch', () => {
    const held = after(
      running(),
      delta(0, 'As an AI'),
      { type: 'agent-joined', epoch: 1 },
      delta(8, ' I'),
      start(2, { epoch: 0 }),
    )
    assert.equal(held.reply, null)
    assert.equal(held.conversation?.state, 'agent')
    assert.equal(held.needsSync, false)
  })

  it('tells its tools until they end or it does', () => {
    const tool = { turn: 1, call_id: 'c', name: 'order', label: 'Looking up your order' }
    const at = after(running(), { type: 'tool-started', tool }, { type: 'tool-started', tool })
    assert.deepEqual(at.tools, [tool])
    assert.deepEqual(
      apply(at, { type: 'tool-ended', end: { turn: 1, call_id: 'c', ok: true, duration_ms: 3 } }).tools,
      [],
    )
    assert.deepEqual(apply(at, { type: 'reply-ended', turn: 1, message: answer(2, 1, 1) }).tools, [])
  })
})

function after(...events: TranscriptEvent[]): Transcript {
  return events.reduce(apply, EMPTY_TRANSCRIPT)
}

function ready(told: Partial<SessionReady> = {}, asked?: string): TranscriptEvent {
  const whole: SessionReady = {
    session_id: idOf(999),
    conversation: conversation(),
    messages: [],
    has_more: false,
    tools_running: [],
    confirming: [],
    team: { available: true },
    contact_given: false,
    ...told,
  }
  return { type: 'ready', ready: whole, asked }
}

/** A conversation in which the first message is being answered. */
function running(): TranscriptEvent {
  return ready({ messages: [visitorMessage(1)], reply: reply() })
}

function reply(told: Partial<RunningReply> = {}): RunningReply {
  return { turn: 1, attempt: 1, epoch: 0, answers_to: 1, offset: 0, text: '', ...told }
}

function start(turn: number, told: Partial<RunningReply> = {}): TranscriptEvent {
  return { type: 'reply-started', start: { turn, attempt: 1, epoch: 0, answers_to: 1, ...told } }
}

function delta(offset: number, text: string, { turn = 1, attempt = 1 } = {}): TranscriptEvent {
  return { type: 'delta', turn, attempt, offset, text }
}

function created(message: ReturnType<typeof visitorMessage>): TranscriptEvent {
  return { type: 'created', message }
}

function history(messages: ReturnType<typeof visitorMessage>[]): TranscriptEvent {
  return { type: 'history', conversationId: idOf(1), page: { messages, has_more: false } }
}

function synced(
  held: Transcript,
  messages: ReturnType<typeof visitorMessage>[],
  runningReply?: RunningReply,
): Transcript {
  return apply(held, {
    type: 'synced',
    answer: {
      conversation: held.conversation,
      messages,
      has_more: false,
      ...(runningReply ? { reply: runningReply } : {}),
      confirming: [],
    },
  })
}

function seqs(held: Transcript): number[] {
  return held.messages.map((message) => message.seq)
}
