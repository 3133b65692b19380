import assert from 'node:assert/strict'
import { openTestDatabase, type TestDatabase } from '../support/databases.ts'
import { PLANTS, type PlantedFault } from './plants.ts'
import type { Plant } from './plant.ts'
import { isTakenOverBeforeItsEndIsHeardOf, isTakenOverBehindAnEnd } from './plays.ts'
import { Scene } from './scene.ts'

const QUIET_WITHIN = 20_000
/** A planted fault may leave a turn open for ever; that too is a breach. */
const QUIET_WITHIN_WHEN_PLANTED = 500
const BREACHES_SHOWN = 5

describe('The checker of the heart', function () {
  this.timeout(60_000)
  let place: TestDatabase

  before(async () => {
    place = await openTestDatabase()
  })
  after(() => place.close())

  for (const [name, fault] of Object.entries(PLANTS)) {
    it(`finds ${name}`, async () => {
      const sound = await play(fault, null)
      assert.deepEqual(sound.breaches, [])
      assert.equal(sound.error, null)
      const { breaches, error } = await play(fault, fault)
      assert.ok(
        breaches.some((breach) => breach.startsWith(`${fault.breaks}: `)),
        `not found (${String(error)}); what was: ${JSON.stringify(breaches.slice(0, BREACHES_SHOWN), null, 2)}`,
      )
    })
  }

  for (const [name, known] of Object.entries({
    'the owner hears of its own end': isTakenOverBeforeItsEndIsHeardOf,
    'the answer that was ended before is told': isTakenOverBehindAnEnd,
  }))
    it(`finds nothing where an agent would join before ${name}`, async () => {
      const { breaches, error } = await play({ play: known }, null)
      assert.deepEqual([breaches, error], [[], null])
    })

  /** What is wrong after the play; where a fault is planted, the play itself may break on it. */
  async function play(
    fault: Pick<PlantedFault, 'play' | 'without'>,
    plant: Plant | null,
  ): Promise<{ breaches: string[]; error: unknown }> {
    const scene = await Scene.open(place, plant)
    const rule = plant && fault.without ? await drop(fault.without) : null
    try {
      const error = await fault.play(scene).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      return { breaches: await scene.breaches(plant ? QUIET_WITHIN_WHEN_PLANTED : QUIET_WITHIN), error }
    } finally {
      await scene.close()
      await place.database.sequelize.query(
        'TRUNCATE conversations, messages, message_receipts, turns, turn_steps, nodes, audit_log, api_usage, usage_by_model, tool_confirmations CASCADE',
      )
      if (rule) await place.database.sequelize.query(rule)
    }
  }

  /** Drops a constraint; gives the statement that adds it again. */
  async function drop({ table, constraint }: NonNullable<PlantedFault['without']>): Promise<string> {
    const [rows] = await place.database.sequelize.query(
      `SELECT pg_get_constraintdef(oid) AS rule FROM pg_constraint WHERE conname = $1`,
      { bind: [constraint] },
    )
    const { rule } = (rows as { rule: string }[])[0]!
    await place.database.sequelize.query(`ALTER TABLE ${table} DROP CONSTRAINT ${constraint}`)
    return `ALTER TABLE ${table} ADD CONSTRAINT ${constraint} ${rule}`
  }
})
