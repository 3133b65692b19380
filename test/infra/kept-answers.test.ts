import assert from 'node:assert/strict'
import { KeptAnswers } from '../../server/infra/kept-answers.ts'

describe('Kept answers', () => {
  let clock = 0
  let asked = 0
  let kept: KeptAnswers<number>
  beforeEach(() => {
    asked = 0
    clock = 1_000
    kept = new KeptAnswers({ ms: 5_000, most: 2, now: () => clock })
  })
  const ask = () => Promise.resolve(++asked)

  it('are asked for once by all who ask while they hold, each under its key', async () => {
    assert.deepEqual(await Promise.all([kept.of('a', ask), kept.of('a', ask), kept.of('b', ask)]), [1, 1, 2])
    clock += 4_999
    assert.equal(await kept.of('a', ask), 1)
    clock += 2
    assert.equal(await kept.of('a', ask), 3)
  })

  it('are not kept where asking failed', async () => {
    await assert.rejects(
      kept.of('a', () => Promise.reject(new Error('away'))),
      /away/,
    )
    assert.equal(await kept.of('a', ask), 1)
  })

  it('are not many, and none after they were cleared', async () => {
    for (const key of ['a', 'b', 'c']) await kept.of(key, ask)
    assert.equal(await kept.of('a', ask), 4)
    kept.clear()
    assert.equal(await kept.of('c', ask), 5)
  })
})
