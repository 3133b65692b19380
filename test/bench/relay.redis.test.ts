import assert from 'node:assert/strict'
import type { Bench } from '../../bench/bench.ts'
import { contendersOf, type ContenderName } from '../../bench/contenders.ts'
import { ratioOf } from '../../bench/figures.ts'
import { runRounds, type Rounds } from '../../bench/scenarios/rounds.ts'
import { openSurroundings } from '../../bench/surroundings.ts'
import { programOf } from '../support/program.ts'

/**
 * Short, on whatever machine, beside whatever else it does: what trips these bounds is no noise. The gates themselves
 * are tried by `npm run bench`.
 */
const SETTINGS = { streams: 60, rate: 50, ramp: 0.2, warmUp: 0.3, seconds: 1, rounds: 2 }
const BOUNDS = { limit: 3, usual: 0.9 }

describe('A relay of sixty streams', function () {
  this.timeout(90_000)

  /** Without a Postgres to make databases on, Parlor brings its own, and the usual way has none. */
  const hasPostgres = process.env['TEST_DATABASE_URL'] !== undefined
  const ours = hasPostgres ? 'parlor' : 'parlor-alone'
  const names: ContenderName[] = ['limit', ours, ...(hasPostgres ? (['usual'] as const) : [])]
  let came: Rounds

  before(async () => {
    const surroundings = await openSurroundings()
    const { options, file } = programOf('server/main.ts')
    const bench: Bench = {
      contenders: contendersOf([...options, file]),
      surroundings,
      measured: 'anywhere',
      beside: 'anywhere',
      nodeOptionsOf: () => [],
      say: () => undefined,
    }
    try {
      came = await runRounds(bench, names, SETTINGS)
    } finally {
      await surroundings.close()
    }
  })

  const cpuOf = (name: ContenderName) => (came.get(name) ?? []).map((round) => round.cpuPerToken)

  it('brings every token to its visitor once, in order and whole, whoever relays it', () => {
    const faults = names.flatMap((name) =>
      came.get(name)!.flatMap((round) => round.faults.map((fault) => `${name}: ${fault}`)),
    )
    assert.deepEqual(faults, [])
  })

  it('costs at most three times the CPU of the least that can be done with a token', () => {
    const { least } = ratioOf(cpuOf(ours), cpuOf('limit'))
    assert.ok(least <= BOUNDS.limit, `${least.toFixed(2)} times the limit`)
  })

  if (hasPostgres)
    it('costs less CPU than what people build by hand', () => {
      const { least } = ratioOf(cpuOf(ours), cpuOf('usual'))
      assert.ok(least <= BOUNDS.usual, `${least.toFixed(2)} times the usual way`)
    })
})
