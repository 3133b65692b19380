import assert from 'node:assert/strict'
import { spreadOver } from '../../server/infra/spread-over.ts'

describe('What is spread over a time', () => {
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index)

  it('is done once to each, in their order, and not to many at once', async () => {
    const done: number[] = []
    const groups: number[] = []
    const spreading = spreadOver(numbers(300), 300, (one) => {
      if (done.length === 0) queueMicrotask(() => groups.push(done.length))
      done.push(one)
    })
    await spreading
    assert.deepEqual(done, numbers(300))
    assert.deepEqual(groups, [50])
  })

  it('is done at once where they are few, or none', async () => {
    const done: number[] = []
    void spreadOver(numbers(20), 3_000, (one) => done.push(one))
    assert.equal(done.length, 20)
    await spreadOver([], 3_000, () => assert.fail('there is nobody'))
  })
})
