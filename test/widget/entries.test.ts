import assert from 'node:assert/strict'
import { Entries, type Entry } from '../../widget/frame/entries.ts'
import { unreadAnswers } from '../../widget/frame/unread.ts'
import { answer, idOf, outboxEntry, visitorMessage } from './cast.ts'

describe('the list of messages', () => {
  it('puts an answer after the message it answers, not where it was saved', () => {
    const rows = [visitorMessage(1), visitorMessage(2), answer(3, 1, 1), answer(4, 2, 2)]
    assert.deepEqual(keys(arranged(rows, [], null)), [idOf(1001), 'turn:1', idOf(1002), 'turn:2'])
  })

  it('shows the running reply where its row will be, under the same key', () => {
    const rows = [visitorMessage(1), visitorMessage(2)]
    const running = arranged(rows, [], { turn: 1, answers_to: 1 })
    assert.deepEqual(keys(running), [idOf(1001), 'turn:1', idOf(1002)])
    assert.deepEqual(keys(arranged([...rows, answer(3, 1, 1)], [], null)), keys(running))
  })

  it('keeps the key of a sent message when its row comes', () => {
    const pending = arranged([], [outboxEntry('a')], null)
    const row = arranged([visitorMessage(1, 'x', { client_message_id: 'a' })], [], null)
    assert.deepEqual(keys(pending), keys(row))
  })

  it('shows what is being sent last', () => {
    const list = arranged([visitorMessage(1)], [outboxEntry('b')], { turn: 1, answers_to: 1 })
    assert.deepEqual(keys(list), [idOf(1001), 'turn:1', 'b'])
  })

  it('hides rows without words, unless they say that an answer was stopped or failed', () => {
    const empty = (['complete', 'interrupted', 'stopped', 'failed'] as const).map((status, index) =>
      answer(index + 2, 1, index + 1, '', { status }),
    )
    assert.deepEqual(keys(arranged(empty, [], null)), ['turn:3', 'turn:4'])
  })
})

describe('the list of messages, once more', () => {
  const rows = [visitorMessage(1), answer(2, 1, 1), visitorMessage(3), answer(4, 3, 2), answer(5, 3, 3)]

  it('is made of the same entries, except for what is new or follows something else', () => {
    const entries = new Entries((time) => time.toDateString())
    const before = entries.arrange(rows.slice(2), [], null)
    const after = entries.arrange(rows, [outboxEntry('a')], null)
    assert.equal(after.length, 6)
    assert.notEqual(after[2], before[0])
    assert.deepEqual(after.slice(3, 5), before.slice(1))
    for (const [index, entry] of before.slice(1).entries()) assert.equal(after[index + 3], entry)
  })

  it('begins anew with another author and with another day', () => {
    const nextDay = visitorMessage(6, 'x', { created_at: '2026-11-24T20:00:00Z' })
    const list = arranged([...rows, nextDay], [outboxEntry('a')], null)
    assert.deepEqual(
      list.map(({ first }) => first),
      [true, true, true, true, false, true, false],
    )
    assert.deepEqual(
      list.map(({ day }) => day !== null),
      [false, false, false, false, false, true, false],
    )
  })
})

describe('the unread count', () => {
  const rows = [visitorMessage(1), answer(2, 1, 1), answer(3, 1, 2, ''), answer(4, 1, 3)]

  it('counts answers with words after the mark', () => {
    assert.equal(unreadAnswers(idOf(1), rows, { conversation_id: idOf(1), seq: 2 }).length, 1)
    assert.equal(unreadAnswers(idOf(1), rows, { conversation_id: idOf(1), seq: 4 }).length, 0)
  })

  it('counts all of a conversation that was never read', () => {
    assert.equal(unreadAnswers(idOf(1), rows, null).length, 2)
    assert.equal(unreadAnswers(idOf(2), rows, { conversation_id: idOf(1), seq: 4 }).length, 2)
  })
})

function arranged(...given: Parameters<Entries['arrange']>): Entry[] {
  return new Entries(dayOf).arrange(...given)
}

/** Today is the day on which the cast speaks. */
function dayOf(time: Date): string {
  const isNow = Math.abs(time.getTime() - Date.now()) < 60_000
  return isNow ? dayOf(new Date(visitorMessage(1).created_at)) : time.toDateString()
}

function keys(entries: readonly Entry[]): string[] {
  return entries.map((entry) => entry.key)
}
