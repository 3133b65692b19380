import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Spoken } from '../../server/conversation/spoken.ts'
import { isFull, transcriptOf } from '../../server/conversation/transcript.ts'
import { MEMORY_LIMITS } from '../../server/conversation/memory-limits.ts'
import { estimateTokens } from '../../server/llm/tokens.ts'

const LIMITS = { read: { messages: 4, tokens: 100 }, message: 60 }

function user(seq: number, content = `question ${seq}`): Spoken {
  return { seq, place: seq, role: 'user', content }
}
function answer(seq: number, place: number, content = `answer ${seq}`): Spoken {
  return { seq, place, role: 'assistant', content }
}
function texts(spoken: Spoken[], reserved = 0): string[] {
  return transcriptOf(spoken, LIMITS, reserved).messages.map((one) => ('text' in one ? one.text : ''))
}

describe('A transcript', () => {
  it('stands in the order in which it is read: an answer beside its question, whenever it ended', () => {
    const spoken = [answer(4, 1), user(3), user(1), user(2)]
    assert.deepEqual(texts(spoken), ['question 1', 'answer 4', 'question 2', 'question 3'])
  })

  it('ends with the visitor, where an answer was broken off and is to be given anew', () => {
    const spoken = [user(1), answer(2, 1), user(3), answer(4, 3, 'I was about to')]
    assert.deepEqual(texts(spoken), ['question 1', 'answer 2', 'question 3'])
    assert.equal(transcriptOf(spoken, LIMITS).stands.messages, 4)
  })

  it('has what a tool brought late where it came, but after what the visitor wrote for the same answer', () => {
    const late = (seq: number): Spoken => {
      const call = { tool: 'refund', arguments: { order: '1001' }, failed: false }
      return { seq, place: seq, role: 'tool', content: `result ${seq}`, call }
    }
    const told = (spoken: Spoken[]) =>
      transcriptOf(spoken, LIMITS).messages.map((one) =>
        one.role === 'tool'
          ? one.results.map(({ call_id: id, content }) => `${id} ${content}`).join()
          : one.role,
      )
    const read = (seq: number) => ['assistant', `late0000${seq} <result>\nresult ${seq}\n</result>`]
    assert.deepEqual(told([user(1), late(2), answer(3, 1)]), ['user', 'assistant', ...read(2)])
    assert.deepEqual(told([late(1), user(2), late(3), answer(4, 3)]), ['user', ...read(1), ...read(3)])
    assert.deepEqual(told([user(1), late(2), answer(3, 2), user(4)]), [
      'user',
      ...read(2),
      'assistant',
      'user',
    ])
  })

  it('has at most so many messages, the newest', () => {
    assert.deepEqual(texts([1, 2, 3, 4, 5, 6].map((seq) => user(seq))), [
      ...['question 3', 'question 4', 'question 5', 'question 6'],
    ])
  })

  it('has at most so many tokens, less those of stored steps, but half of them in any case', () => {
    const long = 'word '.repeat(28).trim()
    const spoken = [1, 2, 3, 4].map((seq) => user(seq, long))
    const each = estimateTokens(long)
    assert.ok(each > 20 && each <= 33)
    assert.equal(texts(spoken).length, Math.floor(100 / each))
    assert.equal(texts(spoken, 35).length, Math.floor(65 / each))
    assert.equal(texts(spoken, 10_000).length, Math.floor(50 / each))
  })

  it('has the newest message, shortened, however little room there is', () => {
    const [text = '', ...others] = texts([user(1), user(2, 'word '.repeat(500))], 90)
    assert.deepEqual(others, [])
    assert.ok(estimateTokens(text) <= LIMITS.message)
    assert.match(text, /characters left out/)
  })

  it('tells what stands there with what did not fit, so that it is summed up in time', () => {
    const { stands } = transcriptOf(
      [1, 2, 3, 4, 5, 6].map((seq) => user(seq)),
      LIMITS,
    )
    assert.equal(stands.messages, 6)
    assert.equal(isFull({ messages: 17, tokens: 4_499 }, MEMORY_LIMITS), false)
    assert.equal(isFull({ messages: 18, tokens: 0 }, MEMORY_LIMITS), true)
    assert.equal(isFull({ messages: 1, tokens: 4_500 }, MEMORY_LIMITS), true)
  })
})
