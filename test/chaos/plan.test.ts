import assert from 'node:assert/strict'
import { answerTo, questionOf } from './answers.ts'
import { planFaults } from './plan.ts'
import { Random } from '../heart/random.ts'

describe('The plan of a chaos run', () => {
  const settings = { seed: 7, seconds: 300, database: 'postgres' } as const

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(planFaults(settings), planFaults(settings))
    assert.notDeepEqual(planFaults(settings), planFaults({ ...settings, seed: 8 }))
  })

  it('has twenty kills and every other fault when it is long', () => {
    const plan = planFaults(settings)
    assert.equal(plan.filter(({ kind }) => kind === 'kill').length, 20)
    assert.equal(new Set(plan.map(({ kind }) => kind)).size, 9)
  })

  it('leaves Postgres alone where there is none', () => {
    const plan = planFaults({ ...settings, database: 'embedded' })
    assert.ok(plan.every(({ kind }) => !kind.includes('postgres')))
  })

  it('has answers that tell which message they answer', () => {
    const question = questionOf('v1.3', new Random(1))
    assert.ok(answerTo(question).join('').startsWith('canary [v1.3] '))
    assert.deepEqual(answerTo(`Another [v1.2]?\n${question}`), answerTo(question))
    assert.notDeepEqual(answerTo('canary [v1.4] ?').slice(1), answerTo(question).slice(1))
  })
})
