import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createCheckpoints, type Attempt } from '../../server/conversation/checkpoints.ts'
import { eventually } from '../support/eventually.ts'
import { MemoryPieces } from '../support/memory-pieces.ts'

const HOUR = 3_600_000
/** So long that nothing is kept by time alone. */
const NEVER = 60_000
const LIMITS = { every: 20, together: 5, upTo: 1_024, keptFor: HOUR, readWithin: 500 }
const attempt: Attempt = {
  to: { client_id: 'client', session_id: 'session', conversation_id: 'c1' },
  turn: 4,
  attempt: 2,
  epoch: 1,
}

describe('What a running reply has said', () => {
  let pieces: MemoryPieces
  beforeEach(() => (pieces = new MemoryPieces()))

  const open = (limits: Partial<typeof LIMITS> = {}) => {
    const checkpoints = createCheckpoints(pieces, { ...LIMITS, ...limits })
    return { checkpoints, reply: checkpoints.open(attempt) }
  }

  it('is kept after a while, under the conversation, and not for ever', async () => {
    const { checkpoints, reply } = open()
    reply.keep('Hello', 7)
    assert.equal(pieces.puts.length, 0)
    await eventually(() => assert.equal(pieces.puts.length, 1))
    assert.deepEqual([pieces.puts[0]?.key, pieces.puts[0]?.ttlMs], ['reply:c1', HOUR])
    assert.deepEqual(await checkpoints.last(attempt), { text: 'Hello', answersTo: 7 })
    reply.close()
  })

  it('is kept at once where it is a kilobyte more, and each character is written once', async () => {
    const { checkpoints, reply } = open({ every: NEVER })
    let said = ''
    for (let kilobyte = 1; kilobyte <= 30; kilobyte++) {
      for (let word = 0; word < 64; word++) reply.keep((said += `${word}`.padEnd(16, '.')), 7)
      await eventually(() => assert.equal(pieces.puts.length, kilobyte))
      assert.equal((await checkpoints.last(attempt))?.text, said)
    }
    assert.equal(pieces.puts.map(({ piece }) => piece).join(''), said)
    reply.close()
  })

  it('is written one piece at a time, however slow the writing is', async () => {
    const { reply } = open({ every: NEVER })
    let said = ''
    for (let piece = 0; piece < 20; piece++) reply.keep((said += 'x'.repeat(1_024)), 7)
    await eventually(() => assert.equal(pieces.puts.map(({ piece }) => piece).join(''), said))
    assert.deepEqual(
      pieces.puts.map(({ piece }) => piece.length),
      [1_024, 19 * 1_024],
    )
    reply.close()
  })

  it('is never taken for that of another attempt, turn or epoch', async () => {
    const { checkpoints, reply } = open({ upTo: 1 })
    reply.keep('Hello', 7)
    await eventually(() => assert.equal(pieces.puts.length, 1))
    for (const other of [
      { attempt: 1 },
      { attempt: 22 },
      { turn: 44 },
      { turn: 5 },
      { epoch: 11 },
      { epoch: 0 },
    ])
      assert.equal(await checkpoints.last({ ...attempt, ...other }), null)
    reply.close()
  })

  it('is not spoilt by an owner that thawed: two attempts stand side by side', async () => {
    const { checkpoints, reply } = open({ upTo: 1 })
    const later = checkpoints.open({ ...attempt, attempt: 3 })
    reply.keep('I was fro', 7)
    later.keep('I am alive', 7)
    await eventually(() => assert.equal(pieces.puts.length, 2))
    reply.keep('I was frozen', 7)
    await eventually(() => assert.equal(pieces.puts.length, 3))
    assert.equal((await checkpoints.last({ ...attempt, attempt: 3 }))?.text, 'I am alive')
    assert.equal((await checkpoints.last(attempt))?.text, 'I was frozen')
    reply.close()
    later.close()
  })

  it('is kept anew, whole, where what was kept is gone', async () => {
    const { checkpoints, reply } = open({ upTo: 1 })
    reply.keep('One, ', 7)
    await eventually(() => assert.equal(pieces.puts.length, 1))
    pieces.lose()
    reply.keep('One, two.', 7)
    await eventually(async () => assert.equal((await checkpoints.last(attempt))?.text, 'One, two.'))
    assert.equal(pieces.puts.at(-1)?.ttlMs, HOUR)
    reply.close()
  })

  it('waits for who keeps it to be back, without pressing, and counts what failed', async () => {
    const { checkpoints, reply } = open({ upTo: 1 })
    pieces.isAway = true
    let said = ''
    const began = performance.now()
    for (let piece = 0; piece < 200; piece++) {
      reply.keep((said += 'x'), 7)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.equal(await checkpoints.last(attempt), null)
    await eventually(() => assert.ok(checkpoints.failures >= 2))
    const most = (performance.now() - began) / LIMITS.every + 1
    assert.ok(checkpoints.failures <= most, `${checkpoints.failures} tries`)
    pieces.isAway = false
    await eventually(async () => assert.equal((await checkpoints.last(attempt))?.text, said))
    reply.close()
  })

  it('is forgotten once the turn has ended, and not written after it', async () => {
    const { checkpoints, reply } = open({ upTo: 1 })
    reply.keep('Hello', 7)
    await eventually(() => assert.equal(pieces.puts.length, 1))
    reply.drop()
    reply.keep('Hello again', 7)
    assert.equal(await checkpoints.last(attempt), null)
    assert.equal(pieces.kept.size, 0)
  })

  it('costs nothing where a reply is over before it was time', () => {
    const reply = createCheckpoints(pieces, LIMITS).open({ ...attempt, attempt: 1 })
    reply.keep('Yes.', 7)
    pieces.kept.set('reply:c1', { untouched: '' })
    reply.drop()
    assert.equal(pieces.kept.size, 1)
  })

  it('is put together from pieces that overlap, up to the first hole', async () => {
    const whole = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    const cuts = fc.array(fc.tuple(fc.nat(60), fc.nat(60)), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(whole, cuts, async (text, spans) => {
        const kept: Record<string, string> = {}
        let reached = 0
        for (const [from, to] of spans) kept[`4.2.1.7.${from}`] = text.slice(from, Math.max(from, to))
        for (const [from] of [...spans].sort(([a], [b]) => a - b)) {
          if (from > reached) break
          reached = Math.max(reached, from + (kept[`4.2.1.7.${from}`]?.length ?? 0))
        }
        pieces.kept.set('reply:c1', kept)
        const said = await createCheckpoints(pieces).last(attempt)
        assert.equal(said?.text ?? '', text.slice(0, reached))
      }),
      { seed: 2026, numRuns: 300 },
    )
  })
})
