import assert from 'node:assert/strict'
import { AnswerCheck } from '../../bench/load/answer-check.ts'
import { stampedToken } from '../../bench/provider/stamp.ts'

/** Answers of three tokens. */
const token = (number: number) => stampedToken({ number, at: 100 + number, isLast: number === 2 })

describe('The check of an answer', () => {
  function check(pieces: [text: string, offset: number | null, attempt?: number][], whole: string | null) {
    const answer = new AnswerCheck()
    const stamps: number[] = []
    for (const [text, offset, attempt = null] of pieces)
      answer.take({ kind: 'piece', text, offset, attempt }, (at) => stamps.push(at))
    answer.end(whole)
    return { faults: answer.faults, restarts: answer.restarts, stamps }
  }
  const [a, b, c] = [token(0), token(1), token(2)] as const
  const whole = a + b + c

  it('finds nothing wrong with pieces that are cut anywhere, and reads every stamp once', () => {
    const pieces: [string, number][] = [
      [whole.slice(0, 2), 0],
      [whole.slice(2, 9), 2],
      [whole.slice(9), 9],
    ]
    assert.deepEqual(check(pieces, whole), { faults: [], restarts: 0, stamps: [100, 101, 102] })
  })

  it('finds a token that is missing', () => {
    const { faults } = check([[a, null], [c, null]], null) // prettier-ignore
    assert.deepEqual(faults, ['token 1 was awaited, 2 came'])
  })

  it('finds a token that comes twice', () => {
    const { faults } = check([[a + b, null], [b + c, null]], null) // prettier-ignore
    assert.deepEqual(faults, ['token 2 was awaited, 1 came'])
  })

  it('finds a piece at the wrong offset', () => {
    const { faults } = check([[a, 0], [b + c, a.length + 1]], whole) // prettier-ignore
    assert.deepEqual(faults, [`a piece for offset ${a.length + 1} came at ${a.length}`])
  })

  it('finds an answer that is cut off, and one whose whole is something else', () => {
    assert.deepEqual(check([[a + b, 0]], null).faults, ['it ended after 2 tokens, before the last one'])
    assert.deepEqual(check([[whole, 0]], `${whole}.`).faults, ['the whole text is not what was streamed'])
  })

  it('lets a later attempt begin anew, and none come back', () => {
    const anew = check([[a + b, 0, 1], [whole, 0, 2]], whole) // prettier-ignore
    assert.deepEqual([anew.faults, anew.restarts], [[], 1])
    const back = check([[whole, 0, 2], [whole, 0, 1]], whole) // prettier-ignore
    assert.deepEqual(back.faults, ['attempt 1 spoke after 2'])
  })
})
