import assert from 'node:assert/strict'
import type { Message } from '../../protocol/records.ts'
import { succeed } from '../../protocol/result.ts'
import type { Ask } from '../../widget/frame/ask.ts'
import { asText, fileName, wholeConversation } from '../../widget/frame/download.ts'
import { answer, idOf, timeOf, visitorMessage } from './cast.ts'

const by = ({ role }: Message) => ({ user: 'You', assistant: 'Ada (AI)', agent: 'Dana', system: '' })[role]

describe('A conversation as a text', () => {
  it('says who said what and when, in order, and leaves out what has no words', () => {
    const said = [
      visitorMessage(1, 'Where is it?\nI wait.'),
      answer(2, 1, 1, 'On its way.'),
      answer(3, 1, 2, ''),
    ]
    const lines = asText(said, { by, locale: 'en-GB' }).split('\n')
    const at = (seq: number) => new Date(timeOf(1, seq)).toLocaleString('en-GB', STYLE)
    assert.deepEqual(lines, [
      `\u200e\u2068You\u2069 · \u2068${at(1)}\u2069`,
      'Where is it?',
      'I wait.',
      '',
      `\u200e\u2068Ada (AI)\u2069 · \u2068${at(2)}\u2069`,
      'On its way.',
      '',
    ])
  })

  it('begins its headings from the right in Hebrew, and gives what nobody said no name', () => {
    const row = { ...visitorMessage(1, 'אין אף אחד'), role: 'system' as const }
    const at = new Date(timeOf(1, 1)).toLocaleString('he', STYLE)
    assert.equal(asText([row], { by, locale: 'he' }), `\u200f\u2068${at}\u2069\nאין אף אחד\n`)
  })

  it('is a file named after the business and the day', () => {
    const day = new Date(2026, 0, 5)
    assert.equal(fileName('Blue/Bakery: "Bread"', day), 'Blue Bakery Bread 2026-01-05.txt')
    assert.equal(fileName('', day), 'chat 2026-01-05.txt')
  })
})

describe('The whole of a conversation', () => {
  const rows = Array.from({ length: 250 }, (_, index) => ({ ...visitorMessage(index + 1), id: idOf(index) }))
  const asked: number[] = []
  const ask = ((_name: string, { before_seq, limit }: { before_seq: number; limit: number }) => {
    asked.push(before_seq)
    const from = Math.max(0, before_seq - 1 - limit)
    return Promise.resolve(succeed({ messages: rows.slice(from, before_seq - 1), has_more: from > 0 }))
  }) as unknown as Ask

  it('is fetched page by page, as far as it is not there', async () => {
    assert.deepEqual(await wholeConversation({ ask, messages: rows.slice(240), older: true }), rows)
    assert.deepEqual(asked, [241, 141, 41])
    assert.deepEqual(
      await wholeConversation({ ask, messages: rows.slice(240), older: false }),
      rows.slice(240),
    )
  })

  it('is not given in part when the connection goes', async () => {
    const gone = (() => Promise.resolve({ ok: false })) as unknown as Ask
    assert.equal(await wholeConversation({ ask: gone, messages: rows.slice(240), older: true }), null)
  })
})

const STYLE = { dateStyle: 'medium', timeStyle: 'short' } as const
