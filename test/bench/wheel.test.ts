import assert from 'node:assert/strict'
import { Wheel } from '../../bench/provider/wheel.ts'

describe('The wheel of the stand-in', () => {
  it('calls every stream once a turn, spread over it, until the stream is done', async () => {
    const wheel = new Wheel(10)
    const began = performance.now()
    const calls: { stream: number; at: number }[] = []
    await new Promise<void>((resolve) => {
      let done = 0
      for (let stream = 0; stream < 20; stream++) {
        let left = 5
        wheel.add(() => {
          calls.push({ stream, at: performance.now() - began })
          left--
          if (left === 0 && ++done === 20) resolve()
          return left === 0
        })
      }
    })
    assert.equal(calls.length, 100)
    assert.ok(calls.at(-1)!.at >= 40, 'five turns of 10 ms take at least four')
    const first = calls.slice(0, 20).map(({ stream }) => stream)
    assert.equal(new Set(first).size, 20, 'nobody is called twice before all others were called')
  })

  it('catches up with what a busy moment has missed', async () => {
    const wheel = new Wheel(5)
    let calls = 0
    await new Promise<void>((resolve) => {
      wheel.add(() => {
        calls++
        if (calls === 1) for (const until = performance.now() + 50; performance.now() < until;);
        if (calls === 8) resolve()
        return calls === 8
      })
    })
    wheel.stop()
    assert.equal(calls, 8)
  })
})
