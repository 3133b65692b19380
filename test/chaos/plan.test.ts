import assert from 'node:assert/strict'
import { answerTo, planAnswer, questionOf } from './answers.ts'
import { planFaults } from './plan.ts'
import { Random } from '../heart/random.ts'
import { WAIT_LIMITS } from './waits.ts'

describe('The plan of a chaos run', () => {
  const settings = { seed: 7, seconds: 600, nodes: 3, database: 'postgres' } as const
  const kindsOf = (chosen: Parameters<typeof planFaults>[0]) =>
    new Set(planFaults(chosen).map(({ kind }) => kind))

  it('is the same for the same seed, and another for another', () => {
    assert.deepEqual(planFaults(settings), planFaults(settings))
    assert.notDeepEqual(planFaults(settings), planFaults({ ...settings, seed: 8 }))
  })

  it('has every fault, several kills and rolling restarts when it is long', () => {
    const plan = planFaults(settings)
    assert.equal(kindsOf(settings).size, 13)
    assert.ok(plan.filter(({ kind }) => kind === 'kill').length >= 6)
    assert.ok(plan.filter(({ kind }) => kind === 'rolling restart').length >= 2)
    assert.deepEqual(
      plan.flatMap((fault) => (fault.kind === 'freeze' ? fault.ms : [])).filter((ms) => ms !== 15_000),
      [],
    )
  })

  it('leaves those alone who are measured', () => {
    const plan = planFaults(settings)
    for (const [index, { kind, at }] of plan.entries()) {
      const next = plan[index + 1]
      if (kind in WAIT_LIMITS && next) assert.ok(next.at - at >= 10_000, `${kind} at ${at}`)
    }
  })

  it('has every fault but what takes long when it is short', () => {
    assert.equal(kindsOf({ ...settings, seed: 17, seconds: 20 }).size, 12)
  })

  it('leaves alone what there is not', () => {
    const embedded = kindsOf({ ...settings, nodes: 1, database: 'embedded' })
    assert.ok([...embedded].every((kind) => !/postgres|redis|subscribers|rolling/.test(kind)))
  })

  it('has answers that tell which message they answer', () => {
    const question = questionOf('v1.3', new Random(1))
    assert.ok(answerTo(question).startsWith('canary [v1.3] '))
    assert.equal(answerTo(`Another [v1.2]?\n${question}`), answerTo(question))
    assert.deepEqual(planAnswer(question), planAnswer(question))
    assert.notEqual(answerTo('canary [v1.4] ?').slice(14), answerTo(question).slice(14))
  })
})
