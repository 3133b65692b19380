import assert from 'node:assert/strict'
import { arrange, type Entry } from '../../widget/frame/entries.ts'
import { countUnread } from '../../widget/frame/unread.ts'
import { answer, idOf, outboxEntry, visitorMessage } from './cast.ts'

describe('the list of messages', () => {
  it('puts an answer after the message it answers, not where it was saved', () => {
    const rows = [visitorMessage(1), visitorMessage(2), answer(3, 1, 1), answer(4, 2, 2)]
    assert.deepEqual(keys(arrange(rows, [], null)), [idOf(1001), 'turn:1', idOf(1002), 'turn:2'])
  })

  it('shows the running reply where its row will be, under the same key', () => {
    const rows = [visitorMessage(1), visitorMessage(2)]
    const running = arrange(rows, [], { turn: 1, answers_to: 1 })
    assert.deepEqual(keys(running), [idOf(1001), 'turn:1', idOf(1002)])
    assert.deepEqual(keys(arrange([...rows, answer(3, 1, 1)], [], null)), keys(running))
  })

  it('keeps the key of a sent message when its row comes', () => {
    const pending = arrange([], [outboxEntry('a')], null)
    const row = arrange([visitorMessage(1, 'x', { client_message_id: 'a' })], [], null)
    assert.deepEqual(keys(pending), keys(row))
  })

  it('shows what is being sent last', () => {
    const list = arrange([visitorMessage(1)], [outboxEntry('b')], { turn: 1, answers_to: 1 })
    assert.deepEqual(keys(list), [idOf(1001), 'turn:1', 'b'])
  })

  it('hides rows without words, unless they say that an answer was stopped or failed', () => {
    const empty = (['complete', 'interrupted', 'stopped', 'failed'] as const).map((status, index) =>
      answer(index + 2, 1, index + 1, '', { status }),
    )
    assert.deepEqual(keys(arrange(empty, [], null)), ['turn:3', 'turn:4'])
  })
})

describe('the unread count', () => {
  const rows = [visitorMessage(1), answer(2, 1, 1), answer(3, 1, 2, ''), answer(4, 1, 3)]

  it('counts answers with words after the mark', () => {
    assert.equal(countUnread(idOf(1), rows, { conversation_id: idOf(1), seq: 2 }), 1)
    assert.equal(countUnread(idOf(1), rows, { conversation_id: idOf(1), seq: 4 }), 0)
  })

  it('counts all of a conversation that was never read', () => {
    assert.equal(countUnread(idOf(1), rows, null), 2)
    assert.equal(countUnread(idOf(2), rows, { conversation_id: idOf(1), seq: 4 }), 2)
  })
})

function keys(entries: readonly Entry[]): string[] {
  return entries.map((entry) => entry.key)
}
