import assert from 'node:assert/strict'
import { openAgain, openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { beginNode } from './begin-node.ts'
import { ENOUGH, runChaos } from './run-chaos.ts'

const SEED = 2026
const SECONDS = 5
const CONNECTIONS_OF_A_NODE = 4

describe('The heart, under every fault', () => {
  let place: TestDatabase

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  it('gives each message that it acked exactly one answer', async function () {
    this.timeout(120_000)
    const { breaches, counts } = await runChaos({
      seed: SEED,
      seconds: SECONDS,
      conversations: place.url ? 30 : 12,
      nodes: 4,
      faultEvery: 600,
      quietWithin: 60_000,
      database: place.database,
      begin: async (witness, random, name) => {
        const own = place.url ? await openAgain(place, CONNECTIONS_OF_A_NODE) : null
        const database = own ?? place.database
        return beginNode(database, {
          witness,
          random,
          name,
          plant: null,
          close: () => own?.close() ?? Promise.resolve(),
        })
      },
    })
    assert.deepEqual(breaches, [], `seed ${SEED}`)
    assert.ok((counts['complete'] ?? 0) >= ENOUGH, JSON.stringify(counts))
  })
})
