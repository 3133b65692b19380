import assert from 'node:assert/strict'
import { availableParallelism } from 'node:os'
import { readConfig } from '../../server/config/config.ts'
import { ConfigError, type ConfigFault } from '../../server/config/fault.ts'
import { Variables } from '../../server/config/variables.ts'
import { engineFor } from '../../server/config/workers.ts'
import { SHARED_SECRETS } from '../support/shared-secrets.ts'

const WITHOUT_REDIS = { ...SHARED_SECRETS, DATABASE_URL: 'postgres://db/parlor' }
const SHARED = { ...WITHOUT_REDIS, REDIS_URL: 'redis://cache' }

describe('The number of workers', () => {
  it('is one where nothing is said', () => {
    assert.equal(readConfig({}).workers, 1)
    assert.equal(readConfig(SHARED).workers, 1)
  })

  it('is one for each core with auto, where there is a Postgres and a Redis to share', () => {
    assert.equal(readConfig({ ...SHARED, WORKERS: 'auto' }).workers, availableParallelism())
    assert.equal(readConfig({ ...WITHOUT_REDIS, WORKERS: 'auto' }).workers, 1)
    assert.equal(readConfig({ REDIS_URL: SHARED.REDIS_URL, WORKERS: 'auto' }).workers, 1)
  })

  it('cannot be more than one without both, which is told beside all other faults', () => {
    assert.equal(readConfig({ ...SHARED, WORKERS: '3' }).workers, 3)
    const problem = 'is not set'
    assert.deepEqual(faultsOf({ WORKERS: '3', PORT: 'x' }), [
      {
        variable: 'DATABASE_URL',
        problem,
        expected: 'a Postgres that all workers share, since WORKERS is 3',
      },
      { variable: 'REDIS_URL', problem, expected: 'a Redis that all workers share, since WORKERS is 3' },
      { variable: 'PORT', problem: 'is "x"', expected: 'a whole number from 0 to 65535' },
    ])
    assert.deepEqual(
      faultsOf({ ...WITHOUT_REDIS, WORKERS: '2' }).map(({ variable }) => variable),
      ['REDIS_URL'],
    )
    assert.equal(readConfig({ WORKERS: '1' }).workers, 1)
  })

  for (const wrong of ['0', '-1', '1.5', '129', 'all'])
    it(`is not ${wrong}`, () => {
      const [fault] = faultsOf({ ...SHARED, WORKERS: wrong })
      assert.deepEqual(
        [fault?.variable, fault?.expected],
        ['WORKERS', 'auto, or a whole number from 1 to 128'],
      )
    })

  it('decides the engine where the system does not spread one port over processes', () => {
    const variables = new Variables({})
    const on = (platform: NodeJS.Platform, engine: 'auto' | 'uws' | 'node', workers: number) =>
      engineFor(variables, { engine, workers }, platform)
    assert.deepEqual([on('linux', 'auto', 2), on('linux', 'uws', 2)], ['auto', 'uws'])
    assert.deepEqual([on('darwin', 'auto', 1), on('darwin', 'auto', 2)], ['auto', 'node'])
    assert.equal(variables.faults.length, 0)
    on('darwin', 'uws', 2)
    assert.match(variables.faults[0]?.expected ?? '', /auto or node/)
  })
})

function faultsOf(env: Record<string, string>): readonly ConfigFault[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.faults
    throw error
  }
  return []
}
