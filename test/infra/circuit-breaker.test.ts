import assert from 'node:assert/strict'
import fc from 'fast-check'
import { CircuitBreaker, type BreakerLimits, type Pass } from '../../server/infra/circuit-breaker.ts'

const LIMITS: BreakerLimits = {
  failures: 3,
  firstPause: 1_000,
  longestPause: 5_000,
  patience: 2_000,
  longestAsked: 60_000,
}

describe('A circuit breaker', () => {
  let now: number
  let told: string[]
  let breaker: CircuitBreaker
  beforeEach(() => {
    now = 0
    told = []
    breaker = make(0.5)
  })

  /** With the middle of all chances a pause is as long as the limits say. */
  function make(chance: number): CircuitBreaker {
    return new CircuitBreaker({
      limits: LIMITS,
      now: () => now,
      random: () => chance,
      onChange: (state, pause) => told.push(state === 'open' ? `open ${Math.round(pause)}` : state),
    })
  }

  const pass = (): Pass => {
    const entered = breaker.enter()
    assert.ok(entered, 'it was refused')
    return entered
  }
  const fail = (times: number, askedMs?: number) => {
    for (let i = 0; i < times; i++) pass().failed(askedMs)
  }

  it('opens after so many failures in a row, and refuses at once', () => {
    fail(2)
    assert.equal(breaker.state, 'closed')
    fail(1)
    assert.deepEqual([breaker.state, breaker.enter(), breaker.pauseLeft], ['open', null, 1_000])
    assert.deepEqual(told, ['open 1000'])
  })

  it('stays closed where every second call fails, and where callers give up', () => {
    for (let i = 0; i < 20; i++) {
      pass().failed()
      pass().succeeded()
    }
    for (let i = 0; i < 20; i++) pass().abandoned()
    assert.deepEqual([breaker.state, told], ['closed', []])
  })

  it('counts failures of calls that run side by side', () => {
    const passes = [pass(), pass(), pass(), pass()]
    for (const each of passes) each.failed()
    assert.deepEqual(told, ['open 1000'])
  })

  it('lets one probe through after the pause, and nobody beside it', () => {
    fail(3)
    now = 999
    assert.equal(breaker.enter(), null)
    now = 1_000
    const probe = pass()
    assert.deepEqual([breaker.state, breaker.enter()], ['half_open', null])
    probe.succeeded()
    assert.equal(breaker.state, 'closed')
    pass()
    pass()
    assert.deepEqual(told, ['open 1000', 'closed'])
  })

  it('doubles its pause with each probe that fails, up to the longest, and begins anew once it was well', () => {
    fail(3)
    for (const pause of [2_000, 4_000, 5_000, 5_000]) {
      now += breaker.pauseLeft
      pass().failed()
      assert.equal(breaker.pauseLeft, pause)
    }
    now += breaker.pauseLeft
    pass().succeeded()
    fail(3)
    assert.equal(breaker.pauseLeft, 1_000)
  })

  it('sends another probe where the first was given up', () => {
    fail(3)
    now = 1_000
    pass().abandoned()
    assert.equal(breaker.state, 'open')
    pass().succeeded()
    assert.equal(breaker.state, 'closed')
  })

  it('lets others through as soon as the probe is alive, but opens for longer when it fails after all', () => {
    fail(3)
    now = 1_000
    const probe = pass()
    probe.alive()
    pass()
    probe.failed()
    assert.deepEqual([breaker.state, breaker.pauseLeft], ['open', 2_000])
    now = 3_000
    const second = pass()
    second.alive()
    second.succeeded()
    fail(2)
    assert.equal(breaker.state, 'closed')
  })

  it('leaves alone at once, for as long, who asks for more than a short pause', () => {
    breaker = make(0)
    fail(1, 30_000)
    assert.deepEqual([breaker.state, breaker.pauseLeft], ['open', 30_000])
    now = 30_000
    pass().failed(3_600_000)
    assert.equal(breaker.pauseLeft, 60_000)
  })

  it('waits as long as it was asked to when it opens for other reasons', () => {
    fail(2, 2_000)
    assert.equal(breaker.state, 'closed')
    fail(1, 2_000)
    assert.ok(breaker.pauseLeft >= 2_000)
  })

  it('hears nothing of what began before it opened, and nothing twice', () => {
    const [early, late] = [pass(), pass()]
    fail(3)
    late.succeeded()
    assert.equal(breaker.state, 'open')
    now = 1_000
    const probe = pass()
    early.failed()
    assert.equal(breaker.state, 'half_open')
    probe.succeeded()
    probe.failed()
    probe.alive()
    assert.equal(breaker.state, 'closed')
    fail(2)
    assert.equal(breaker.state, 'closed')
  })

  it('never lets a call through in a pause, nor two probes at once, whatever happens', () => {
    const step = fc.record({
      what: fc.constantFrom('enter', 'alive', 'succeeded', 'failed', 'asks', 'abandoned', 'wait'),
      which: fc.nat(5),
      ms: fc.nat(3_000),
    })
    const property = fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (steps, chance) => {
        now = 0
        breaker = make(chance)
        const under: Pass[] = []
        for (const { what, which, ms } of steps) {
          if (what === 'wait') now += ms
          else if (what === 'enter') {
            const [state, left] = [breaker.state, breaker.pauseLeft]
            const entered = breaker.enter()
            assert.equal(entered !== null, state === 'closed' || (state === 'open' && left === 0))
            if (entered) under.push(entered)
          } else if (what === 'asks') under[which]?.failed(ms)
          else under[which]?.[what]()
          assert.ok(breaker.pauseLeft <= 60_000 * 1.25)
        }
        for (const each of under) each.abandoned()
        now += breaker.pauseLeft
        assert.ok(breaker.lets, 'it never closes again')
      },
    )
    fc.assert(property, { seed: 20261123, numRuns: 300 })
  })
})
