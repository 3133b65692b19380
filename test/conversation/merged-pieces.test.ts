import assert from 'node:assert/strict'
import { mock } from 'node:test'
import fc from 'fast-check'
import { MERGE_LIMITS, MergedPieces, type Piece } from '../../server/conversation/merged-pieces.ts'

const BEHIND = MERGE_LIMITS.above + 1
const piece = (offset: number, text: string, attempt = 1): Piece => ({ turn: 1, attempt, offset, text })

describe('The pieces of a reply, to one reader', () => {
  let unread: number
  let sent: [offset: number, text: string, mark: number][]
  let pieces: MergedPieces<number>

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout'] })
    ;[unread, sent] = [0, []]
    pieces = new MergedPieces({
      unread: () => unread,
      send: ({ offset, text }, mark) => sent.push([offset, text, mark]),
    })
  })
  afterEach(() => mock.timers.reset())

  it('leave one by one while it keeps up', () => {
    pieces.tell(piece(0, 'a'), 1)
    pieces.tell(piece(1, 'b'), 2)
    assert.deepEqual(sent, [
      [0, 'a', 1],
      [1, 'b', 2],
    ])
  })

  it('are put together while it is behind, and leave when it has caught up, with the last one’s mark', () => {
    pieces.tell(piece(0, 'a'), 1)
    unread = BEHIND
    pieces.tell(piece(1, 'b'), 2)
    pieces.tell(piece(2, 'c'), 3)
    mock.timers.tick(MERGE_LIMITS.lookEvery * 3)
    assert.deepEqual(sent, [[0, 'a', 1]])
    unread = 0
    mock.timers.tick(MERGE_LIMITS.lookEvery)
    assert.deepEqual(sent.slice(1), [[1, 'bc', 3]])
    pieces.tell(piece(3, 'd'), 4)
    assert.deepEqual(sent.at(-1), [3, 'd', 4])
  })

  it('leave together with the next one, where it caught up before that was noticed', () => {
    unread = BEHIND
    pieces.tell(piece(0, 'a'), 1)
    unread = 0
    pieces.tell(piece(1, 'b'), 2)
    assert.deepEqual(sent, [[0, 'ab', 2]])
    mock.timers.tick(60_000)
    assert.equal(sent.length, 1)
  })

  it('leave before whatever else is to be sent', () => {
    unread = BEHIND
    pieces.tell(piece(0, 'a'), 1)
    pieces.flush()
    assert.deepEqual(sent, [[0, 'a', 1]])
    pieces.flush()
    mock.timers.tick(60_000)
    assert.equal(sent.length, 1)
  })

  it('of another attempt, or after a hole, are not put together', () => {
    unread = BEHIND
    pieces.tell(piece(0, 'a'), 1)
    pieces.tell(piece(0, 'b', 2), 2)
    pieces.tell(piece(5, 'c', 2), 3)
    pieces.flush()
    assert.deepEqual(sent, [
      [0, 'a', 1],
      [0, 'b', 2],
      [5, 'c', 3],
    ])
  })

  it('are not put together without end: the reader that never reads is cut off by what it is sent', () => {
    unread = BEHIND
    for (let offset = 0; offset < MERGE_LIMITS.upTo * 3; offset += 1_024)
      pieces.tell(piece(offset, 'x'.repeat(1_024)), offset)
    assert.deepEqual(
      sent.map(([offset, text]) => [offset, text.length]),
      [0, 1, 2].map((time) => [time * MERGE_LIMITS.upTo, MERGE_LIMITS.upTo]),
    )
  })

  it('come to the same text, whatever the reader does', () => {
    const steps = fc.array(
      fc.tuple(fc.string({ minLength: 1 }), fc.constantFrom('behind', 'up', 'later', 'flush')),
    )
    fc.assert(
      fc.property(steps, (said) => {
        sent = []
        let offset = 0
        for (const [text, then] of said) {
          pieces.tell(piece(offset, text), offset)
          offset += text.length
          if (then === 'later') mock.timers.tick(MERGE_LIMITS.lookEvery)
          else if (then === 'flush') pieces.flush()
          else unread = then === 'behind' ? BEHIND : 0
        }
        pieces.flush()
        let read = ''
        for (const [from, text] of sent) {
          assert.equal(from, read.length)
          read += text
        }
        assert.equal(read, said.map(([text]) => text).join(''))
      }),
      { seed: 2026, numRuns: 200 },
    )
  })
})
