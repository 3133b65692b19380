import assert from 'node:assert/strict'
import { askedBy, readFilters } from '../../dashboard/pages/conversations/filters.ts'
import { linesOf } from '../../dashboard/pages/conversations/transcript.ts'
import type { TranscriptPage, TurnTold } from '../../protocol/conversations.ts'

type Message = TranscriptPage['messages'][number]

describe('The filters of conversations', () => {
  const asked = (address: string) => askedBy(readFilters(new URLSearchParams(address)))

  it('ask for what the address says, days by the clock of the browser', () => {
    const { from, until, ...others } = asked(
      'state=open&rating=bad&q= boots &from=2026-11-02&until=2026-11-03',
    )
    assert.deepEqual(others, { state: 'open', rating_from: 1, rating_to: 2, search: 'boots' })
    assert.equal(from, new Date(2026, 10, 2).toISOString())
    assert.equal(until, new Date(2026, 10, 4).toISOString())
  })

  it('leave out what nobody could have chosen', () => {
    assert.deepEqual(asked('state=lost&rating=toString&client=me&from=yesterday&tests=maybe&q=%20'), {})
  })
})

describe('A transcript', () => {
  it('is one out of its pages: answers after what they answer, with what they took', () => {
    const lines = linesOf([
      {
        messages: [message(3, 'user'), message(4, 'assistant', { answers_to: 1, turn: 1 })],
        turns: [turn(1)],
      },
      { messages: [message(1, 'user'), message(2, 'user')], turns: [] },
    ])
    assert.deepEqual(
      lines.map(({ key }) => key),
      ['m1', 'm4', 'm2', 'm3'],
    )
    assert.deepEqual(lines[1]?.turn?.number, 1)
  })

  it('shows a turn of which nothing came where it began', () => {
    const lines = linesOf([{ messages: [message(1, 'user'), message(3, 'user')], turns: [turn(2)] }])
    assert.deepEqual(
      lines.map(({ key }) => key),
      ['m1', 't2', 'm3'],
    )
  })
})

function message(seq: number, role: Message['role'], more: Partial<Message> = {}): Message {
  const id = `00000000-0000-4000-8000-${String(seq).padStart(12, '0')}`
  return { id, seq, role, content: 'Hello', created_at: `2026-11-23T09:00:0${seq}.000Z`, ...more }
}

function turn(number: number): TurnTold {
  return {
    ...{ number, state: 'failed', attempts: 1, from_cache: false, spent: [], calls: [], cost: 0 },
    ...{ tokens_input: 0, tokens_output: 0, tokens_cached: 0, tokens_estimated: 0 },
    ...{ first_token_ms: null, total_ms: null, opened_at: `2026-11-23T09:00:0${number}.500Z` },
  }
}
