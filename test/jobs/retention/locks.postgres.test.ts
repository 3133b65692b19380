import assert from 'node:assert/strict'
import { after, before, describe, it } from 'mocha'
import pg from 'pg'
import { retain } from '../../../server/jobs/retention/retention.ts'
import { openTestDatabase, type TestDatabase } from '../../support/databases.ts'
import { eventually } from '../../support/eventually.ts'
import { seedHistory } from '../long-history.ts'

describe('A day of messages that somebody reads', function () {
  this.timeout(60_000)
  let place: TestDatabase
  let reader: pg.Client
  let visitor: pg.Client
  before(async () => {
    place = await openTestDatabase({ pool: 3 })
    await seedHistory(place.database, { messages: 300, days: 32 })
    reader = new pg.Client({ connectionString: place.url! })
    visitor = new pg.Client({ connectionString: place.url! })
    await reader.connect()
    await visitor.connect()
  })
  after(async () => {
    await reader.end()
    await visitor.end()
    await place.close()
  })

  const isAskedFor = async () => {
    const { rowCount } = await visitor.query(
      `SELECT FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock' AND database = (
         SELECT oid FROM pg_database WHERE datname = current_database())`,
    )
    assert.ok(rowCount)
  }

  it('is dropped when that is over; until then the pass asks again, and holds up nobody for longer than a moment', async () => {
    await reader.query('BEGIN')
    await reader.query('SELECT count(*) FROM messages')
    const passed = retain({ database: place.database })
    await eventually(isAskedFor)
    // Behind a lock that is waited for, this one would wait until the reader is done, which is never.
    await visitor.query("SET lock_timeout = '5s'")
    for (let time = 0; time < 3; time++) {
      await eventually(isAskedFor)
      await visitor.query('SELECT count(*) FROM messages')
    }
    await reader.query('COMMIT')
    const outcome = await passed
    assert.ok(outcome.state === 'done')
    assert.ok(outcome.partitions.length > 0)
  })
})
