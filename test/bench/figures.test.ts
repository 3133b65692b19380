import assert from 'node:assert/strict'
import { figureOf, ratioOf } from '../../bench/figures.ts'
import { GATES, judge } from '../../bench/gates.ts'

describe('Figures of several rounds', () => {
  it('have a median, a least and a most', () => {
    assert.deepEqual(figureOf([3, 1, 2]), { median: 2, least: 1, most: 3 })
    assert.deepEqual(figureOf([4, 1, 2, 3]), { median: 2.5, least: 1, most: 4 })
  })

  it('are compared round by round, so that a slow round of the machine changes nothing', () => {
    assert.deepEqual(ratioOf([10, 100, 12], [5, 50, 6]), { median: 2, least: 2, most: 2 })
  })

  it('hold a gate by their median', () => {
    assert.ok(judge(GATES.limit, { median: 1.3, least: 1, most: 2 }).holds)
    assert.ok(!judge(GATES.limit, { median: 1.31, least: 1, most: 2 }).holds)
  })
})
