import assert from 'node:assert/strict'
import type { AdminConversation, AdminData, WatchedMessage } from '../../protocol/admin.ts'
import { matching } from '../../dashboard/live/canned.ts'
import { arrange } from '../../dashboard/live/entries.ts'
import { mergeInbox, NO_FILTERS } from '../../dashboard/live/inbox-list.ts'
import {
  apply,
  beginWatching,
  cursorOf,
  type Watched,
  type WatchedEvent,
} from '../../dashboard/live/watched.ts'
import { answer, conversation, idOf, visitorMessage } from '../widget/cast.ts'

const held = (number = 1, more: Partial<AdminConversation> = {}): AdminConversation => ({
  ...conversation(number),
  client_id: idOf(7),
  ...more,
})
const snapshot = (more: Partial<AdminData<'conversation:watch'>> = {}): AdminData<'conversation:watch'> => ({
  ...{ conversation: held(), messages: [], has_more: false, tools_running: [], confirming: [], present: [] },
  ...more,
})
const after = (begun: Watched, ...events: WatchedEvent[]) => events.reduce(apply, begun)
const begun = () => beginWatching(snapshot({ messages: [visitorMessage(1)] }))
const start = { turn: 1, attempt: 1, epoch: 0, answers_to: 1 }
const tool = { turn: 1, call_id: 'c', name: 'find_order', label: 'Looking', arguments: { order: '1' } }

describe('A conversation that is watched', () => {
  it('grows by pieces that fit, and asks for what a gap left out from where it is', () => {
    const piece = { type: 'delta', turn: 1, attempt: 1 } as const
    const grown = after(begun(), { type: 'reply-started', start }, { ...piece, offset: 0, text: 'Good ' })
    assert.equal(grown.reply?.text, 'Good ')
    const gapped = after(grown, { ...piece, offset: 9, text: 'day' })
    assert.equal(gapped.needsSync, true)
    assert.deepEqual(cursorOf(gapped), { last_seq: 1, reply: { turn: 1, attempt: 1, offset: 5 } })
    const reply = { ...start, offset: 5, text: 'old day' }
    const synced = after(gapped, { type: 'snapshot', snapshot: snapshot({ reply }) })
    assert.deepEqual([synced.reply?.text, synced.needsSync], ['Good old day', false])
  })

  it('keeps what tools were asked and answered, and how a call was left when a person took over', () => {
    const running = after(begun(), { type: 'reply-started', start }, { type: 'tool-started', tool })
    const end = { turn: 1, call_id: 'c', ok: true, duration_ms: 12, result: { shipped: true } }
    const done = after(running, { type: 'tool-ended', end })
    assert.deepEqual(done.calls, [{ ...tool, state: 'ok', duration_ms: 12, result: { shipped: true } }])
    const taken = after(running, { type: 'hands-changed', epoch: 1, state: 'agent' })
    assert.deepEqual([taken.calls[0]?.state, taken.reply], ['left', null])
    const late = after(taken, { type: 'delta', turn: 1, attempt: 1, offset: 0, text: 'too late' })
    assert.equal(late.reply, null)
  })

  it('lets go of what one sends when its row comes, from whichever side', () => {
    const entry = { client_message_id: 'a', text: 'Hi', created_at: visitorMessage(1).created_at }
    const sending = after(begun(), { type: 'sending', entry })
    assert.equal(sending.sending.length, 1)
    const message: WatchedMessage = { ...visitorMessage(2, 'Hi'), role: 'agent', client_message_id: 'a' }
    assert.deepEqual(after(sending, { type: 'created', message }).sending, [])
  })

  it('is shown with calls before their answer, notes by their time, and an answer at its question', () => {
    const author = { id: idOf(3), name: 'Dana' }
    const created_at = answer(4, 2, 2).created_at
    const note = { id: idOf(4), conversation_id: idOf(1), author, text: 'A note', created_at }
    const messages = [visitorMessage(1), visitorMessage(2), answer(3, 1, 1)]
    const calls = [{ ...tool, state: 'ok' as const }]
    const shown = arrange({ messages, calls, sending: [], reply: null }, [note], () => 'today')
    const kinds = shown.map(({ kind }) => kind)
    assert.deepEqual(kinds, ['day', 'message', 'call', 'message', 'message', 'note'])
  })
})

describe('The list of live conversations', () => {
  const now = Date.parse(held(3).started_at)
  const list = (told: AdminConversation[], filters = NO_FILTERS, kept: string | null = null) =>
    mergeInbox([held(1), held(2)], new Map(told.map((one) => [one.id, one])), { filters, now, kept }).map(
      ({ id }) => id,
    )

  it('has who waits for a person first, then who began last', () => {
    assert.deepEqual(list([held(3)]), [idOf(3), idOf(2), idOf(1)])
    assert.deepEqual(list([held(3), held(1, { handoff: 'requested' })]), [idOf(1), idOf(3), idOf(2)])
  })

  it('lets go of what does not fit any more, but not of the one on the screen', () => {
    const over = held(2, { state: 'ended' })
    assert.deepEqual(list([over]), [idOf(1)])
    assert.deepEqual(list([over], NO_FILTERS, idOf(2)), [idOf(2), idOf(1)])
    assert.deepEqual(list([held(3)], { ...NO_FILTERS, client: idOf(8) }), [])
  })

  it('leaves to the server what a text was said in', () => {
    assert.deepEqual(list([held(3)], { ...NO_FILTERS, search: 'gift' }), [idOf(2), idOf(1)])
  })
})

describe('A canned reply', () => {
  const replies = ['ship', 'Shop', 'bye'].map((shortcut, at) => ({
    ...{ id: idOf(at), shortcut, text: shortcut, created_at: held().started_at },
  }))

  it('is meant by a slash and the beginning of its shortcut, and by nothing else', () => {
    assert.deepEqual(
      matching(replies, '/sh')?.map(({ shortcut }) => shortcut),
      ['ship', 'Shop'],
    )
    assert.equal(matching(replies, '/')?.length, 3)
    assert.equal(matching(replies, 'and/or'), null)
    assert.equal(matching(replies, '/ship it'), null)
  })
})
