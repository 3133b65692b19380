import assert from 'node:assert/strict'
import { Saturation } from '../../server/conversation/saturation.ts'
import { LoopDelay } from '../../server/infra/loop-delay.ts'
import { eventually } from '../support/eventually.ts'

describe('A process', () => {
  const at = (limits: { atOnce: number; loopDelay: number }) => {
    const now = { turns: 0, late: 0 }
    const saturation = new Saturation({ limits, runningTurns: () => now.turns, loopDelay: () => now.late })
    return { now, saturation }
  }

  it('has too much to do from its limit of turns on, until a tenth of them has ended', () => {
    const { now, saturation } = at({ atOnce: 100, loopDelay: 0 })
    const busyAt = (turns: number) => ((now.turns = turns), saturation.isBusy)
    assert.deepEqual([99, 100, 99, 91, 90, 89, 90, 99, 100].map(busyAt), [
      ...[false, true, true, true, true],
      ...[false, false, false, true],
    ])
  })

  it('has too much to do where its loop is late, until it is half as late', () => {
    const { now, saturation } = at({ atOnce: 100, loopDelay: 500 })
    const busyAt = (late: number) => ((now.late = late), saturation.isBusy)
    assert.deepEqual([0, 499, 500, 300, 250, 249, 499].map(busyAt), [
      ...[false, false, true, true],
      ...[true, false, false],
    ])
  })

  it('may be told not to mind how late its loop is', () => {
    const { now, saturation } = at({ atOnce: 100, loopDelay: 0 })
    now.late = 60_000
    assert.equal(saturation.isBusy, false)
  })

  it('says when to come again, each time another time, and counts whom it has turned away', () => {
    const { saturation } = at({ atOnce: 1, loopDelay: 0 })
    const times = Array.from({ length: 100 }, () => saturation.turnAway())
    assert.ok(times.every((ms) => Number.isInteger(ms) && ms >= 1_000 && ms <= 3_000))
    assert.ok(new Set(times).size > 50)
    assert.equal(saturation.turnedAway, 100)
  })

  it('finds out how late its loop is', async function () {
    this.timeout(60_000)
    const loop = new LoopDelay()
    loop.start()
    const hold = setInterval(() => {
      for (const until = performance.now() + 150; performance.now() < until;);
    }, 1)
    await eventually(() => assert.ok(loop.ms > 100, `${loop.ms} ms late`))
    clearInterval(hold)
    await eventually(() => assert.ok(loop.ms < 100, `${loop.ms} ms late`))
    loop.stop()
  })
})
