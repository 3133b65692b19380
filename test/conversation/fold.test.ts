import assert from 'node:assert/strict'
import fc from 'fast-check'
import { describe, it } from 'mocha'
import { foldable, type Weighed } from '../../server/conversation/fold.ts'
import { inPlace } from '../../server/conversation/spoken.ts'

const LIMITS = {
  full: { messages: 18, tokens: 4_500 },
  remain: { messages: 10, tokens: 3_000 },
  gulp: 6_000,
}

/** Questions and answers in turn. */
function talk(count: number, tokens = 10): Weighed[] {
  return Array.from({ length: count }, (_, index) => {
    const seq = index + 1
    const isAnswer = seq % 2 === 0
    return {
      ...{ seq, place: isAnswer ? seq - 1 : seq, role: isAnswer ? 'assistant' : 'user' },
      ...{ content: `${seq}`, tokens },
    }
  })
}

describe('What is summed up next', () => {
  it('is nothing, as long as neither messages nor tokens are too many', () => {
    assert.equal(foldable(talk(17), 17, LIMITS), null)
    assert.equal(foldable(talk(4, 1_000), 4, LIMITS), null)
  })

  it('is the older part, so that what is to remain does', () => {
    const fold = foldable(talk(18), 18, LIMITS)
    assert.deepEqual(
      fold?.messages.map(({ seq }) => seq),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
    assert.equal(fold.upTo, 8)
    assert.equal(foldable(talk(6, 1_000), 6, LIMITS)?.upTo, 4)
  })

  it('is never what has yet to be answered', () => {
    assert.equal(foldable(talk(30), 5, LIMITS)?.upTo, 4)
    assert.equal(foldable(talk(30), 0, LIMITS), null)
  })

  it('is no more than one call may read, but at least one message', () => {
    assert.equal(foldable(talk(40, 700), 40, LIMITS)?.upTo, 8)
    const one = talk(4, 10).map((message) => ({ ...message, tokens: 7_000 }))
    assert.equal(foldable(one, 4, LIMITS)?.upTo, 2)
  })

  it('parts no answer from its question, where one was written while the other streamed', () => {
    // Each question was written while the answer to the one before was still streamed.
    const messages: Weighed[] = [{ seq: 1, place: 1, role: 'user', content: '', tokens: 300 }]
    for (let seq = 2; seq <= 21; seq += 2) {
      messages.push({ seq, place: seq, role: 'user', content: '', tokens: 300 })
      messages.push({
        ...{ seq: seq + 1, place: seq === 2 ? 1 : seq - 2, role: 'assistant' as const },
        ...{ content: '', tokens: 300 },
      })
    }
    const fold = foldable(messages, 20, LIMITS)
    assert.ok(fold)
    const rest = messages.filter(({ seq }) => seq > fold.upTo)
    assert.ok(rest.length <= LIMITS.remain.messages)
  })

  it('is whatever was said a beginning that ends between a reply and a question, where there is such a place', () => {
    const one = fc.record({
      fragments: fc.integer({ min: 1, max: 4 }),
      tokens: fc.integer({ min: 1, max: 900 }),
      byAgent: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 60 }), (exchanges) => {
        const messages: Weighed[] = []
        for (const { fragments, tokens, byAgent } of exchanges) {
          for (let i = 0; i < fragments; i++) {
            const seq = messages.length + 1
            messages.push({ seq, place: seq, role: 'user', content: '', tokens })
          }
          const seq = messages.length + 1
          const place = byAgent ? seq : seq - 1
          messages.push({ seq, place, role: byAgent ? 'agent' : 'assistant', content: '', tokens })
        }
        const fold = foldable(messages, messages.length, LIMITS)
        const tokens = messages.reduce((sum, message) => sum + message.tokens, 0)
        const isFull = messages.length >= LIMITS.full.messages || tokens >= LIMITS.full.tokens
        assert.equal(fold !== null, isFull)
        if (!fold) return
        assert.deepEqual(
          fold.messages.map(({ seq }) => seq),
          Array.from({ length: fold.upTo }, (_, index) => index + 1),
        )
        const [first] = inPlace(messages.slice(fold.upTo))
        assert.ok(first === undefined || first.role === 'user')
      }),
      { seed: 2026, numRuns: 300 },
    )
  })
})
