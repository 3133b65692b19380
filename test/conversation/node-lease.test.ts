import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { TURN_LIMITS } from '../../server/conversation/limits.ts'
import { NodeLease } from '../../server/conversation/node-lease.ts'
import { DatabaseUnavailable, type Database, type Statement } from '../../server/infra/database.ts'
import { silentLog } from '../support/databases.ts'

const LIMITS = { ...TURN_LIMITS, lease: 2_000, renewEvery: 500, silentAfter: 1_500, endRetry: 20 }

/** A database that answers renewals as it is told to; they can be waited for. */
class Renewals extends EventEmitter {
  answer: () => object[] = () => [{ owned: [] }]

  readonly database = {
    exclusive: false,
    run: ({ name }: Statement) => {
      if (name !== 'conversation/renew-lease') return Promise.resolve([])
      setImmediate(() => this.emit('asked'))
      return new Promise<object[]>((resolve) => resolve(this.answer()))
    },
  } as unknown as Database
}

describe('The lease of a node', () => {
  let renewals: Renewals
  let lease: NodeLease
  let lost: number

  beforeEach(async () => {
    renewals = new Renewals()
    lost = 0
    lease = new NodeLease({ database: renewals.database, limits: LIMITS, log: silentLog })
    await lease.start({ owned: () => undefined, lost: () => lost++ })
  })
  afterEach(() => lease.release())

  it('outlives a database that is away for a moment: it is tried again soon', async () => {
    renewals.answer = () => {
      throw new DatabaseUnavailable('restarting')
    }
    await once(renewals, 'asked')
    const failed = performance.now()
    await once(renewals, 'asked')
    const soon = performance.now() - failed
    assert.ok(soon < LIMITS.renewEvery / 2, `it was tried again after ${soon} ms only`)
    renewals.answer = () => [{ owned: [] }]
    await once(renewals, 'asked')
    assert.equal(lost, 0)
    assert.notEqual(lease.claimant(), null)
  })

  it('is had anew soon after it has lapsed', async () => {
    const before = lease.claimant()
    renewals.answer = () => []
    await once(renewals, 'asked')
    assert.equal(lost, 1)
    assert.equal(lease.claimant(), null)
    renewals.answer = () => [{ owned: [] }]
    await once(renewals, 'asked')
    assert.notEqual(lease.claimant(), null)
    assert.notEqual(lease.claimant(), before)
  })
})
