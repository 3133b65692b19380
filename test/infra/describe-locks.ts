import assert from 'node:assert/strict'
import { describe, it } from 'mocha'
import type { Locks } from '../../server/infra/locks.ts'
import { eventually } from '../support/eventually.ts'

const LONG = 60_000

/** What all locks must do, whatever keeps them. `open` gives some that nobody holds. */
export function describeLocks(what: string, open: () => Locks | Promise<Locks>): void {
  describe(`locks ${what}`, () => {
    it('are taken by one of many', async () => {
      const locks = await open()
      const owners = Array.from({ length: 50 }, (_, index) => `owner ${index}`)
      const taken = await Promise.all(owners.map((owner) => locks.take('a', owner, LONG)))
      assert.equal(taken.filter(Boolean).length, 1)
      assert.equal(await locks.take('b', 'somebody else', LONG), true)
    })

    it('are not taken twice, also not by who has them', async () => {
      const locks = await open()
      assert.equal(await locks.take('a', 'me', LONG), true)
      assert.equal(await locks.take('a', 'me', LONG), false)
    })

    it('are let go by their owner only', async () => {
      const locks = await open()
      await locks.take('a', 'me', LONG)
      await locks.release('a', 'you')
      await locks.release('never', 'me')
      assert.equal(await locks.take('a', 'you', LONG), false)
      await locks.release('a', 'me')
      assert.equal(await locks.take('a', 'you', LONG), true)
      await locks.release('a', 'me')
      assert.equal(await locks.renew('a', 'you', LONG), true)
    })

    it('lapse, and are renewed by their owner only', async () => {
      const locks = await open()
      await locks.take('b', 'me', 500)
      // Taken later, it lapses later, too.
      await locks.take('a', 'me', 500)
      assert.equal(await locks.renew('b', 'you', LONG), false)
      assert.equal(await locks.renew('b', 'me', LONG), true)
      await eventually(async () => assert.equal(await locks.take('a', 'you', LONG), true))
      assert.equal(await locks.renew('a', 'me', LONG), false)
      assert.equal(await locks.take('b', 'you', LONG), false)
    })
  })
}
