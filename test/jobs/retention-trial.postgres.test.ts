import assert from 'node:assert/strict'
import pg from 'pg'
import { retain } from '../../server/jobs/retention/retention.ts'
import { openAgain, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { tryRetention } from './retention-trial.ts'

describe('A pass over 200,000 messages of 60 days', function () {
  this.timeout(120_000)
  let place: TestDatabase
  before(async () => {
    place = await openTestDatabase({ pool: 3 })
  })
  after(() => place.close())

  it('killed at ten points ends right: totals agree to the token, and history reads as before', async () => {
    await tryRetention(place.database, {
      ...{ messages: 200_000, days: 60, seed: 11, kills: 10 },
      pass: (kill) => runKilled(place, kill),
      tell: () => undefined,
    })
  })
})

describe('Passes of two machines at once', function () {
  this.timeout(120_000)
  let places: TestDatabase[]
  beforeEach(async () => {
    const place = await openTestDatabase({ pool: 3 })
    const other = await openAgain(place, 3)
    places = [{ database: other, close: () => other.close() }, place]
  })
  afterEach(async () => {
    for (const one of places) await one.close()
  })

  it('that take each other for lost do what one would do', async () => {
    await tryRetention(places[1]!.database, {
      ...{ messages: 6_000, days: 60, seed: 1, kills: 0 },
      pass: async () => {
        const [other, one] = places.map(({ database }) => ({ database, lostAfter: 0 }))
        let second: ReturnType<typeof retain> | undefined
        const first = await retain({ ...one!, onProgress: () => void (second ??= retain(other!)) })
        assert.deepEqual([first.state, (await second)?.state], ['done', 'done'])
        return 'done'
      },
      tell: () => undefined,
    })
  })
})

/** Where it is killed, all connections of its database are cut: what it had begun and not committed is lost. */
async function runKilled({ database, url }: TestDatabase, kill: { steps: number; ms: number } | null) {
  let steps = kill?.steps ?? Infinity
  const cutting: Promise<void>[] = []
  try {
    await retain({
      database,
      lostAfter: 0,
      onProgress: (_what, count) => {
        // A cut between two statements is mended by the next connection.
        if (cutting.length > 0) throw new Error('killed')
        if (count > 0 && --steps === -1) cutting.push(cut(url!, kill!.ms))
      },
    })
    return 'done'
  } catch (error) {
    if (kill === null) throw error
    return 'killed'
  } finally {
    await Promise.all(cutting)
  }
}

async function cut(url: string, ms: number): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const client = new pg.Client({ connectionString: new URL('/postgres', url).href })
  await client.connect()
  try {
    const others = 'pid <> pg_backend_pid() AND datname = $1'
    // By the server's clock, so that it falls into the middle of a statement.
    await client.query('SELECT pg_sleep($1::float / 1000)', [ms])
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`, [name])
  } finally {
    await client.end()
  }
}
