import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import { createMemoryLocks } from '../../server/infra/locks.ts'
import { describeLocks } from './describe-locks.ts'

describeLocks('in memory', () => createMemoryLocks())

describe('locks in memory', () => {
  it('go by their clock, to the millisecond', async () => {
    let now = 0
    const locks = createMemoryLocks(() => now)
    await locks.take('a', 'me', 30_000)
    now = 29_999
    assert.equal(await locks.take('a', 'you', 30_000), false)
    now = 30_000
    assert.equal(await locks.renew('a', 'me', 30_000), false)
    assert.equal(await locks.take('a', 'you', 30_000), true)
  })
})
